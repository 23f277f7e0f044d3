package secret

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// credentialsDirectory is the variable by which systemd says where a service finds its credentials. The service alone can read them. Their
// group's bit is the mask of an access control list, and can't be taken away.
const credentialsDirectory = "CREDENTIALS_DIRECTORY"

// The permissions of a file to be read by others than its owner.
const (
	groupReads  fs.FileMode = 0o040
	othersRead  fs.FileMode = 0o004
	groupOnly               = "the group of %s can read it, %s; run: chmod g-r %[1]s"
	othersToo               = "every user of the machine can read %s, %s; run: chmod go-r %[1]s"
	othersAlone             = "every user of the machine can read %s, %s; run: chmod o-r %[1]s"
)

// Exposed says, with the fix, that others than the owner can read a file of secrets; "" when it is not so. The second argument goes on
// about the file, such as "which holds tokens".
func Exposed(file, what string) string {
	info, err := os.Stat(file)
	if err != nil || filepath.Dir(file) == os.Getenv(credentialsDirectory) {
		return ""
	}
	switch info.Mode().Perm() & (groupReads | othersRead) {
	case groupReads:
		return fmt.Sprintf(groupOnly, file, what)
	case othersRead:
		return fmt.Sprintf(othersAlone, file, what)
	case groupReads | othersRead:
		return fmt.Sprintf(othersToo, file, what)
	}
	return ""
}

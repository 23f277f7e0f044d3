package secret

import (
	"fmt"
	"io/fs"
	"os"
)

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
	if err != nil {
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

package secret

import "os"

// Exposed says, with the fix, that every user of the machine can read a file of secrets; "" when it is not so. The second
// argument goes on about the file, such as "which holds tokens".
func Exposed(file, what string) string {
	const othersRead = 0o004
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm()&othersRead == 0 {
		return ""
	}
	return "every user of the machine can read " + file + ", " + what + "; run: chmod o-r " + file
}

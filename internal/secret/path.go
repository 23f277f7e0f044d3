package secret

import "strings"

// ShownPath is the path of a file that can't be read, for a message. What doesn't look like one may be a secret that got in its
// place: it is not shown.
func ShownPath(path string) string {
	if strings.HasPrefix(path, "/") || strings.Contains(path, ".") {
		return path
	}
	return "what it says, which must name a file and not be the secret itself,"
}

package connection

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// groupIDPrefix starts an entry that names an Okta group by its id.
const groupIDPrefix = "id:"

var groupIDForm = regexp.MustCompile(`^00g[0-9A-Za-z]{17}$`)

// GroupID is the id in an entry that names an Okta group by it, such as id:00g1a2b3c4d5e6f7g8h9; "" where the entry is a name.
// Imported groups can share a name, and can't be renamed.
func GroupID(entry string) string {
	id, given := strings.CutPrefix(entry, groupIDPrefix)
	if !given || !groupIDForm.MatchString(id) {
		return ""
	}
	return id
}

// group checks an entry that names an Okta group: by its exact name, or by its id.
func (c *checker) group(path, entry string) {
	if strings.HasPrefix(entry, groupIDPrefix) && GroupID(entry) == "" {
		c.fault(path, "is "+shown(entry), "after id: comes the id of a group, which has 20 characters and starts with 00g; a group whose name starts with id: is named by its id too")
		return
	}
	c.groupName(path, entry, "name the group by its id instead, such as id:00g1a2b3c4d5e6f7g8h9")
}

// groupName checks the name of a group, or a part of one. It may have white space at its ends, and characters that join others as
// those of an emoji: people gave such names. They are shown escaped.
func (c *checker) groupName(path, name, instead string) {
	switch bad := strings.IndexFunc(name, neverInGroup); {
	case name == "", !utf8.ValidString(name):
		c.name(path, name)
	case bad >= 0:
		r, _ := utf8.DecodeRuneInString(name[bad:])
		c.fault(path, fmt.Sprintf("is %s, with the character %U, which can't be shown", shown(name), r), instead)
	case strings.TrimSpace(name) == "":
		c.fault(path, "is "+shown(name)+", which is white space alone", instead)
	case utf8.RuneCountInString(name) > MaxTextLength:
		c.fault(path, fmt.Sprintf("has %d characters", utf8.RuneCountInString(name)), fmt.Sprintf("at most %d are accepted", MaxTextLength))
	}
}

// neverInGroup reports whether a character can't be in the name of a group as a document gives it: control characters, line ends, and
// letters that are drawn as nothing.
func neverInGroup(r rune) bool { return unseen(r) && !unicode.Is(unicode.Cf, r) }

package connection

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// groupIDPrefix starts an entry that names an Okta group by its id.
const groupIDPrefix = "id:"

var groupIDForm = regexp.MustCompile(`^00g[0-9A-Za-z]{17}$`)

// GroupID is the id in an entry that names an Okta group by it, such as id:00g1a2b3c4d5e6f7g8h9; "" where the entry is a name.
// Imported groups can share a name, and can't be renamed. What only looks like it is a name: people gave such names.
func GroupID(entry string) string {
	id, given := strings.CutPrefix(entry, groupIDPrefix)
	if !given || !groupIDForm.MatchString(id) {
		return ""
	}
	return id
}

// group checks an entry that names an Okta group: by its exact name, or by its id.
func (c *checker) group(path, entry string) {
	c.groupName(path, entry, "take that out, or name the group by its id, such as id:00g1a2b3c4d5e6f7g8h9")
}

// groupName checks the name of a group, or a part of one. It may have white space at its ends, and what joins the characters of an
// emoji: people gave such names. Both are shown visibly.
func (c *checker) groupName(path, name, instead string) {
	switch bad := strings.IndexFunc(name, neverInGroup); {
	case name == "", !utf8.ValidString(name):
		c.name(path, name)
	case bad >= 0:
		r, _ := utf8.DecodeRuneInString(name[bad:])
		c.fault(path, fmt.Sprintf("is %s, with the invisible character %U", shown(name), r), instead)
	case strings.TrimSpace(name) == "":
		c.fault(path, "is "+shown(name)+", which is white space alone", instead)
	case utf8.RuneCountInString(name) > MaxTextLength:
		c.fault(path, fmt.Sprintf("has %d characters", utf8.RuneCountInString(name)), fmt.Sprintf("at most %d are accepted", MaxTextLength))
	}
}

// neverInGroup reports whether a document can't give a character in the name of a group: it isn't seen, and joins no others.
func neverInGroup(r rune) bool { return unseen(r) && !joins(r) }

// joins reports whether a character joins others, as those of an emoji or of a script, or is one of a flag's tags.
func joins(r rune) bool {
	return r == '\u200c' || r == '\u200d' || r >= '\U000e0020' && r <= '\U000e007f'
}

package connection

import (
	"fmt"
	"net/mail"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	identifierForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)
	domainForm     = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
	uuidForm       = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	pathForm       = regexp.MustCompile(`^[!-.0-~]*(/[!-.0-~]*)*$`)
)

// identifier checks the name of a connection, and those of the credentials that a worker holds.
func (c *checker) identifier(path, value string) {
	switch {
	case value == "":
		c.fault(path, "is missing", "it must be lower-case letters, digits and hyphens, such as acme")
	case len(value) > MaxNameLength:
		c.fault(path, fmt.Sprintf("has %d characters", utf8.RuneCountInString(value)), fmt.Sprintf("at most %d are accepted", MaxNameLength))
	case !identifierForm.MatchString(value):
		c.fault(path, "is "+shown(value), "it must be lower-case letters, digits and hyphens, with a letter or digit at both ends")
	}
}

// name checks a name of at most MaxTextLength characters that people see.
func (c *checker) name(path, value string) { c.text(path, value, MaxTextLength) }

// text checks what people will see and compare: nothing in it may be invisible, or reorder what is around it.
func (c *checker) text(path, value string, most int) {
	switch bad := strings.IndexFunc(value, unseen); {
	case value == "":
		c.fault(path, "is empty", "write something, or take it out")
	case !utf8.ValidString(value):
		c.fault(path, "is "+shown(value)+", which is not UTF-8", "write it in UTF-8")
	case bad >= 0:
		r, _ := utf8.DecodeRuneInString(value[bad:])
		c.fault(path, fmt.Sprintf("is %s, with the invisible character %U", shown(value), r), "take that character out")
	case strings.TrimSpace(value) != value:
		c.fault(path, "is "+shown(value)+", with white space at an end", "take the white space out")
	case utf8.RuneCountInString(value) > most:
		c.fault(path, fmt.Sprintf("has %d characters", utf8.RuneCountInString(value)), fmt.Sprintf("at most %d are accepted", most))
	}
}

// unseen tells characters that can't be seen: control and format characters (bidirectional ones among them), line and
// paragraph separators, and letters that are drawn as nothing.
func unseen(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u034f':
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// email checks one e-mail address.
func (c *checker) email(path, value string) {
	before := len(c.faults)
	if c.name(path, value); len(c.faults) > before {
		return
	}
	address, err := mail.ParseAddress(value)
	if err != nil || address.Address != value || !domainForm.MatchString(value[strings.LastIndex(value, "@")+1:]) {
		c.fault(path, "is "+shown(value), "it must be an e-mail address, such as ceo@acme.example")
	}
}

// domain checks the domain of e-mail addresses.
func (c *checker) domain(path, value string) {
	if len(value) > MaxTextLength || !domainForm.MatchString(value) {
		c.fault(path, "is "+shown(value), "it must be a domain, such as acme.example (in its xn-- form, where it has other letters than a to z)")
	}
}

// application checks an entry that names an Access application: by its domain, which may hold wildcards and end with a
// path, or by its id.
func (c *checker) application(path, value string) {
	if uuidForm.MatchString(value) {
		return
	}
	host, rest, _ := strings.Cut(value, "/")
	host = strings.ReplaceAll(host, "*", "a")
	if len(value) > MaxTextLength || !domainForm.MatchString(host) || !pathForm.MatchString(rest) {
		c.fault(path, "is "+shown(value), "it must be the domain of an Access application, such as wiki.acme.example, or its id")
	}
}

// shown is a value in quotes, what can't be seen escaped, and cut where it is long.
func shown(value string) string {
	const most = 60
	if utf8.RuneCountInString(value) > most {
		return strconv.Quote(string([]rune(value)[:most]) + "…")
	}
	return strconv.Quote(value)
}

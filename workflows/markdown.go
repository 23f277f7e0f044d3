package workflows

import (
	"strings"
	"unicode"
)

const (
	// mostEscaped bounds a text of others in the details, in characters: a signal can be of any length.
	mostEscaped = 2000
	// mostSummary is the longest summary whose marks are escaped, in bytes: Temporal takes no more than 400.
	mostSummary = 300
	// markup are the characters that mean something in Markdown, wherever they stand in a line.
	markup = "\\`*_[]<>!#|~&"
)

// escaped is a text of others, such as a provider's words, a name in a document or what a signal says, as Temporal UI's Markdown shows it:
// letter by letter, on one line. Else it could bring in links, images and headings of its own, or pass for what the run says.
func escaped(text string) string {
	var out strings.Builder
	out.Grow(len(text))
	written := 0
	for i, r := range text {
		if written++; written > mostEscaped {
			out.WriteString("…")
			break
		}
		switch {
		case strings.ContainsRune(markup, r):
			out.WriteByte('\\')
		case r == ':' && strings.HasPrefix(text[i:], "://"), r == '.' && strings.HasSuffix(strings.ToLower(text[:i]), "www"), r == '@':
			out.WriteByte('\\') // Temporal UI makes links of addresses that have no mark
		case !unicode.IsPrint(r):
			r = ' '
		}
		out.WriteRune(r)
	}
	return out.String()
}

// summary is a text of others as the one line that Temporal UI shows of a step, which is Markdown too.
func summary(text string) string {
	if out := escaped(text); len(out) <= mostSummary {
		return out
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(markup, r) || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
}

// Package view turns what is known of runs into what a person reads: lines, tables, and the live view of a terminal.
package view

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// Clean makes a text that came from elsewhere, from a provider above all, safe to print on one line of a terminal: white
// space becomes a space, and what a terminal acts on or what turns the direction of writing is taken out.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && !misleading(r):
			return ' '
		case misleading(r):
			return -1
		}
		return r
	}, text)
}

// CleanLines is Clean for a text that may have several lines.
func CleanLines(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for index, line := range lines {
		lines[index] = Clean(line)
	}
	return strings.Join(lines, "\n")
}

// misleading tells whether a terminal would act on a character (escape sequences) or show its neighbours in another order
// than they are in (directional marks). White space that only moves on is not misleading.
func misleading(r rune) bool {
	if r == '\t' || r == '\n' || r == '\v' || r == '\f' || r == '\r' {
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar
}

// JSON writes a value as indented JSON. Characters that a terminal would act on are escaped, so that a program reads them
// and a terminal doesn't.
func JSON(writer io.Writer, value any) error {
	encoded, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("write the answer as JSON: %w", err)
	}
	var safe strings.Builder
	for _, r := range string(encoded) {
		if r != '\n' && misleading(r) { // inside a text: elsewhere JSON has none
			fmt.Fprintf(&safe, `\u%04x`, r)
			continue
		}
		safe.WriteRune(r)
	}
	_, err = fmt.Fprintln(writer, safe.String())
	return err
}

// Package nearest finds what somebody meant who misspelt a name.
package nearest

import "github.com/agnivade/levenshtein"

// Name is the known name that the fewest edits turn the word into, or "" when none is near: more than two edits, or
// more than a third of the word. Of two as near, the first is taken.
func Name(word string, known []string) string {
	best, fewest := "", min(2, len([]rune(word))/3)+1
	for _, name := range known {
		if edits := levenshtein.ComputeDistance(word, name); edits < fewest {
			best, fewest = name, edits
		}
	}
	return best
}

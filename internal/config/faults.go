package config

import (
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing that is wrong with the configuration.
type Fault struct {
	// Key is the key as the file writes it, such as okta.orgs.acme.url, or the variable or file that is wrong as such.
	Key string
	// Problem says what was found and what is accepted. It never holds a value that may be a secret.
	Problem string
}

// Faults is everything that is wrong with a configuration, sorted by key.
type Faults []Fault

// Error lists the faults, one a line.
func (f Faults) Error() string {
	lines := make([]string, 0, len(f)+1)
	lines = append(lines, fmt.Sprintf("the worker's configuration has %d faults:", len(f)))
	if len(f) == 1 {
		lines[0] = "the worker's configuration has a fault:"
	}
	for _, fault := range f {
		lines = append(lines, "  "+fault.Key+": "+fault.Problem)
	}
	return strings.Join(lines, "\n")
}

// add notes a fault. Only the first of a key, or of the section around it, is kept: what follows from it would mislead.
func (f *Faults) add(key, format string, args ...any) {
	if slices.ContainsFunc(*f, func(known Fault) bool { return known.Key == key || strings.HasPrefix(key, known.Key+".") }) {
		return
	}
	*f = append(*f, Fault{Key: key, Problem: fmt.Sprintf(format, args...)})
}

// has tells whether something is wrong with a key.
func (f *Faults) has(key string) bool {
	return slices.ContainsFunc(*f, func(known Fault) bool { return known.Key == key })
}

// addAll notes all that is wrong with the entries of a list.
func (f *Faults) addAll(key string, problems []string) {
	if len(problems) > 0 {
		f.add(key, "%s", strings.Join(problems, "; and "))
	}
}

// sorted puts the faults in the order of their keys.
func (f Faults) sorted() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int { return strings.Compare(a.Key, b.Key) })
	return f
}

package connection

import (
	"fmt"
	"strings"
)

// Fault is one thing that is wrong with a connection document.
type Fault struct {
	// Path is the field, such as okta.assign_groups[1]; "" is the document as a whole.
	Path string `json:"path,omitempty"`
	// Line and Column count from 1 and tell where in the file it is; 0 where that isn't known.
	Line   int `json:"line,omitempty"`
	Column int `json:"column,omitempty"`
	// Found says what is there, as the end of a sentence that starts with the path: `is "REGEXP"`.
	Found string `json:"found"`
	// Accepted says what may be there instead, or what to do: "it must be REGEX, STARTS_WITH, EQUALS or CONTAINS".
	Accepted string `json:"accepted"`
}

// String is the fault in one line, without its position.
func (f Fault) String() string {
	path := f.Path
	if path == "" {
		path = "the document"
	}
	return path + " " + f.Found + "; " + f.Accepted
}

// Faults is everything that is wrong with a connection document. It is the error of Validate and of document.Parse.
type Faults struct {
	// File is the name of the document's file; "" when it came from elsewhere.
	File string `json:"file,omitempty"`
	// Faults are in the order of the document. There is at least one.
	Faults []Fault `json:"faults"`
}

// Error lists the faults, one a line: file:line:column: path found; accepted.
func (f *Faults) Error() string {
	lines := make([]string, 0, len(f.Faults))
	for _, fault := range f.Faults {
		position := f.File
		if fault.Line > 0 {
			position = strings.TrimPrefix(fmt.Sprintf("%s:%d:%d", f.File, fault.Line, fault.Column), ":")
		}
		if position != "" {
			position += ": "
		}
		lines = append(lines, position+fault.String())
	}
	return strings.Join(lines, "\n")
}

// Package document reads the connection document, a YAML or JSON file, into a connection.Spec. It is apart from package
// connection so that what imports the domain alone stays light.
package document

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/accessbridge/accessbridge/connection"
)

// MaxSize is the size of the largest document that Parse reads, in bytes.
const MaxSize = 1 << 20

// maxNesting is how deep lists and mappings may lie in one another. A document needs 4; the time to parse grows with the
// square of the depth.
const maxNesting = 32

// maxLines and maxTokens are how many lines, and how many words, marks and comments, a document may have. The largest that
// a connection needs has about 3,000 lines and 10,000 tokens; the time to parse grows with the square of both.
const (
	maxLines  = 10_000
	maxTokens = 20_000
)

// tooMany is what to do about a document with too many of anything.
var tooMany = fmt.Sprintf("at most %d entries are accepted in a list", connection.MaxEntries)

// Parse reads a document, fills in its defaults and checks it. The name of its file is for messages only. Its error is a
// *connection.Faults: the fault in the syntax where the document can't be read, else everything that is wrong with it.
func Parse(data []byte, file string) (connection.Spec, error) {
	body, fault := parse(bytes.TrimPrefix(data, []byte("\ufeff")))
	if fault != nil {
		return connection.Spec{}, &connection.Faults{File: file, Faults: []connection.Fault{*fault}}
	}
	var spec connection.Spec
	r := newReader()
	r.document(body, &spec)
	if faults := r.with(spec.Validate()); len(faults) > 0 {
		return connection.Spec{}, &connection.Faults{File: file, Faults: faults}
	}
	return spec.WithDefaults(), nil
}

// parse makes a tree of the document, or tells the one fault that prevents it.
func parse(data []byte) (ast.Node, *connection.Fault) {
	if fault := raw(data); fault != nil {
		return nil, fault
	}
	tokens := lexer.Tokenize(string(data))
	if len(tokens) > maxTokens {
		at := tokens[maxTokens].Position
		return nil, &connection.Fault{Line: at.Line, Column: at.Column, Found: fmt.Sprintf("has more than %d words and marks", maxTokens), Accepted: tooMany}
	}
	if fault := nesting(tokens); fault != nil {
		return nil, fault
	}
	// Keys that are there twice are found with the other faults.
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntaxFault(err)
	}
	return onlyDocument(file)
}

// raw finds what makes the bytes of a document unfit to be read at all.
func raw(data []byte) *connection.Fault {
	// A line of DOS ends in two characters.
	lines := max(bytes.Count(data, []byte("\n")), bytes.Count(data, []byte("\r")))
	switch {
	case len(data) > MaxSize:
		return &connection.Fault{Found: fmt.Sprintf("has %d bytes", len(data)), Accepted: fmt.Sprintf("at most %d are accepted", MaxSize)}
	case lines > maxLines:
		return &connection.Fault{Found: fmt.Sprintf("has more than %d lines", maxLines), Accepted: tooMany}
	case !utf8.Valid(data):
		before := data[:invalidAt(data)]
		return &connection.Fault{
			Line: bytes.Count(before, []byte("\n")) + 1, Column: utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1,
			Found: "is not in UTF-8 here", Accepted: "save it as UTF-8",
		}
	}
	return nil
}

// invalidAt is where the first byte is that is not UTF-8.
func invalidAt(data []byte) int {
	at := 0
	for at < len(data) {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}

// nesting finds lists and mappings that lie too deep in one another: by brackets, or by dashes and question marks on one
// line. (By indentation, the size of a document bounds the depth well enough.)
func nesting(tokens token.Tokens) *connection.Fault {
	depth, marks, line := 0, 0, 0
	for _, each := range tokens {
		if each.Position.Line != line {
			line, marks = each.Position.Line, 0
		}
		switch each.Type {
		case token.MappingStartType, token.SequenceStartType:
			depth++
		case token.MappingEndType, token.SequenceEndType:
			depth--
		case token.SequenceEntryType, token.MappingKeyType:
			marks++
		}
		if depth > maxNesting || marks > maxNesting {
			return &connection.Fault{
				Line: each.Position.Line, Column: each.Position.Column,
				Found: fmt.Sprintf("is nested more than %d deep here", maxNesting), Accepted: "it needs 4 levels",
			}
		}
	}
	return nil
}

// syntaxFault is what the parser says, with its place.
func syntaxFault(err error) *connection.Fault {
	fault := &connection.Fault{Found: "can't be read: " + printable(err.Error()), Accepted: "correct the YAML"}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		fault.Found = "can't be read: " + printable(syntax.GetMessage())
		if at := syntax.GetToken(); at != nil {
			fault.Line, fault.Column = at.Position.Line, at.Position.Column
		}
	}
	return fault
}

// onlyDocument is the tree of a file that holds one document.
func onlyDocument(file *ast.File) (ast.Node, *connection.Fault) {
	documents := slices.DeleteFunc(slices.Clone(file.Docs), func(document *ast.DocumentNode) bool {
		return document.Body == nil
	})
	if len(documents) == 0 {
		return nil, &connection.Fault{Found: "is empty", Accepted: "it must hold a connection; see docs/connection.md"}
	}
	if directive, found := documents[0].Body.(*ast.DirectiveNode); found {
		at := directive.GetToken().Position
		return nil, &connection.Fault{Line: at.Line, Column: at.Column, Found: "starts with a YAML directive (%)", Accepted: "take it out"}
	}
	if len(documents) > 1 {
		at := placeOf(documents[1].Body)
		if start := documents[1].Start; start != nil {
			at = place{start.Position.Line, start.Position.Column}
		}
		return nil, &connection.Fault{Line: at.line, Column: at.column, Found: "is followed by another one in the same file", Accepted: "put each connection in a file of its own"}
	}
	return documents[0].Body, nil
}

// printable is a text with everything escaped that a terminal would act upon, and cut where it is long.
func printable(text string) string {
	const most = 200
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most]) + "…"
	}
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		quoted := strconv.Quote(text)
		return quoted[1 : len(quoted)-1]
	}
	return text
}

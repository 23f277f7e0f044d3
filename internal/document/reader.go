package document

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/nearest"
)

// place is where something is in the file; both count from 1.
type place struct{ line, column int }

// placeOf is where a node starts.
func placeOf(node ast.Node) place {
	if mapping, found := node.(*ast.MappingNode); found && !mapping.IsFlowStyle && len(mapping.Values) > 0 {
		// The token of a mapping in block style is its first colon.
		node = mapping.Values[0].Key
	}
	at := node.GetToken().Position
	return place{at.Line, at.Column}
}

// reader fills a Spec from a tree. It goes on past a fault, so that all are found; a decoder of a library stops at the first.
type reader struct {
	places map[string]place
	faults []connection.Fault
	// blamed are the paths that a fault was found at: what follows from it is not told.
	blamed map[string]bool
}

func newReader() *reader { return &reader{places: map[string]place{}, blamed: map[string]bool{}} }

func (r *reader) fault(path string, at place, found, accepted string) {
	r.faults = append(r.faults, connection.Fault{Path: path, Line: at.line, Column: at.column, Found: found, Accepted: accepted})
	r.blamed[path] = true
}

// document reads the whole.
func (r *reader) document(body ast.Node, spec *connection.Spec) {
	r.places[""] = place{1, 1}
	if body.Type() == ast.NullType {
		r.fault("", placeOf(body), "is empty", "it must hold a connection; see docs/connection.md")
		return
	}
	r.value(body, reflect.ValueOf(spec).Elem(), "")
}

// value reads a node into a field or an entry of a list.
func (r *reader) value(node ast.Node, target reflect.Value, path string) {
	at := placeOf(node)
	switch node.(type) {
	case *ast.AnchorNode:
		r.fault(path, at, "has an anchor (&)", "write the value out; anchors are not accepted")
		return
	case *ast.AliasNode:
		r.fault(path, at, "is an alias (*)", "write the value out; a text that starts with * goes in quotes")
		return
	case *ast.TagNode:
		r.fault(path, at, "has a tag (!)", "take it out; a text that starts with ! goes in quotes")
		return
	case *ast.NullNode:
		return // as if it were left out
	}
	if target.Kind() == reflect.Pointer {
		target.Set(reflect.New(target.Type().Elem()))
		target = target.Elem()
	}
	switch {
	case target.Type() == reflect.TypeFor[connection.Duration]():
		r.duration(node, target.Addr().Interface().(*connection.Duration), path)
	case target.Kind() == reflect.Struct:
		r.section(node, target, path)
	case target.Kind() == reflect.Slice:
		r.list(node, target, path)
	case target.Kind() == reflect.Bool:
		r.boolean(node, target, path)
	default:
		r.text(node, target, path)
	}
}

// section reads a mapping into a struct.
func (r *reader) section(node ast.Node, target reflect.Value, path string) {
	mapping, found := node.(ast.MapNode)
	if !found {
		r.fault(path, placeOf(node), "is "+described(node), "it must be a section with "+anyOf(fieldNames(target.Type()), "and"))
		return
	}
	seen, written := map[string]bool{}, keysOf(mapping)
	for entries := mapping.MapRange(); entries.Next(); {
		key := entries.Key()
		at := placeOf(key)
		name := key.GetToken().Value
		below := join(path, name)
		index := slices.Index(fieldNames(target.Type()), name)
		switch {
		case !plain(key):
			r.fault(below, at, "is not a plain key", "write keys as they are: merge keys (<<), anchors, aliases, tags and ? are not accepted")
		case index < 0:
			r.unknown(path, name, at, target.Type(), written)
		case seen[name]:
			r.secondTime(below, at)
		default:
			r.places[below] = at
			if _, scalar := entries.Value().(ast.ScalarNode); scalar && entries.Value().Type() != ast.NullType {
				r.places[below] = placeOf(entries.Value())
			}
			r.value(entries.Value(), target.Field(index), below)
			r.empty(entries.Value(), target.Type().Field(index), below)
		}
		seen[name] = true
	}
}

// secondTime tells of a key that its section has already.
func (r *reader) secondTime(path string, at place) {
	r.fault(path, at, "is there a second time", "leave one of the two out")
}

// keysOf are the keys that a section has.
func keysOf(mapping ast.MapNode) map[string]bool {
	keys := map[string]bool{}
	for entries := mapping.MapRange(); entries.Next(); {
		keys[entries.Key().GetToken().Value] = true
	}
	return keys
}

// plain tells whether a key is written as it is.
func plain(key ast.Node) bool {
	switch key.Type() {
	case ast.MergeKeyType, ast.MappingKeyType, ast.AnchorType, ast.AliasType, ast.TagType:
		return false
	}
	return true
}

// unknown tells of a key that the section doesn't have.
func (r *reader) unknown(path, name string, at place, section reflect.Type, written map[string]bool) {
	known := fieldNames(section)
	accepted := "known here are " + anyOf(known, "and")
	if meant := nearest.Name(name, known); meant != "" {
		accepted = "did you mean " + meant + "?"
		if !written[meant] { // else that one has faults of its own
			r.blamed[join(path, meant)] = true
		}
	}
	r.fault(join(path, name), at, "is not a known key", accepted)
}

// empty finds an optional text that is there, and empty.
func (r *reader) empty(node ast.Node, field reflect.StructField, path string) {
	text, found := node.(*ast.StringNode)
	if found && text.Value == "" && field.Type.Kind() == reflect.String && strings.Contains(field.Tag.Get("yaml"), ",omitempty") {
		r.fault(path, placeOf(node), "is empty", "write something, or leave it out to get the default")
	}
}

// list reads a sequence. An entry that can't be read is kept as an empty one, so that the others keep their numbers.
func (r *reader) list(node ast.Node, target reflect.Value, path string) {
	sequence, found := node.(*ast.SequenceNode)
	if !found {
		r.fault(path, placeOf(node), "is "+described(node), "it must be a list, such as [first, second]")
		return
	}
	if len(sequence.Values) > connection.MaxEntries {
		r.fault(path, r.places[path], fmt.Sprintf("has %d entries", len(sequence.Values)), fmt.Sprintf("at most %d are accepted", connection.MaxEntries))
		return
	}
	target.Set(reflect.MakeSlice(target.Type(), len(sequence.Values), len(sequence.Values)))
	for i, entry := range sequence.Values {
		below := fmt.Sprintf("%s[%d]", path, i)
		r.places[below] = placeOf(entry)
		r.value(entry, target.Index(i), below)
	}
}

// with adds what Validate found to what the reader found, each at its place in the file, in the order of the file.
func (r *reader) with(err error) []connection.Fault {
	faults := r.faults
	var invalid *connection.Faults
	if errors.As(err, &invalid) {
		for _, fault := range invalid.Faults {
			if !r.blames(fault.Path) {
				at := r.near(fault.Path)
				fault.Line, fault.Column = at.line, at.column
				faults = append(faults, fault)
			}
		}
	}
	slices.SortStableFunc(faults, func(a, b connection.Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return faults
}

// blames tells whether a fault was found at the path already, or at a section around it.
func (r *reader) blames(path string) bool {
	for ; path != ""; path = parent(path) {
		if r.blamed[path] {
			return true
		}
	}
	return r.blamed[""]
}

// near is the place of a field, or of the section that it is missing from.
func (r *reader) near(path string) place {
	for {
		if at, found := r.places[path]; found || path == "" {
			return at
		}
		path = parent(path)
	}
}

// parent is the path of what a field or an entry is in.
func parent(path string) string { return path[:max(0, strings.LastIndexAny(path, ".["))] }

var plainKey = regexp.MustCompile(`^[\w-]{1,60}$`)

// join is the path of a key in a section.
func join(path, name string) string {
	if !plainKey.MatchString(name) {
		name = `"` + printable(name) + `"`
	}
	return strings.TrimPrefix(path+"."+name, ".")
}

// fieldNames are the keys of a section, in the order of its fields.
func fieldNames(section reflect.Type) []string {
	names := make([]string, section.NumField())
	for i := range names {
		tags := section.Field(i).Tag
		names[i], _, _ = strings.Cut(cmp.Or(tags.Get("yaml"), tags.Get("json")), ",") // what is no document has no YAML
	}
	return names
}

// anyOf lists names in a sentence.
func anyOf(names []string, last string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " " + last + " " + names[len(names)-1]
}

package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// setting is one field of a kind of thing. There is one list of them for each kind: a field that is changed and never put
// back can't be written.
type setting[T any] struct {
	// name is the field in a plan, title says it where it is left as it is: "the label".
	name, title string
	show        func(T) string
	same        func(a, b T) bool
	give        func(to *T, from T)
}

// of makes a setting of a field.
func of[T, V any](name, title string, field func(*T) *V, same func(a, b V) bool, show func(V) string) setting[T] {
	return setting[T]{
		name: name, title: title,
		show: func(thing T) string { return show(*field(&thing)) },
		same: func(a, b T) bool { return same(*field(&a), *field(&b)) },
		give: func(to *T, from T) { *field(to) = *field(&from) },
	}
}

// text makes a setting of a field that is a text.
func text[T any](name, title string, field func(*T) *string) setting[T] {
	return of(name, title, field, same, func(value string) string { return value })
}

// set makes a setting of a list whose order means nothing.
func set[T any](name, title string, field func(*T) *[]string) setting[T] {
	return of(name, title, field, sameSet, list)
}

// differences are the settings that a move from one thing to another changes.
func differences[T any](settings []setting[T], before, after T) []connection.Field {
	var fields []connection.Field
	for _, each := range settings {
		if !each.same(before, after) {
			fields = append(fields, connection.Field{Name: each.name, Before: each.show(before), After: each.show(after)})
		}
	}
	return fields
}

// putBack decides what each setting becomes when a run is undone: as before the run, where it still has the value that the run
// gave it; else what someone else made of it since, which is then named in left.
func putBack[T any](settings []setting[T], thing string, before, given, now T) (back T, left []string) {
	back = now
	for _, each := range settings {
		switch {
		case each.same(now, before): // the order of a list is put back too
			each.give(&back, before)
		case each.same(before, given):
		case each.same(now, given):
			each.give(&back, before)
		default:
			left = appendNew(left, fmt.Sprintf("%s of %s was changed by someone else since, and is left as it is", each.title, thing))
		}
	}
	return back, left
}

// moveOf is the change that a difference makes.
func moveOf(resource connection.Resource, name, id string, exists bool, fields []connection.Field) connection.Change {
	action := connection.ActionUpdate
	switch {
	case !exists:
		action = connection.ActionCreate
	case len(fields) == 0:
		action = connection.ActionUnchanged
	}
	return connection.Change{Resource: resource, Name: name, ID: id, Action: action, Fields: fields}
}

// Title names a thing in what is left.
func Title(resource connection.Resource, name string) string {
	return fmt.Sprintf("%s %q", resource, name)
}

func same[T comparable](a, b T) bool { return a == b }

// samePointer compares what is pointed at; nil is equal to nil alone.
func samePointer[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// sameSet compares lists whose order means nothing: providers may give them back in another.
func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func list(values []string) string { return strings.Join(slices.Sorted(slices.Values(values)), ", ") }

// appendNew appends what isn't there yet.
func appendNew[T comparable](all []T, more ...T) []T {
	for _, each := range more {
		if !slices.Contains(all, each) {
			all = append(all, each)
		}
	}
	return all
}

// valueOf is what is pointed at, or nothing.
func valueOf[T any](pointer *T) T { return *cmp.Or(pointer, new(T)) }

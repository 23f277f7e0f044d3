package activities

import (
	"context"
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// restore decides what a setting becomes when a run is undone: before, where it still has the value that the run set; else
// what somebody made of it since, which is then named in left.
func restore[T any](left *[]string, name string, same func(a, b T) bool, before, set, now T) T {
	switch {
	case same(before, set), same(now, before):
		return now
	case same(now, set):
		return before
	default:
		*left = append(*left, fmt.Sprintf("%s was changed by somebody else since, and is left as it is", name))
		return now
	}
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

// title names a thing in what is left.
func title(resource connection.Resource, name string) string {
	return fmt.Sprintf("%s %q", resource, name)
}

// gone notes that a thing which was to be put back exists no longer.
func gone(resource connection.Resource, name string) Reverted {
	return Reverted{Left: []string{title(resource, name) + " was deleted by somebody else since"}}
}

// either returns what is known by id, else what is looked for.
func either[T any](ctx context.Context, id string, get func(context.Context, string) (*T, error), look func() (*T, error)) (*T, error) {
	if id != "" {
		return get(ctx, id)
	}
	return look()
}

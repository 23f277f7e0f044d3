package workflows

import (
	"slices"
	"testing"
)

func TestReordered_TheOthersKeepTheirPlaces(t *testing.T) {
	t.Parallel()
	var all []undo
	for _, id := range []string{"app", "assign new", "claim", "unassign first", "unassign second", "provider"} {
		all = append(all, undo{id: id})
	}
	ordered := reordered(all, map[string]int{"assign new": 1, "unassign first": 2, "unassign second": 3})
	var got []string
	for _, each := range ordered {
		got = append(got, each.id)
	}
	// The last is the first to happen.
	if want := []string{"app", "unassign second", "claim", "unassign first", "assign new", "provider"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if all[1].id != "assign new" {
		t.Error("what was given is changed")
	}
}

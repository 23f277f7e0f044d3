package planner_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// TestPlace_PutBackAmongOthers takes the policy P out of a list, has others change the list, and puts P back.
func TestPlace_PutBackAmongOthers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ before, meanwhile, want string }{
		"nothing changed":               {"a b P c d", "a b c d", "a b P c d"},
		"it was the first":              {"P a b", "a b", "P a b"},
		"it was the last":               {"a b P", "a b", "a b P"},
		"it was alone":                  {"P", "", "P"},
		"one was put in front":          {"a P b", "x a b", "x a P b"},
		"one was put before the first":  {"P a b", "x a b", "x P a b"},
		"one was put at the end":        {"a b P", "a b x", "a b P x"},
		"one before it was taken away":  {"a b P c", "a c", "a P c"},
		"all before it were taken away": {"a b P c d", "c d", "P c d"},
		"all were replaced":             {"a P b", "x y z", "x P y z"},
		"all were taken away":           {"a b P c", "", "P"},
		"the order was changed":         {"a P b", "b a", "b a P"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := planner.State{Policy: &planner.AccessPolicy{ID: "P"}}
			planner.PickApplications(connection.Spec{}, &state, []planner.ListedApplication{{Policies: strings.Fields(test.before)}})
			if len(state.Applications) != 1 || !state.Applications[0].UsesPolicy {
				t.Fatalf("applications %+v", state.Applications)
			}
			policies := strings.Fields(test.meanwhile)
			if got := strings.Join(slices.Insert(policies, state.Applications[0].Among(policies), "P"), " "); got != test.want {
				t.Errorf("put back: %q, want %q", got, test.want)
			}
		})
	}
}

func TestPlace_AtTheEnd_IsAfterAllOthers(t *testing.T) {
	t.Parallel()
	for _, others := range [][]string{nil, {"a"}, {"a", "b", "c"}} {
		if at := planner.AtTheEnd.Among(others); at != len(others) {
			t.Errorf("among %v it is at %d", others, at)
		}
	}
}

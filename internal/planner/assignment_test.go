package planner_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/accessbridge/accessbridge/internal/planner"
)

// group is a group with a priority and a profile.
func group(id string, priority int64, profile string) planner.Group {
	return planner.Group{ID: id, Name: id, Priority: &priority, Profile: json.RawMessage(profile)}
}

func TestAssignAgain(t *testing.T) {
	t.Parallel()
	unknown := planner.Group{ID: "sales"}
	for name, test := range map[string]struct {
		before planner.Group
		now    *planner.Group
		others []planner.Group
		again  *planner.Group // with the priority that is asked for
		left   string         // "" is nothing
	}{
		"a priority from 1 is asked for": {before: group("sales", 7, `{"a":1}`), again: new(group("sales", 7, `{"a":1}`))},
		"0 with no other group is given by itself": {
			before: group("sales", 0, `{"a":1}`), again: &planner.Group{ID: "sales", Profile: json.RawMessage(`{"a":1}`)},
		},
		"0 before others": {
			before: group("sales", 0, `{}`), others: []planner.Group{group("b", 5, ""), group("a", 2, "")},
			again: new(group("sales", 1, `{}`)), left: "has 1 now: it comes first, as before",
		},
		"0 beside one with 1": {
			before: group("sales", 0, `{}`), others: []planner.Group{group("b", 5, ""), group("a", 1, "")},
			again: new(group("sales", 1, `{}`)), left: `the group "a" comes before it or beside it, with 1`,
		},
		"0 beside one with 0": {
			before: group("sales", 0, `{}`), others: []planner.Group{group("a", 0, ""), group("b", 1, "")},
			again: new(group("sales", 1, `{}`)), left: `the group "a" comes before it or beside it, with 0`,
		},
		"what it had isn't known": {before: unknown, again: &unknown, left: "what it had isn't known"},

		"never taken away":           {before: group("sales", 7, `{"a":1,"b":2}`), now: new(group("sales", 7, `{"b":2,"a":1}`))},
		"never taken away, with 0":   {before: group("sales", 0, `{}`), now: new(group("sales", 0, `{}`)), others: []planner.Group{group("a", 1, "")}},
		"never taken away, unknown":  {before: unknown, now: new(group("sales", 3, `{}`))},
		"made anew, other profile":   {before: group("sales", 7, `{"a":1}`), now: new(group("sales", 7, `{"a":2}`)), left: "made anew by someone else"},
		"made anew, other priority":  {before: group("sales", 7, `{}`), now: new(group("sales", 8, `{}`)), left: "made anew by someone else"},
		"made anew, 0 is not theirs": {before: group("sales", 7, `{}`), now: new(group("sales", 0, `{}`)), left: "made anew by someone else"},
		"made anew, was 0": {
			before: group("sales", 0, `{}`), now: new(group("sales", 4, `{}`)), others: []planner.Group{group("a", 3, "")}, left: "made anew by someone else",
		},
		"numbers to the last digit": {
			before: group("sales", 7, `{"a":9007199254740993}`), now: new(group("sales", 7, `{"a":9007199254740992}`)), left: "made anew",
		},
		"put back by an earlier attempt": {
			before: group("sales", 0, `{}`), now: new(group("sales", 1, `{}`)), others: []planner.Group{group("a", 3, "")}, left: "has 1 now: it comes first, as before",
		},
		"put back, and Okta gave it something else": {before: group("sales", 0, `{}`), now: new(group("sales", 1, `{}`)), left: "had priority 0, and got 1 from Okta"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			again, left := planner.AssignAgain(test.before, test.now, test.others)
			if diff := cmp.Diff(test.again, again, cmpopts.IgnoreFields(planner.Group{}, "Name")); diff != "" {
				t.Errorf("assigned again (-want +got):\n%s", diff)
			}
			if said := strings.Join(left, "\n"); (said == "") != (test.left == "") || !strings.Contains(said, test.left) {
				t.Errorf("left %q, want %q", left, test.left)
			}
		})
	}
}

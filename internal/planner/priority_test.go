package planner_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/accessbridge/accessbridge/internal/planner"
)

// assignedTo is a state in which the document names the groups in this order, and an app is assigned to some of them.
func assignedTo(names string, assigned ...planner.Group) (have, without planner.State) {
	have = nothing()
	have.Groups = nil
	for _, name := range strings.Fields(names) {
		have.Groups = append(have.Groups, planner.FoundGroup{Name: name, IDs: []string{name}})
	}
	without = have
	have.App = &planner.App{ID: "0oa1", Groups: assigned}
	return have, without
}

func TestWantApp_Priorities_RiseInTheOrderOfTheDocument(t *testing.T) {
	t.Parallel()
	unknown := planner.Group{ID: "b", Name: "b"}
	for name, test := range map[string]struct {
		document  string
		assigned  []planner.Group
		want      []any // nil is not known
		changed   []string
		asTheyAre []any
	}{
		"a new app":                     {"a b c", nil, []any{1, 2, 3}, nil, []any{1, 2, 3}},
		"as they were given":            {"a b", []planner.Group{group("a", 1, ""), group("b", 2, "")}, []any{1, 2}, nil, []any{1, 2}},
		"gaps stay":                     {"a b", []planner.Group{group("a", 3, ""), group("b", 7, "")}, []any{3, 7}, nil, []any{3, 7}},
		"one comes last":                {"a b c", []planner.Group{group("a", 1, ""), group("b", 7, "")}, []any{1, 7, 8}, nil, []any{1, 7, 3}},
		"one comes in between":          {"a b c", []planner.Group{group("a", 1, ""), group("c", 2, "")}, []any{1, 2, 3}, []string{"c"}, []any{1, 2, 2}},
		"one comes where there is room": {"a b c", []planner.Group{group("a", 1, ""), group("c", 5, "")}, []any{1, 2, 5}, nil, []any{1, 2, 5}},
		"the other way round":           {"b a", []planner.Group{group("a", 1, ""), group("b", 2, "")}, []any{2, 3}, []string{"a"}, []any{2, 1}},
		"two have the same":             {"a b", []planner.Group{group("a", 1, ""), group("b", 1, "")}, []any{1, 2}, []string{"b"}, []any{1, 1}},
		"0 can't be put back":           {"b a c", []planner.Group{group("a", 0, ""), group("b", 1, ""), group("c", 1, "")}, []any{1, 0, 2}, []string{"c"}, []any{1, 0, 1}},
		"one that isn't known":          {"a b c", []planner.Group{group("a", 1, ""), unknown, group("c", 1, "")}, []any{1, nil, 2}, []string{"c"}, []any{1, nil, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := acme()
			spec.Okta.AssignGroups = strings.Fields(test.document)
			have, without := assignedTo(test.document, test.assigned...)
			if test.assigned == nil {
				have = without
			}
			if diff := cmp.Diff(test.want, prioritiesOf(planner.WantApp(spec, have, "").Groups)); diff != "" {
				t.Errorf("priorities (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.changed, planner.ChangedPriorities(spec, have)); diff != "" {
				t.Errorf("changed (-want +got):\n%s", diff)
			}
			earlier := have.WithPrioritiesAsTheyAre()
			if diff := cmp.Diff(test.asTheyAre, prioritiesOf(planner.WantApp(spec, earlier, "").Groups)); diff != "" {
				t.Errorf("priorities of a run of an earlier version (-want +got):\n%s", diff)
			}
			if changed := planner.ChangedPriorities(spec, earlier); changed != nil {
				t.Errorf("a run of an earlier version changes %v", changed)
			}
		})
	}
}

func prioritiesOf(groups []planner.Group) []any {
	var priorities []any
	for _, group := range groups {
		if group.Priority == nil {
			priorities = append(priorities, nil)
			continue
		}
		priorities = append(priorities, int(*group.Priority))
	}
	return priorities
}

func TestOutOfOrder(t *testing.T) {
	t.Parallel()
	unknown := planner.Group{ID: "b", Name: "b"}
	wanted := []planner.Group{group("a", 1, ""), group("b", 2, ""), group("c", 3, "")}
	for name, test := range map[string]struct {
		wanted, assigned []planner.Group
		want             string
	}{
		"in order, with gaps":   {wanted, []planner.Group{group("c", 9, ""), group("b", 5, ""), group("a", 1, "")}, ""},
		"the same":              {wanted, []planner.Group{group("a", 1, ""), group("b", 2, ""), group("c", 2, "")}, "b c"},
		"the other way round":   {wanted, []planner.Group{group("a", 3, ""), group("b", 2, ""), group("c", 1, "")}, "a b"},
		"one is of others":      {wanted, []planner.Group{group("a", 1, ""), group("x", 0, ""), group("b", 2, "")}, ""},
		"one isn't known":       {wanted, []planner.Group{group("a", 1, ""), unknown, group("c", 2, "")}, ""},
		"0 fits everywhere":     {[]planner.Group{group("a", 1, ""), group("b", 0, ""), group("c", 2, "")}, []planner.Group{group("a", 1, ""), group("b", 0, ""), group("c", 2, "")}, ""},
		"of an earlier version": {[]planner.Group{{ID: "a"}, {ID: "b"}}, []planner.Group{group("a", 2, ""), group("b", 1, "")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if before, out := planner.OutOfOrder(test.wanted, test.assigned); out != nil {
				got = before.ID + " " + out.ID
			}
			if got != test.want {
				t.Errorf("%q is out of order, want %q", got, test.want)
			}
		})
	}
}

func TestPutPriorityBack(t *testing.T) {
	t.Parallel()
	before, given := new(int64(2)), new(int64(3))
	for name, test := range map[string]struct {
		now   *planner.Group
		again *planner.Group
		left  string
	}{
		"what the run gave":           {now: new(group("b", 3, `{"a":1}`)), again: new(group("b", 2, `{"a":1}`))},
		"the run never got there":     {now: new(group("b", 2, ""))},
		"someone gave another":        {now: new(group("b", 9, "")), left: `the priority of group assignment "b" was changed by someone else since`},
		"someone took the group away": {left: `group assignment "b" was taken away by someone else since`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			again, left := planner.PutPriorityBack("b", before, given, test.now)
			if diff := cmp.Diff(test.again, again, cmpopts.IgnoreFields(planner.Group{}, "Name")); diff != "" {
				t.Errorf("assigned again (-want +got):\n%s", diff)
			}
			if said := strings.Join(left, "\n"); (said == "") != (test.left == "") || !strings.Contains(said, test.left) {
				t.Errorf("left %q, want %q", left, test.left)
			}
		})
	}
}

func TestPrioritise_SomeoneTookTheGroupAway_AssignsItAgain(t *testing.T) {
	t.Parallel()
	priority := new(int64(3))
	if diff := cmp.Diff(&planner.Group{ID: "b", Priority: priority}, planner.Prioritise("b", priority, nil)); diff != "" {
		t.Error(diff)
	}
	if again := planner.Prioritise("b", priority, new(group("b", 3, ""))); again != nil {
		t.Errorf("what has the priority gets %+v", again)
	}
}

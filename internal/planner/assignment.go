package planner

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"github.com/accessbridge/accessbridge/connection"
)

// Group is one Okta group, and how it is assigned to an app where it is.
type Group struct {
	ID   string `json:"id" form:"okta"`
	Name string `json:"name" form:"text"`
	// Imported means that the group comes from AD, LDAP or another app (type APP_GROUP), where that was asked for.
	Imported bool `json:"imported,omitempty"`
	// Priority is the assignment's among those of the app, from 0; nil is not known. Two may have the same. Profile is what the app's
	// users get through it, as Okta writes it.
	Priority *int64          `json:"priority,omitempty" form:"position"`
	Profile  json.RawMessage `json:"profile,omitempty"`
}

// assignmentSettings are what a run changes of a group's assignment.
var assignmentSettings = []setting[Group]{
	of("priority", "the priority", func(g *Group) **int64 { return &g.Priority }, fitting, numeral),
}

// fitting reports whether priorities are the same, as far as both are known.
func fitting(a, b *int64) bool { return a == nil || b == nil || *a == *b }

func numeral(number *int64) string {
	if number == nil {
		return ""
	}
	return strconv.FormatInt(*number, 10)
}

func diffGroups(have *App, want App) []connection.Change {
	var before []Group
	if have != nil {
		before = have.Groups
	}
	assigned, wanted := idsOf(before), idsOf(want.Groups)
	var changes []connection.Change
	for _, group := range want.Groups {
		now := Group{Priority: PriorityOf(App{Groups: before}, group.ID)}
		changes = append(changes, moveOf(connection.ResourceGroupAssignment, group.Name, group.ID, assigned[group.ID], differences(assignmentSettings, now, group)))
	}
	for _, group := range before {
		if !wanted[group.ID] {
			changes = append(changes, connection.Change{Resource: connection.ResourceGroupAssignment, Name: group.Name, ID: group.ID, Action: connection.ActionDelete})
		}
	}
	return changes
}

func idsOf(groups []Group) map[string]bool {
	ids := make(map[string]bool, len(groups))
	for _, group := range groups {
		ids[group.ID] = true
	}
	return ids
}

// AssignAgain decides how a group's assignment to an app is put back: nil is not at all. before is the assignment as it was, now what
// there is of it at this moment, nil for none, and others are the app's other groups; those count only where AssignedFirst.
// left says what can't be as it was.
//
// Okta accepts a priority from 1, and takes none away from another group for it: such a one can be put back always. 0 it refuses, but
// gives it to the first group of an app that is assigned without a priority.
func AssignAgain(before Group, now *Group, others []Group) (again *Group, left []string) {
	name := Title(connection.ResourceGroupAssignment, before.ID)
	again, left = closest(before, others, name)
	switch {
	case now == nil:
		return again, left
	case !sameProfile(before.Profile, now.Profile):
	case before.Priority == nil, SamePriority(before.Priority, now.Priority):
		return nil, nil // it never was taken away, or is back as it was
	case AssignedFirst(before) && again.Priority == nil && now.Priority != nil:
		return nil, []string{fmt.Sprintf("%s had priority 0, and got %d from Okta", name, *now.Priority)}
	case AssignedFirst(before) && SamePriority(again.Priority, now.Priority):
		return nil, left
	}
	return nil, []string{name + " was made anew by someone else since, and is left as it is"}
}

// AssignedFirst reports whether an assignment is put back before all others: with priority 0, which goes to the first alone.
func AssignedFirst(before Group) bool { return before.Priority != nil && *before.Priority == 0 }

// closest is the assignment that comes closest to what it was.
func closest(before Group, others []Group, name string) (again *Group, left []string) {
	again = &Group{ID: before.ID, Priority: before.Priority, Profile: before.Profile}
	switch {
	case before.Priority == nil:
		return again, []string{name + " was put back with the next priority and no profile: what it had isn't known"}
	case !AssignedFirst(before):
		return again, nil
	}
	again.Priority = nil
	first := FirstOf(others)
	if first == nil {
		return again, nil
	}
	again.Priority = new(int64(1))
	place := fmt.Sprintf("the group %q comes before it or beside it, with %d", first.Name, valueOf(first.Priority))
	if valueOf(first.Priority) > 1 {
		place = "it comes first, as before"
	}
	return again, []string{fmt.Sprintf("%s had priority 0, which Okta gives only to the first group of an app, and has 1 now: %s", name, place)}
}

// FirstOf is the one of an app's groups with the lowest priority, which comes first; nil when there are none.
func FirstOf(groups []Group) *Group {
	var first *Group
	for _, group := range groups {
		if first == nil || valueOf(group.Priority) < valueOf(first.Priority) {
			first = &group
		}
	}
	return first
}

// SamePriority reports whether two priorities are known and equal.
func SamePriority(a, b *int64) bool { return a != nil && b != nil && *a == *b }

// sameProfile compares profiles to the last digit, whatever the order of their keys. One that isn't known is any.
func sameProfile(a, b json.RawMessage) bool {
	return len(a) == 0 || len(b) == 0 || reflect.DeepEqual(exactly(a), exactly(b))
}

// exactly decodes JSON with its numbers as they are written.
func exactly(encoded json.RawMessage) (value any) {
	decoder := json.NewDecoder(bytes.NewReader(encoded))
	decoder.UseNumber()
	_ = decoder.Decode(&value) // it was decoded before
	return value
}

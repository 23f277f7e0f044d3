package planner

import (
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// wantPriorities gives the groups of the document their priorities, which rise in its order, from 1. A group that is assigned already
// keeps the priority that it has where that fits, so that few are changed; so does one with 0, which Okta takes no request for, so that a
// change couldn't be undone. asTheyAre leaves all that are assigned as they are.
func wantPriorities(assigned, wanted []Group, asTheyAre bool) []Group {
	var last int64
	for i := range wanted {
		at := slices.IndexFunc(assigned, func(group Group) bool { return group.ID == wanted[i].ID })
		switch {
		case at < 0 && asTheyAre:
			wanted[i].Priority = new(int64(i + 1))
			continue
		case at < 0:
			wanted[i].Priority = new(last + 1)
		case asTheyAre, assigned[at].Priority == nil, AssignedFirst(assigned[at]):
			wanted[i].Priority = assigned[at].Priority
			continue
		default:
			wanted[i].Priority = new(max(last+1, *assigned[at].Priority))
		}
		last = *wanted[i].Priority
	}
	return wanted
}

// PriorityOf is the priority that a group is assigned to an app with; nil where the app isn't to be assigned to it. The groups are
// assigned at the same time, so that Okta would number them in any order.
func PriorityOf(app App, groupID string) *int64 {
	at := slices.IndexFunc(app.Groups, func(group Group) bool { return group.ID == groupID })
	if at < 0 {
		return nil
	}
	return app.Groups[at].Priority
}

// ChangedPriorities are the ids of the assigned groups that a run gives another priority.
func ChangedPriorities(spec connection.Spec, have State) []string {
	if have.App == nil {
		return nil
	}
	var ids []string
	for _, group := range WantApp(spec, have, "").Groups {
		if now := PriorityOf(*have.App, group.ID); now != nil && !SamePriority(now, group.Priority) {
			ids = append(ids, group.ID)
		}
	}
	return ids
}

// WithPrioritiesAsTheyAre is the state as runs of earlier versions know it: they leave alone the priorities of assigned groups.
func (s State) WithPrioritiesAsTheyAre() State {
	s.KeepsPriorities = true
	return s
}

// OutOfOrder is the first of the groups whose priority among those that are assigned doesn't fit the order of the document, and the one
// before it; nil when there is none. Priorities of 0, and those that aren't known, fit everywhere.
func OutOfOrder(wanted, assigned []Group) (before, out *Group) {
	for _, group := range wanted {
		at := slices.IndexFunc(assigned, func(each Group) bool { return each.ID == group.ID })
		if at < 0 || assigned[at].Priority == nil || valueOf(group.Priority) == 0 {
			continue
		}
		if before != nil && *assigned[at].Priority <= *before.Priority {
			return before, &assigned[at]
		}
		before = &assigned[at]
	}
	return nil, nil
}

// Prioritise decides how an assignment gets another priority and keeps its profile: nil is not at all, because it has that one. now is
// what there is of the assignment at this moment.
func Prioritise(groupID string, priority *int64, now *Group) *Group {
	if now == nil { // someone took it away since it was surveyed
		return &Group{ID: groupID, Priority: priority}
	}
	if SamePriority(now.Priority, priority) {
		return nil
	}
	return &Group{ID: groupID, Priority: priority, Profile: now.Profile}
}

// PutPriorityBack is Prioritise for a run that is undone: before is the priority that the assignment had, given what the run gave it. left
// says what someone else made of it since.
func PutPriorityBack(groupID string, before, given *int64, now *Group) (again *Group, left []string) {
	title := Title(connection.ResourceGroupAssignment, groupID)
	if now == nil {
		return nil, []string{title + " was taken away by someone else since"}
	}
	back, left := putBack(assignmentSettings, title, Group{Priority: before}, Group{Priority: given}, *now)
	return Prioritise(groupID, back.Priority, now), left
}

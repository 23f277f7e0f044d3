package activities

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/rules"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// Assignment names a group's assignment to an Okta app.
type Assignment struct {
	Fence
	Uncertain
	Org     string `json:"org" form:"name"`
	AppID   string `json:"app_id" form:"okta"`
	GroupID string `json:"group_id" form:"okta"`
	// Undo means that a run which is undone puts the assignment back: where someone deleted the app or the group since, there is
	// nothing to put it back to, and the run must not wait for that.
	Undo bool `json:"undo,omitempty"`
	// Priority is what the assignment gets; nil is the next, in runs of earlier versions. Priority and Profile are what one that is put
	// back had; nil when they aren't known.
	Priority *int64          `json:"priority,omitempty" form:"position"`
	Profile  json.RawMessage `json:"profile,omitempty"`
	// From is the priority of an assignment that only gets another one; nil where the assignment is made.
	From *int64 `json:"from,omitempty" form:"position"`
}

// AssignGroup lets the members of a group sign in through the app (procedure, step 6). UnassignGroup undoes it.
func (a *Activities) AssignGroup(ctx context.Context, assignment Assignment) (Reverted, error) {
	org, err := a.org(ctx, assignment.Org, assignment.Fence)
	if err != nil {
		return Reverted{}, err
	}
	if _, err := a.ownerIn(assignment.Fence, org, nil).mine(ctx, assignment.AppID); err != nil {
		return Reverted{}, fail(ctx, err, justCreated)
	}
	if err := a.mayAssign(ctx, org, assignment); err != nil {
		return Reverted{}, fail(ctx, err, justCreated)
	}
	if !assignment.Undo {
		return Reverted{}, fail(ctx, assign(ctx, org, assignment), justCreated)
	}
	putBack, lost := assignAgain, "the unassignment of a group"
	if assignment.From != nil {
		putBack, lost = prioritiseAgain, "the priority of a group"
	}
	left, err := putBack(ctx, org, assignment)
	if transport.Is(err, transport.NotFound) && lasting(ctx) {
		return unassignable(ctx, org, assignment)
	}
	if err != nil {
		return Reverted{Left: left}, fail(ctx, err, undoing)
	}
	return Reverted{Left: left}, a.lookAgain(ctx, assignment.Fence, assignment.Until, lost)
}

// assign makes an assignment, or gives one that is there another priority.
func assign(ctx context.Context, org *okta.Client, assignment Assignment) error {
	if assignment.From == nil {
		return org.AssignGroup(ctx, assignment.AppID, planner.Group{ID: assignment.GroupID, Priority: assignment.Priority})
	}
	now, err := org.AssignedGroup(ctx, assignment.AppID, assignment.GroupID)
	if err != nil {
		return err
	}
	return assignAs(ctx, org, assignment, planner.Prioritise(assignment.GroupID, assignment.Priority, now))
}

// prioritiseAgain gives an assignment the priority back that it had, unless someone else changed it since.
func prioritiseAgain(ctx context.Context, org *okta.Client, assignment Assignment) (left []string, err error) {
	now, err := org.AssignedGroup(ctx, assignment.AppID, assignment.GroupID)
	if err != nil {
		return nil, err
	}
	again, left := planner.PutPriorityBack(assignment.GroupID, assignment.Priority, assignment.From, now)
	return left, assignAs(ctx, org, assignment, again)
}

func assignAs(ctx context.Context, org *okta.Client, assignment Assignment, again *planner.Group) error {
	if again == nil {
		return nil
	}
	return org.AssignGroup(ctx, assignment.AppID, *again)
}

// mayAssign refuses the group that is the whole org, where the worker's rules don't allow it. A group's name is asked for where no survey
// of this worker found it lately.
func (a *Activities) mayAssign(ctx context.Context, org *okta.Client, assignment Assignment) error {
	refused := a.allow(assignment.Fence, rules.Asked{Org: assignment.Org, Everyone: true})
	if refused == nil {
		return nil
	}
	if _, smaller := a.proven.held([]string{"smaller group", org.URL(), assignment.GroupID}); smaller {
		return nil
	}
	found, err := org.GroupsByID(ctx, []string{assignment.GroupID}, nil)
	if err != nil {
		return err
	}
	if planner.IsEveryone(found[assignment.GroupID].Name) {
		return refused
	}
	return nil
}

// assignAgain puts an assignment back as it was, as far as Okta lets it, unless someone else made one since.
func assignAgain(ctx context.Context, org *okta.Client, assignment Assignment) (left []string, err error) {
	before := planner.Group{ID: assignment.GroupID, Priority: assignment.Priority, Profile: assignment.Profile}
	now, err := org.AssignedGroup(ctx, assignment.AppID, before.ID) // by its id: a list can be behind
	if err != nil {
		return nil, err
	}
	var others []planner.Group
	if planner.AssignedFirst(before) {
		if others, err = othersOf(ctx, org, assignment); err != nil {
			return nil, err
		}
	}
	again, left := planner.AssignAgain(before, now, others)
	if again == nil {
		return left, nil
	}
	if err := org.AssignGroup(ctx, assignment.AppID, *again); err != nil || !planner.AssignedFirst(before) {
		return left, err
	}
	if now, err = org.AssignedGroup(ctx, assignment.AppID, before.ID); err != nil || now == nil {
		return left, err
	}
	_, left = planner.AssignAgain(before, now, others)
	return left, nil
}

// othersOf are the other groups that an app is assigned to. The first of them is there for certain: the list can be behind, and tell
// of groups that this run has just taken away.
func othersOf(ctx context.Context, org *okta.Client, assignment Assignment) ([]planner.Group, error) {
	others, err := org.AssignedGroups(ctx, assignment.AppID)
	if err != nil && !transport.Is(err, transport.NotFound) { // whether the app is gone, the assignment itself tells
		return nil, err
	}
	without := func(id string) {
		others = slices.DeleteFunc(others, func(group planner.Group) bool { return group.ID == id })
	}
	without(assignment.GroupID)
	var seen []string
	for {
		first := planner.FirstOf(others)
		if first == nil || slices.Contains(seen, first.ID) {
			return others, nil
		}
		now, err := org.AssignedGroup(ctx, assignment.AppID, first.ID)
		if err != nil {
			return nil, err
		}
		without(first.ID)
		if now != nil {
			others, seen = append(others, *now), append(seen, now.ID)
		}
	}
}

// unassignable says why an assignment can't be put back. Okta answers alike for an app that is gone and for an inactive one.
func unassignable(ctx context.Context, org *okta.Client, assignment Assignment) (Reverted, error) {
	app, err := org.GetApp(ctx, assignment.AppID)
	if err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	why := "the group was deleted"
	switch {
	case app == nil:
		why = "the app was deleted"
	case app.Status != planner.AppActive:
		why = "the app was deactivated"
	}
	name := planner.Title(connection.ResourceGroupAssignment, assignment.GroupID)
	return Reverted{Left: []string{name + " can't be put back: " + why + " by someone else since"}}, nil
}

// UnassignGroup takes a group's assignment away. AssignGroup undoes it.
func (a *Activities) UnassignGroup(ctx context.Context, assignment Assignment) (Reverted, error) {
	org, err := a.org(ctx, assignment.Org, assignment.Fence)
	if err != nil {
		return Reverted{}, err
	}
	if _, err := a.ownerIn(assignment.Fence, org, nil).mine(ctx, assignment.AppID); err != nil {
		return Reverted{}, fail(ctx, err, undoing)
	}
	if err := org.UnassignGroup(ctx, assignment.AppID, assignment.GroupID); err != nil || !assignment.Undo {
		return Reverted{}, fail(ctx, err, undoing)
	}
	return Reverted{}, a.lookAgain(ctx, assignment.Fence, assignment.Until, "the assignment of a group")
}

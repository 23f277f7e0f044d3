package activities

import (
	"context"
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// Assignment names a group's assignment to an Okta app.
type Assignment struct {
	Org     string `json:"org"`
	AppID   string `json:"app_id"`
	GroupID string `json:"group_id"`
	// Undo tells that a run which is undone puts the assignment back: where somebody deleted the app or the group since, there
	// is nothing to put it back to, and the run must not wait for that.
	Undo bool `json:"undo,omitempty"`
	// Priority and Profile are what an assignment that is put back had; 0 and nil leave them to Okta.
	Priority int64          `json:"priority,omitempty"`
	Profile  map[string]any `json:"profile,omitempty"`
	// Assigned are the groups that the run assigned itself: where one of them has the priority now, it may lose it.
	Assigned []string `json:"assigned,omitempty"`
}

// AssignGroup lets the members of a group sign in through the app (procedure, step 6). UnassignGroup undoes it.
func (a *Activities) AssignGroup(ctx context.Context, assignment Assignment) (Reverted, error) {
	org, err := a.org(assignment.Org)
	if err != nil {
		return Reverted{}, err
	}
	if !assignment.Undo {
		err := org.AssignGroup(ctx, assignment.AppID, connection.Group{ID: assignment.GroupID})
		return Reverted{}, fail(ctx, err, justCreated)
	}
	left, err := assignAgain(ctx, org, assignment)
	if transport.Is(err, transport.NotFound) && lasting(ctx) {
		return unassignable(ctx, org, assignment)
	}
	return Reverted{Left: left}, fail(ctx, err, undoing)
}

// assignAgain puts an assignment back with the priority that it had, unless somebody else gave that to another group since.
func assignAgain(ctx context.Context, org *okta.Client, assignment Assignment) (left []string, err error) {
	assigned, err := org.AssignedGroups(ctx, assignment.AppID)
	if err != nil && !transport.Is(err, transport.NotFound) { // whether the app is gone, the assignment itself tells
		return nil, err
	}
	group := connection.Group{ID: assignment.GroupID, Priority: assignment.Priority, Profile: assignment.Profile}
	for _, other := range assigned {
		if other.Priority == group.Priority && other.ID != group.ID && group.Priority != 0 && !slices.Contains(assignment.Assigned, other.ID) {
			name := title(connection.ResourceGroupAssignment, group.ID)
			left = append(left, fmt.Sprintf("the priority %d of %s was given to the group %q by somebody else since", group.Priority, name, other.Name))
			group.Priority = 0
		}
	}
	if assignment.Priority == 0 {
		left = append(left, fmt.Sprintf("%s had no priority, which Okta gives to none that is assigned anew", title(connection.ResourceGroupAssignment, group.ID)))
	}
	return left, org.AssignGroup(ctx, assignment.AppID, group)
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
	case app.Status != connection.AppActive:
		why = "the app was deactivated"
	}
	name := title(connection.ResourceGroupAssignment, assignment.GroupID)
	return Reverted{Left: []string{name + " can't be put back: " + why + " by somebody else since"}}, nil
}

// UnassignGroup takes a group's assignment away. AssignGroup undoes it.
func (a *Activities) UnassignGroup(ctx context.Context, assignment Assignment) error {
	org, err := a.org(assignment.Org)
	if err != nil {
		return err
	}
	return fail(ctx, org.UnassignGroup(ctx, assignment.AppID, assignment.GroupID), undoing)
}

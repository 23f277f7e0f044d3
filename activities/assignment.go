package activities

import (
	"context"

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
}

// AssignGroup lets the members of a group sign in through the app (procedure, step 6). UnassignGroup undoes it.
func (a *Activities) AssignGroup(ctx context.Context, assignment Assignment) (Reverted, error) {
	org, err := a.org(assignment.Org)
	if err != nil {
		return Reverted{}, err
	}
	err = org.AssignGroup(ctx, assignment.AppID, assignment.GroupID)
	if !assignment.Undo {
		return Reverted{}, fail(ctx, err, justCreated)
	}
	if transport.Is(err, transport.NotFound) && lasting(ctx) {
		return unassignable(ctx, org, assignment)
	}
	return Reverted{}, fail(ctx, err, undoing)
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

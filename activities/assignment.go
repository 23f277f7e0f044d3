package activities

import (
	"context"

	"github.com/accessbridge/accessbridge/connection"
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
	if transport.Is(err, transport.NotFound) {
		return gone(connection.ResourceGroupAssignment, assignment.GroupID), nil
	}
	return Reverted{}, fail(ctx, err, undoing)
}

// UnassignGroup takes a group's assignment away. AssignGroup undoes it.
func (a *Activities) UnassignGroup(ctx context.Context, assignment Assignment) error {
	org, err := a.org(assignment.Org)
	if err != nil {
		return err
	}
	return fail(ctx, org.UnassignGroup(ctx, assignment.AppID, assignment.GroupID))
}

package activities

import "context"

// Assignment names a group's assignment to an Okta app.
type Assignment struct {
	Org     string `json:"org"`
	AppID   string `json:"app_id"`
	GroupID string `json:"group_id"`
}

// AssignGroup lets the members of a group sign in through the app (procedure, step 6). UnassignGroup undoes it.
func (a *Activities) AssignGroup(ctx context.Context, assignment Assignment) error {
	org, err := a.org(assignment.Org)
	if err != nil {
		return err
	}
	return fail(ctx, org.AssignGroup(ctx, assignment.AppID, assignment.GroupID), justCreated)
}

// UnassignGroup takes a group's assignment away. AssignGroup undoes it.
func (a *Activities) UnassignGroup(ctx context.Context, assignment Assignment) error {
	org, err := a.org(assignment.Org)
	if err != nil {
		return err
	}
	return fail(ctx, org.UnassignGroup(ctx, assignment.AppID, assignment.GroupID))
}

package activities

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// Assignment names a group's assignment to an Okta app.
type Assignment struct {
	Fence
	Uncertain
	Org     string `json:"org"`
	AppID   string `json:"app_id"`
	GroupID string `json:"group_id"`
	// Undo tells that a run which is undone puts the assignment back: where somebody deleted the app or the group since, there
	// is nothing to put it back to, and the run must not wait for that.
	Undo bool `json:"undo,omitempty"`
	// Priority and Profile are what an assignment that is put back had; nil when they aren't known.
	Priority *int64          `json:"priority,omitempty"`
	Profile  json.RawMessage `json:"profile,omitempty"`
	// Reused tells that another group may have the priority now by this run's own doing; then it loses it.
	Reused bool `json:"reused,omitempty"`
}

// AssignGroup lets the members of a group sign in through the app (procedure, step 6). UnassignGroup undoes it.
func (a *Activities) AssignGroup(ctx context.Context, assignment Assignment) (Reverted, error) {
	org, err := a.org(ctx, assignment.Org, assignment.Fence)
	if err != nil {
		return Reverted{}, err
	}
	if !assignment.Undo {
		err := org.AssignGroup(ctx, assignment.AppID, planner.Group{ID: assignment.GroupID})
		return Reverted{}, fail(ctx, err, justCreated)
	}
	left, err := assignAgain(ctx, org, assignment)
	if transport.Is(err, transport.NotFound) && lasting(ctx) {
		return unassignable(ctx, org, assignment)
	}
	if err != nil {
		return Reverted{Left: left}, fail(ctx, err, undoing)
	}
	return Reverted{Left: left}, a.lookAgain(ctx, assignment.Until, "the unassignment of a group")
}

// assignAgain puts an assignment back as it was, unless somebody else made one since or gave its priority to another group.
func assignAgain(ctx context.Context, org *okta.Client, assignment Assignment) (left []string, err error) {
	assigned, err := org.AssignedGroups(ctx, assignment.AppID)
	if err != nil && !transport.Is(err, transport.NotFound) { // whether the app is gone, the assignment itself tells
		return nil, err
	}
	name := planner.Title(connection.ResourceGroupAssignment, assignment.GroupID)
	group := planner.Group{ID: assignment.GroupID, Priority: assignment.Priority, Profile: assignment.Profile}
	for _, other := range assigned {
		switch {
		case other.ID == group.ID:
			return assignedMeanwhile(name, group, other), nil
		case samePriority(other, group) && !assignment.Reused:
			left = append(left, fmt.Sprintf("the priority %d of %s was given to the group %q by somebody else since", *group.Priority, name, other.Name))
			group.Priority = nil
		}
	}
	switch {
	case assignment.Priority == nil:
		left = append(left, name+" was put back with the next priority and no profile: what it had isn't known")
	case *assignment.Priority == 0:
		left = append(left, name+" had no priority, which Okta gives to none that is assigned anew")
	}
	return left, org.AssignGroup(ctx, assignment.AppID, group)
}

// assignedMeanwhile says what there is to say of a group that is assigned when its assignment is to be put back: it never was
// taken away, or an earlier attempt put it back, or somebody else assigned it.
func assignedMeanwhile(name string, before, now planner.Group) (left []string) {
	unset := before.Priority == nil || *before.Priority == 0 // then Okta chose
	if (unset || samePriority(before, now)) && sameProfile(before.Profile, now.Profile) {
		return nil
	}
	return []string{name + " was made anew by somebody else since, and is left as it is"}
}

// samePriority tells whether two groups have the same place among those of an app; none is no place.
func samePriority(a, b planner.Group) bool {
	return a.Priority != nil && b.Priority != nil && *a.Priority == *b.Priority && *a.Priority != 0
}

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
	return Reverted{Left: []string{name + " can't be put back: " + why + " by somebody else since"}}, nil
}

// UnassignGroup takes a group's assignment away. AssignGroup undoes it.
func (a *Activities) UnassignGroup(ctx context.Context, assignment Assignment) (Reverted, error) {
	org, err := a.org(ctx, assignment.Org, assignment.Fence)
	if err != nil {
		return Reverted{}, err
	}
	if err := org.UnassignGroup(ctx, assignment.AppID, assignment.GroupID); err != nil || !assignment.Undo {
		return Reverted{}, fail(ctx, err, undoing)
	}
	return Reverted{}, a.lookAgain(ctx, assignment.Until, "the assignment of a group")
}

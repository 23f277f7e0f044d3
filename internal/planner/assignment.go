package planner

import (
	"encoding/json"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// FoundGroup is an Okta group that the document names, and the ids of all groups that have exactly that name:
// none when it is missing, several when the name is ambiguous.
type FoundGroup struct {
	Name string   `json:"name"`
	IDs  []string `json:"ids"`
}

// Group is one Okta group, and how it is assigned to an app where it is.
type Group struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Priority is the assignment's among those of the app, from 1; 0 is none, nil is not known. Profile is what the app's users get
	// through it, as Okta writes it.
	Priority *int64          `json:"priority,omitempty"`
	Profile  json.RawMessage `json:"profile,omitempty"`
}

// wantGroups are the groups that the document assigns.
func wantGroups(spec connection.Spec, have State) []Group {
	var groups []Group
	for _, group := range have.Groups {
		if slices.Contains(spec.Okta.AssignGroups, group.Name) && len(group.IDs) == 1 {
			groups = append(groups, Group{ID: group.IDs[0], Name: group.Name})
		}
	}
	return groups
}

func diffGroups(have *App, want App) []connection.Change {
	var before []Group
	if have != nil {
		before = have.Groups
	}
	assigned, wanted := idsOf(before), idsOf(want.Groups)
	var changes []connection.Change
	for _, group := range want.Groups {
		action := connection.ActionCreate
		if assigned[group.ID] {
			action = connection.ActionUnchanged
		}
		changes = append(changes, connection.Change{Resource: connection.ResourceGroupAssignment, Name: group.Name, ID: group.ID, Action: action})
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

package planner

import (
	"cmp"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// FoundGroup is an Okta group that the document names, and what was found for it.
type FoundGroup struct {
	// Name is the entry of the document: a name, or an id.
	Name string `json:"name"`
	// IDs are those of all groups that have exactly that name, or that id: none when it is missing, several when the name is
	// ambiguous.
	IDs []string `json:"ids"`
	// Called is the name of a group that the document gives the id of.
	Called string `json:"called,omitempty"`
	// Imported are those of IDs that come from AD, LDAP or another app: Okta leaves them out of a groups claim that is a filter.
	Imported []string `json:"imported,omitempty"`
	// Namesakes are other groups that have the name of one that the document gives the id of.
	Namesakes []Group `json:"namesakes,omitempty"`
}

// FindGroups are the groups that the document names, in its order. byID has each group that it gives the id of, byName all groups that
// have one of the names.
func FindGroups(entries []string, byID map[string]Group, byName map[string][]Group) []FoundGroup {
	found := make([]FoundGroup, len(entries))
	for i, entry := range entries {
		found[i] = FoundGroup{Name: entry}
		all := byName[entry]
		if id := connection.GroupID(entry); id != "" {
			all = nil
			if group, there := byID[id]; there {
				all = []Group{group}
				found[i].Called = group.Name
				found[i].Namesakes = slices.DeleteFunc(slices.Clone(byName[group.Name]), func(other Group) bool { return other.ID == id })
			}
		}
		for _, group := range all {
			found[i].IDs = append(found[i].IDs, group.ID)
			if group.Imported {
				found[i].Imported = append(found[i].Imported, group.ID)
			}
		}
	}
	return found
}

// group is what was found, where it is one group.
func (f FoundGroup) group() (Group, bool) {
	if len(f.IDs) != 1 {
		return Group{}, false
	}
	return Group{ID: f.IDs[0], Name: f.Title()}, true
}

// Title is what people call the group.
func (f FoundGroup) Title() string { return cmp.Or(f.Called, f.Name) }

// wantGroups are the groups that the document assigns, in its order.
func wantGroups(spec connection.Spec, have State) []Group {
	found := map[string]Group{}
	for _, each := range have.Groups {
		if group, one := each.group(); one {
			found[each.Name] = group
		}
	}
	var groups []Group
	for _, entry := range spec.Okta.AssignGroups {
		if group, there := found[entry]; there {
			groups = append(groups, group)
		}
	}
	return groups
}

// allowedNames are the names of the groups that the policy lets in, each once, in the order of the document: Access compares names.
func allowedNames(spec connection.Spec, have State) []string {
	called := map[string]string{}
	for _, each := range have.Groups {
		called[each.Name] = each.Called
	}
	var names []string
	seen := map[string]bool{}
	for _, entry := range spec.Policy.Allow.Groups {
		name := cmp.Or(called[entry], entry)
		if !seen[name] {
			names, seen[name] = append(names, name), true
		}
	}
	return names
}

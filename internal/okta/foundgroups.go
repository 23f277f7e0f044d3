package okta

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/accessbridge/accessbridge/internal/planner"
)

// FoundGroups are the groups that GroupsByName and GroupsByID found, by what was looked for. It is safe for concurrent use, and its
// JSON is an object of lists: an activity keeps it in its heartbeat, and the next attempt asks only for the rest.
type FoundGroups struct {
	mutex  sync.Mutex
	groups map[string][]foundGroup
}

// byID starts the keys of groups that were looked for by their ids.
const byID = "id:"

// foundGroup is a group under its name or, with its name, under its id.
type foundGroup struct {
	ID       string `json:"id"`
	Name     string `json:"name,omitempty"`
	Imported bool   `json:"imported,omitempty"`
}

// MarshalJSON writes what was looked for with the groups.
func (f *FoundGroups) MarshalJSON() ([]byte, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.groups == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(f.groups)
}

// UnmarshalJSON reads what MarshalJSON wrote. What an earlier version wrote is looked for anew.
func (f *FoundGroups) UnmarshalJSON(data []byte) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if json.Unmarshal(data, &f.groups) != nil {
		f.groups = nil
	}
	return nil
}

// add notes the groups of a name.
func (f *FoundGroups) add(name string, groups []groupBody) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, group := range groups {
		f.note(name, foundGroup{ID: group.ID, Imported: group.imported()})
	}
}

// addByID notes groups under their ids.
func (f *FoundGroups) addByID(groups []groupBody) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, group := range groups {
		f.note(byID+group.ID, foundGroup{ID: group.ID, Name: group.Profile.Name, Imported: group.imported()})
	}
}

func (f *FoundGroups) note(under string, group foundGroup) {
	if f.groups == nil {
		f.groups = map[string][]foundGroup{}
	}
	if !slices.Contains(f.groups[under], group) {
		f.groups[under] = append(f.groups[under], group)
	}
}

// without are those that nothing was found for, each once.
func (f *FoundGroups) without(all []string) []string {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	missing := map[string]bool{}
	for _, each := range all {
		if len(f.groups[each]) == 0 {
			missing[each] = true
		}
	}
	return slices.Sorted(maps.Keys(missing))
}

// named are the groups of the names.
func (f *FoundGroups) named(names []string) map[string][]planner.Group {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	groups := map[string][]planner.Group{}
	for _, name := range names {
		if _, known := groups[name]; known {
			continue
		}
		for _, group := range f.groups[name] {
			groups[name] = append(groups[name], planner.Group{ID: group.ID, Name: name, Imported: group.Imported})
		}
	}
	return groups
}

// withIDs are the groups of the ids.
func (f *FoundGroups) withIDs(ids []string) map[string]planner.Group {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	groups := map[string]planner.Group{}
	for _, id := range ids {
		for _, group := range f.groups[byID+id] {
			groups[id] = planner.Group{ID: group.ID, Name: group.Name, Imported: group.Imported}
		}
	}
	return groups
}

// addExactly notes the groups that have exactly one of the names.
func (f *FoundGroups) addExactly(groups []groupBody, names []string) {
	byName := map[string][]groupBody{}
	for _, group := range groups {
		byName[group.Profile.Name] = append(byName[group.Profile.Name], group)
	}
	for _, name := range names {
		f.add(name, byName[name])
	}
}

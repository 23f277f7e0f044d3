package okta

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"github.com/accessbridge/accessbridge/internal/planner"
)

// FoundGroups are the ids of groups, by their names, that GroupsByName found. It is safe for concurrent use, and its JSON is an
// object of lists: an activity keeps it in its heartbeat, and the next attempt asks only for the rest.
type FoundGroups struct {
	mutex sync.Mutex
	ids   map[string][]string
}

// MarshalJSON writes the names with their ids.
func (f *FoundGroups) MarshalJSON() ([]byte, error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.ids == nil {
		return []byte("{}"), nil
	}
	return json.Marshal(f.ids)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (f *FoundGroups) UnmarshalJSON(data []byte) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	return json.Unmarshal(data, &f.ids)
}

// add notes the groups of a name.
func (f *FoundGroups) add(name string, groups []planner.Group) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if f.ids == nil {
		f.ids = map[string][]string{}
	}
	for _, group := range groups {
		f.ids[name] = append(f.ids[name], group.ID)
	}
}

// without are the names that nothing was found of, each once.
func (f *FoundGroups) without(names []string) []string {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	missing := map[string]bool{}
	for _, name := range names {
		if len(f.ids[name]) == 0 {
			missing[name] = true
		}
	}
	return slices.Sorted(maps.Keys(missing))
}

// groups are those of the names.
func (f *FoundGroups) groups(names []string) map[string][]planner.Group {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	groups := map[string][]planner.Group{}
	for _, name := range names {
		if _, known := groups[name]; known {
			continue
		}
		for _, id := range f.ids[name] {
			groups[name] = append(groups[name], planner.Group{ID: id, Name: name})
		}
	}
	return groups
}

// addExactly notes the groups that have exactly one of the names.
func (f *FoundGroups) addExactly(groups []groupBody, names []string) {
	byName := map[string][]planner.Group{}
	for _, group := range groups {
		byName[group.Profile.Name] = append(byName[group.Profile.Name], planner.Group{ID: group.ID})
	}
	for _, name := range names {
		f.add(name, byName[name])
	}
}

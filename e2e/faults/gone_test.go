package faults

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// gone names what was there before and is there no more. What a connection adopts must stay however a run ends: that is not
// left to the comparison with the clean run, which could take it away just so.
func gone(before, after string) (missing []string) {
	then, err := thingsOf(before)
	if err != nil {
		return []string{err.Error()}
	}
	now, err := thingsOf(after)
	if err != nil {
		return []string{err.Error()}
	}
	for _, id := range slices.Sorted(maps.Keys(then)) {
		if _, there := now[id]; !there {
			called := cmp.Or(strings.TrimPrefix(then[id], "ID OF "), "something")
			missing = append(missing, fmt.Sprintf("%s (%s) is gone, and was not made by the connection", called, id))
		}
	}
	return missing
}

// added names what is there now and was not before.
func added(before, after string) (more []string) {
	for _, each := range gone(after, before) {
		more = append(more, strings.Replace(each, "is gone, and was not made by the connection", "is left", 1))
	}
	return more
}

// thingsOf says what the ids in a state, and the hashes of secrets, are of.
func thingsOf(state string) (map[string]string, error) {
	var parsed any
	if err := json.Unmarshal([]byte(state), &parsed); err != nil {
		return nil, err
	}
	words := map[string]string{}
	name(parsed, words)
	return words, nil
}

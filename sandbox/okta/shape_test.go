package okta_test

import (
	"fmt"
	"maps"
	"slices"
)

// differences are the ways in which an answer hasn't the shape of a recorded one: a key that is missing or
// extra, or a value of another JSON type. Values themselves don't matter.
func differences(path string, want, got any) []string {
	if kind(want) != kind(got) {
		return []string{fmt.Sprintf("%s: is %s, recorded %s", path, kind(got), kind(want))}
	}
	switch want := want.(type) {
	case map[string]any:
		return objectDifferences(path, want, got.(map[string]any))
	case []any:
		return listDifferences(path, want, got.([]any))
	default:
		return nil
	}
}

func kind(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case map[string]any:
		return "object"
	case []any:
		return "list"
	default:
		return fmt.Sprintf("%T", value)
	}
}

func objectDifferences(path string, want, got map[string]any) []string {
	var found []string
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if inner, ok := got[key]; ok {
			found = append(found, differences(path+"."+key, want[key], inner)...)
		} else {
			found = append(found, path+"."+key+": missing")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[key]; !ok {
			found = append(found, path+"."+key+": extra")
		}
	}
	return found
}

// listDifferences compares each item with the recorded one that is most like it.
func listDifferences(path string, want, got []any) []string {
	if (len(want) == 0) != (len(got) == 0) {
		return []string{fmt.Sprintf("%s: has %d items, recorded %d", path, len(got), len(want))}
	}
	var found []string
	for i, item := range got {
		found = append(found, least(fmt.Sprintf("%s[%d]", path, i), want, item)...)
	}
	return found
}

func least(path string, want []any, item any) []string {
	var fewest []string
	for i, candidate := range want {
		if found := differences(path, candidate, item); i == 0 || len(found) < len(fewest) {
			fewest = found
		}
	}
	return fewest
}

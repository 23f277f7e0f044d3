package okta

import (
	"regexp"
	"slices"
	"strings"
)

// The parts of user.getGroups({'group.profile.name': 'X', 'operator': 'EXACT'}, …).![profile.name].
const (
	quotedText  = `'(?:[^']|'')*'`
	oneOrMore   = `(?:` + quotedText + `|\{\s*` + quotedText + `(?:\s*,\s*` + quotedText + `)*\s*\})`
	oneCriteria = `\{\s*'group\.(?:id|type|profile\.name)'\s*:\s*` + oneOrMore + `\s*(?:,\s*'operator'\s*:\s*'(?:EXACT|STARTS_WITH)'\s*)?\}`
)

var (
	getGroupsPattern = regexp.MustCompile(`(?s)^\s*user\.getGroups\(\s*(` + oneCriteria + `(?:\s*,\s*` + oneCriteria + `)*)\s*\)(?:\.!\[\s*([\w.]+)\s*\])?\s*$`)
	criteriaPattern  = regexp.MustCompile(`(?s)\{\s*'group\.(id|type|profile\.name)'\s*:\s*(` + oneOrMore + `)\s*(?:,\s*'operator'\s*:\s*'(EXACT|STARTS_WITH)'\s*)?\}`)
	quotedPattern    = regexp.MustCompile(`(?s)` + quotedText)
)

// evaluate gives what the claim tells of a person's groups: of those that each of its criteria lets through, the field that it
// projects. Of Identity Engine's language it knows user.getGroups alone. A claim without a projection, or in other words, is empty.
func (f *federatedClaim) evaluate(groups []*group) []string {
	call := getGroupsPattern.FindStringSubmatch(f.expression)
	if call == nil {
		return nil
	}
	var found []string
	for _, g := range groups {
		if value := g.projected(call[2]); value != "" && g.meets(call[1]) {
			found = append(found, value)
		}
	}
	slices.Sort(found)
	return found
}

// projected is the field of the group that a projection names; empty where there is none.
func (g *group) projected(field string) string {
	switch field {
	case "id", "type", "profile.name", "profile.description":
		return g.field(field)
	}
	return ""
}

// meets reports whether the group meets all criteria. One with several values wants any of them.
func (g *group) meets(criteria string) bool {
	for _, one := range criteriaPattern.FindAllStringSubmatch(criteria, -1) {
		have := g.field(one[1])
		wanted := func(quoted string) bool {
			want := strings.ReplaceAll(quoted[1:len(quoted)-1], "''", "'")
			if one[1] == "profile.name" && one[3] != "EXACT" { // a name is a prefix unless it says otherwise
				return strings.HasPrefix(have, want)
			}
			return have == want
		}
		if !slices.ContainsFunc(quotedPattern.FindAllString(one[2], -1), wanted) {
			return false
		}
	}
	return true
}

package okta

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oktaSource is what expressions call Okta itself as the source of a group.
const oktaSource = "OKTA"

// mostByPattern is how many groups one may ask for by a pattern. With more, the person gets no token.
const mostByPattern = 100

var errNoSuchExpression = errors.New("the expression can't be evaluated")

var (
	callPattern = regexp.MustCompile(`(?s)^\s*([A-Za-z.]+)\s*\(\s*(.+?)\s*,\s*"((?:[^"\\]|\\.)*)"\s*,\s*(\d{1,10})\s*\)\s*$`)
	textPattern = regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	listPattern = regexp.MustCompile(`(?s)^\{\s*(` + textPattern.String() + `\s*(,\s*` + textPattern.String() + `\s*)*)?\}$`)
)

// evaluate gives the names of the groups that an expression tells of. Of Okta's language it knows the functions that are for a groups
// claim: Groups.startsWith, Groups.endsWith and Groups.contains, for groups of one source, and getFilteredGroups, for given ids.
func (c *claim) evaluate(groups []*group, profile object) ([]string, error) {
	call := callPattern.FindStringSubmatch(c.value)
	if call == nil {
		return nil, fmt.Errorf("%w: %s", errNoSuchExpression, c.value)
	}
	limit, err := strconv.Atoi(call[4])
	if err != nil || limit < 1 {
		return nil, fmt.Errorf("%w: the limit is %s", errNoSuchExpression, call[4])
	}
	if call[1] == "getFilteredGroups" {
		return filtered(groups, call[2], call[3], limit, profile)
	}
	return bySource(groups, call[1], call[2], unescape(call[3]), limit)
}

// filtered are the groups that have one of the ids.
func filtered(groups []*group, list, show string, limit int, profile object) ([]string, error) {
	var ids []string
	if key, ofProfile := strings.CutPrefix(list, "app.profile."); ofProfile {
		ids = texts(profile, key)
	} else if listPattern.MatchString(list) {
		for _, match := range textPattern.FindAllStringSubmatch(list, -1) {
			ids = append(ids, unescape(match[1]))
		}
	} else {
		return nil, fmt.Errorf("%w: %s is no list", errNoSuchExpression, list)
	}
	value := (*group).name
	switch show {
	case "group.name":
	case "group.id":
		value = func(g *group) string { return g.id }
	default:
		return nil, fmt.Errorf("%w: groups have no %q", errNoSuchExpression, show)
	}
	return firstOf(groups, limit, value, func(g *group) bool { return slices.Contains(ids, g.id) }), nil
}

// bySource are the groups of one source whose names fit a pattern.
func bySource(groups []*group, function, source, pattern string, limit int) ([]string, error) {
	fits, known := map[string]func(name, pattern string) bool{
		"Groups.startsWith": strings.HasPrefix, "Groups.endsWith": strings.HasSuffix, "Groups.contains": strings.Contains,
	}[function]
	given := textPattern.FindStringSubmatch(source)
	if !known || given == nil || given[0] != source || limit > mostByPattern {
		return nil, fmt.Errorf("%w: %s(%s, …, %d)", errNoSuchExpression, function, source, limit)
	}
	return firstOf(groups, limit, (*group).name, func(g *group) bool { return g.source == unescape(given[1]) && fits(g.name(), pattern) }), nil
}

func firstOf(groups []*group, limit int, value func(*group) string, holds func(*group) bool) []string {
	var found []string
	for _, g := range groups {
		if holds(g) {
			found = append(found, value(g))
		}
	}
	slices.Sort(found)
	return found[:min(len(found), limit)]
}

func unescape(text string) string { return escapePattern.ReplaceAllString(text, "$1") }

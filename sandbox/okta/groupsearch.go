package okta

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

var (
	equality = []string{"eq", "sw"}
	order    = []string{"eq", "gt", "ge", "lt", "le"}
)

// groupSearch is what a search for groups may say: times can be compared, and any text of a profile can be looked for.
var groupSearch = grammar{supports: func(field, operator string) bool {
	switch field {
	case "profile.name", "profile.description":
		return operator == "co" || slices.Contains(equality, operator)
	case "id", "type", "source.id":
		return slices.Contains(equality, operator)
	}
	if slices.Contains(timeFields, field) {
		return slices.Contains(order, operator)
	}
	return strings.HasPrefix(field, "profile.") && slices.Contains(equality, operator)
}}

// groupFilter is what a filter of groups may say.
var groupFilter = grammar{supports: func(field, operator string) bool {
	switch field {
	case "id", "type":
		return operator == "eq"
	case "lastUpdated", "lastMembershipUpdated":
		return slices.Contains(order, operator)
	}
	return false
}}

// sortEntries puts entries into the order that the query asks for: by one field, and by id where that is the same. They are numbered
// anew, so that the next page goes on where this one ends.
func sortEntries(entries []entry, query url.Values) {
	by := query.Get("sortBy")
	if by == "" {
		return
	}
	direction := 1
	if strings.EqualFold(query.Get("sortOrder"), "desc") {
		direction = -1
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		order := direction * strings.Compare(strings.ToLower(a.field(by)), strings.ToLower(b.field(by)))
		return cmp.Or(order, strings.Compare(a.id, b.id))
	})
	for index := range entries {
		entries[index].sequence = index + 1
	}
}

func (o *Org) listGroups(r *http.Request) answer {
	search, refusal := querySearch(r, groupSearch)
	if refusal != nil {
		return *refusal
	}
	filter, refusal := queryFilter(r, groupFilter)
	if refusal != nil {
		return *refusal
	}
	q := r.URL.Query().Get("q")
	var entries []entry
	for _, e := range o.listed(r, listOfGroups, o.groupEntries()) {
		if hasPrefixFold(e.name, q) && search.matches(e.field) && filter.matches(e.field) {
			entries = append(entries, e)
		}
	}
	if q != "" {
		// q can't be paged: there is no link, whatever the limit.
		return o.page(r, pageLimits{standard: o.foundByQ(), most: mostFound, single: true}, "00g", entries)
	}
	if r.URL.Query().Get("search") != "" { // only a search can be sorted
		sortEntries(entries, r.URL.Query())
	}
	return o.page(r, pageLimits{standard: 10_000, most: 10_000}, "00g", entries)
}

func (o *Org) foundByQ() int {
	if o.config.GroupsFoundByQ > 0 {
		return min(o.config.GroupsFoundByQ, mostFound)
	}
	return mostFound
}

func (o *Org) groupEntries() []entry {
	entries := []entry{}
	for _, g := range o.store.groups {
		entries = append(entries, o.groupEntry(g))
	}
	return entries
}

func (o *Org) groupEntry(g *group) entry {
	view := func(*http.Request) object { return o.groupView(g) }
	return entry{id: g.id, name: g.name(), sequence: g.sequence, field: g.field, view: view}
}

// field is the value of a field that a search or a filter names.
func (g *group) field(name string) string {
	switch name {
	case "id":
		return g.id
	case "type":
		return g.kind
	case "created":
		return timestamp(g.created)
	case "lastUpdated":
		return timestamp(g.updated)
	case "lastMembershipUpdated":
		return timestamp(g.membership)
	}
	if attribute, ofProfile := strings.CutPrefix(name, "profile."); ofProfile {
		return text(g.profile, attribute)
	}
	return "" // what the org doesn't tell of: the source app of an imported group
}

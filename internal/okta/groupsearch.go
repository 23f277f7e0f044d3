package okta

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

const (
	// portionNames and portionLength bound one search for many names: how many, and how long they are in the URL.
	portionNames, portionLength = 40, 5500
	// wholeFrom is the number of names from which reading every group of the org takes fewer calls than searching.
	wholeFrom = 400
	// lookups is how many look-ups of groups are under way at the same time.
	lookups = 8
)

// GroupsByName returns every group that has exactly one of the names, by its name, with few calls. A name without a group is not in
// the result. What it finds it adds to found, also where it then fails, and what is there already it doesn't ask for; nil is no memory.
func (c *Client) GroupsByName(ctx context.Context, names []string, found *FoundGroups) (map[string][]planner.Group, error) {
	if found == nil {
		found = &FoundGroups{}
	}
	wanted := found.without(names)
	find := c.searchGroups
	if len(wanted) > wholeFrom {
		find = c.listGroups
	}
	if err := find(ctx, wanted, found); err != nil {
		return nil, fmt.Errorf("find %d Okta groups: %w", len(wanted), err)
	}
	// Neither is proof that a group is not there: Okta's search lags behind.
	err := each(found.without(names), func(name string) error {
		groups, err := c.groupsNamed(ctx, name)
		if err == nil {
			found.add(name, groups)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return found.named(names), nil
}

// GroupsByID returns the groups that have the ids, by their ids, with few calls. An id without a group is not in the result. found is
// as for GroupsByName.
func (c *Client) GroupsByID(ctx context.Context, ids []string, found *FoundGroups) (map[string]planner.Group, error) {
	if found == nil {
		found = &FoundGroups{}
	}
	missing := func() (missing []string) {
		for _, key := range found.without(keysOf(ids)) {
			missing = append(missing, strings.TrimPrefix(key, byID))
		}
		return missing
	}
	err := each(portions(missing(), idsAre), func(portion []string) error {
		groups, err := pages[groupBody](ctx, c, "/api/v1/groups", url.Values{"search": {idsAre(portion)}, "limit": {"200"}})
		found.addByID(groups)
		return err
	})
	if err == nil { // that the search doesn't find one is no proof: it lags behind
		err = each(missing(), func(id string) error { return c.readGroup(ctx, id, found) })
	}
	if err != nil {
		return nil, fmt.Errorf("find %d Okta groups by their ids: %w", len(ids), err)
	}
	return found.withIDs(ids), nil
}

func keysOf(ids []string) []string {
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = byID + id
	}
	return keys
}

// readGroup reads a group by its id, and adds it to found where it is there.
func (c *Client) readGroup(ctx context.Context, id string, found *FoundGroups) error {
	at, err := path("/api/v1/groups/%s", id)
	if err != nil {
		return err
	}
	var body groupBody
	there, err := c.lookUp(ctx, at, &body)
	if err != nil || !there {
		return err
	}
	if body.ID != id {
		return fmt.Errorf("read Okta group %s: Okta answered with another one", id)
	}
	found.addByID([]groupBody{body})
	return nil
}

// searchGroups looks for the names in portions.
func (c *Client) searchGroups(ctx context.Context, names []string, found *FoundGroups) error {
	return each(portions(names, namesAre), func(portion []string) error {
		groups, err := pages[groupBody](ctx, c, "/api/v1/groups", url.Values{"search": {namesAre(portion)}, "limit": {"200"}})
		if transport.Is(err, transport.Invalid) {
			return nil // a name that Okta's search can't read hides the others: each is asked for by itself
		}
		found.addExactly(groups, portion)
		return err
	})
}

// listGroups reads every group of the org, and keeps those of the names.
func (c *Client) listGroups(ctx context.Context, names []string, found *FoundGroups) error {
	groups, err := pages[groupBody](ctx, c, "/api/v1/groups", url.Values{"limit": {"10000"}})
	if err == nil {
		found.addExactly(groups, names)
	}
	return err
}

// portions splits names or ids so that a search for each portion has a URL of a fair length.
func portions(names []string, are func([]string) string) (all [][]string) {
	length := portionLength
	for _, name := range names {
		one := len(url.QueryEscape(are([]string{name}) + " or "))
		if last := len(all) - 1; last >= 0 && len(all[last]) < portionNames && length+one <= portionLength {
			all[last] = append(all[last], name)
			length += one
			continue
		}
		all, length = append(all, []string{name}), one
	}
	return all
}

// namesAre is the search expression for groups that have one of the names.
func namesAre(names []string) string { return anyOf("profile.name", names) }

// idsAre is the search expression for groups that have one of the ids.
func idsAre(ids []string) string { return anyOf("id", ids) }

// anyOf is the search expression for groups of which a field has one of the values.
func anyOf(field string, values []string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	terms := make([]string, len(values))
	for i, value := range values {
		terms[i] = field + ` eq "` + escape.Replace(value) + `"`
	}
	return strings.Join(terms, " or ")
}

// each does something for every item, for some at the same time. After a failure it begins nothing more, and lets what is under way end.
func each[T any](items []T, do func(T) error) error {
	var group sync.WaitGroup
	var mutex sync.Mutex
	var failure error
	failed := func(err error) bool {
		mutex.Lock()
		defer mutex.Unlock()
		if failure == nil {
			failure = err
		}
		return failure != nil
	}
	slots := make(chan struct{}, lookups)
	for _, item := range items {
		slots <- struct{}{}
		if failed(nil) {
			break
		}
		group.Go(func() {
			defer func() { <-slots }()
			failed(do(item))
		})
	}
	group.Wait()
	return failure
}

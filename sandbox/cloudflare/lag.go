package cloudflare

import (
	"encoding/json"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// The lists that can lag, with what they show.
const (
	listOfProviders    = "identity providers"
	listOfPolicies     = "reusable policies"
	listOfApplications = "applications"
	listOfGroups       = "groups"
)

// lists are what each list shows of an account, policies of applications included.
var lists = map[string]func(*account) []resource{
	listOfProviders:    (*account).showProviders,
	listOfPolicies:     (*account).showPolicies,
	listOfApplications: (*account).showApplications,
	listOfGroups:       func(a *account) []resource { return a.groups.all() },
}

// Watch has the API remember what its lists show, for lists that lag; or forget it.
func (a *API) Watch(on bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	switch {
	case !on:
		a.watched = nil
	case a.watched == nil:
		a.watched = map[string]*kit.History[resource]{}
		a.remember(time.Time{}) // what is there was always there
	}
}

// remember notes what changed in the lists at a time. The API's mutex is held.
func (a *API) remember(at time.Time) {
	if a.watched == nil {
		return
	}
	for _, account := range a.accounts {
		for list, show := range lists {
			history := a.watched[account.listKey(list)]
			if history == nil {
				history = &kit.History[resource]{}
				a.watched[account.listKey(list)] = history
			}
			history.Record(at, itemsOf(show(account)))
		}
	}
}

func (a *account) listKey(list string) string { return a.id + "/" + list }

func itemsOf(shown []resource) []kit.Item[resource] {
	items := []kit.Item[resource]{}
	for _, one := range shown {
		encoded, err := json.Marshal(one)
		if err != nil {
			panic(err) // it came out of JSON
		}
		items = append(items, kit.Item[resource]{ID: text(one, "id"), Digest: string(encoded), Value: clone(one)})
	}
	return items
}

// listed is what a list shows to the call: what is there, or, where it lags, what was.
func (c *call) listed(list string) []resource {
	listing := kit.ListingOf(c.Request)
	history := c.api.watched[c.account.listKey(list)]
	if !listing.Lags() || history == nil {
		return lists[list](c.account)
	}
	return history.Shown(c.api.clock(), listing)
}

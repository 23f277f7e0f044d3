package okta

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// The lists that can lag.
const (
	listOfApps   = "apps"
	listOfGroups = "groups"
)

func listOfAssignments(a *app) string { return "assignments of " + a.id }

func listOfSecrets(a *app) string { return "secrets of " + a.id }

// Watch has the org remember what its lists show, for lists that lag; or forget it.
func (o *Org) Watch(on bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case !on:
		o.watched = nil
	case o.watched == nil:
		o.watched = map[string]*kit.History[entry]{}
		o.remember(time.Time{}) // what is there was always there
	}
}

// remember notes what changed in the lists at a time. The org's lock is held.
func (o *Org) remember(at time.Time) {
	if o.watched == nil {
		return
	}
	var apps, groups []entry
	for _, a := range o.store.apps {
		frozen := a.freeze()
		apps = append(apps, o.appEntry(frozen))
		o.note(at, listOfAssignments(a), o.assignmentEntries(frozen))
		o.note(at, listOfSecrets(a), o.secretEntries(frozen))
	}
	for _, g := range o.store.groups {
		groups = append(groups, o.groupEntry(g.freeze()))
	}
	o.note(at, listOfApps, apps)
	o.note(at, listOfGroups, groups)
}

func (o *Org) note(at time.Time, list string, entries []entry) {
	if o.watched[list] == nil {
		o.watched[list] = &kit.History[entry]{}
	}
	items := []kit.Item[entry]{}
	for _, e := range entries {
		items = append(items, kit.Item[entry]{ID: e.id, Digest: e.digest(), Value: e})
	}
	o.watched[list].Record(at, items)
}

// everything asks for all that an entry can show.
var everything = &http.Request{URL: &url.URL{RawQuery: "expand=group"}}

func (e entry) digest() string {
	encoded, err := json.Marshal(e.view(everything))
	if err != nil {
		panic(err) // it came out of JSON
	}
	return string(encoded)
}

// listed is what a list holds for the request: what is there, or, where it lags, what was.
func (o *Org) listed(r *http.Request, list string, there []entry) []entry {
	listing := kit.ListingOf(r)
	if !listing.Lags() || o.watched[list] == nil {
		return there
	}
	shown := o.watched[list].Shown(o.clock(), listing)
	slices.SortStableFunc(shown, func(a, b entry) int { return cmp.Compare(a.sequence, b.sequence) })
	return shown
}

// freeze copies the app as it is now, with its assignments and secrets.
func (a *app) freeze() *app {
	frozen := *a
	frozen.body = clone(a.body)
	frozen.assignments, frozen.secrets = nil, nil
	for _, x := range a.assignments {
		copied := *x
		copied.group, copied.profile = x.group.freeze(), clone(x.profile)
		frozen.assignments = append(frozen.assignments, &copied)
	}
	for _, s := range a.secrets {
		copied := *s
		frozen.secrets = append(frozen.secrets, &copied)
	}
	return &frozen
}

// freeze copies the group as it is now.
func (g *group) freeze() *group {
	frozen := *g
	frozen.profile = clone(g.profile)
	return &frozen
}

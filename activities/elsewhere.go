package activities

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// othersPatience is how long the other orgs have to answer: what they say guards against a mistake, and isn't needed otherwise.
const othersPatience = 10 * time.Second

// othersAtOnce bounds how many of them are asked at the same time: a worker can hold the credentials of hundreds.
const othersAtOnce = 16

// elsewhere is what the other orgs that the worker holds credentials of tell of a connection.
type elsewhere struct {
	found   []connection.Existing
	unasked []string
}

// othersThan are the clients of the other orgs, by name, where they have to be asked: nothing of the connection is here, and Temporal knows
// of no run that tells where it is. A document that was moved to another org and another account looks like a new one then.
func (a *Activities) othersThan(here planner.State, before *earlierRun) map[string]*okta.Client {
	if here.App != nil || here.IdentityProvider != nil || before != nil && before.Told {
		return nil
	}
	others := maps.Clone(a.Orgs)
	maps.DeleteFunc(others, func(_ string, org *okta.Client) bool { return org.URL() == here.OktaURL })
	return others
}

// ask looks for the connection's app in other orgs, in some at the same time. One that doesn't answer is noted, and keeps nothing up.
func (e *elsewhere) ask(ctx context.Context, orgs map[string]*okta.Client, name string) error {
	names := slices.Sorted(maps.Keys(orgs))
	apps, failures := make([][]okta.App, len(names)), make([]error, len(names))
	within, cancel := context.WithTimeout(ctx, othersPatience)
	defer cancel()
	slots := make(chan struct{}, othersAtOnce)
	var calls []func() error
	for i, each := range names {
		calls = append(calls, func() error {
			slots <- struct{}{}
			defer func() { <-slots }()
			apps[i], failures[i] = orgs[each].ListApps(within)
			return nil
		})
	}
	if err := together(calls...); err != nil {
		return err
	}
	for i, each := range names {
		if failures[i] != nil {
			e.unasked = append(e.unasked, fmt.Sprintf("%s (%v)", each, failures[i]))
		}
		for _, app := range planner.ConnectionsIn(apps[i], name) {
			told := planner.Tell(each, orgs[each].URL(), app)
			told.Document = nil
			e.found = append(e.found, told)
		}
	}
	return ctx.Err()
}

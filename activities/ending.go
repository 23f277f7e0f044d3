package activities

import (
	"context"
	"maps"
	"slices"

	"go.temporal.io/sdk/activity"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/rules"
)

// ownRun is the run that scheduled the step. Temporal says so, whatever the step's input does.
func ownRun(ctx context.Context) string { return activity.GetInfo(ctx).WorkflowExecution.RunID }

// mayEnd refuses to delete, to release or to forget what a connection consists of that the worker's rules don't let be disconnected. A run
// may take back what it made itself: a rollback is no disconnect. The apps are those that were read already.
func (o *owner) mayEnd(ctx context.Context, id string, apps ...okta.App) error {
	refused := o.allow(o.fence, rules.Asked{Disconnect: true})
	if refused == nil {
		return nil
	}
	ours := planner.Ours{Connection: o.Connection, Apps: apps}
	if len(apps) == 0 {
		var err error
		if ours.Apps, err = o.everywhere(ctx); err != nil {
			return err
		}
	}
	if ours.MayEnd(id, ownRun(ctx)) {
		return nil
	}
	return refused
}

// everywhere are the connection's apps in all orgs that the worker's rules let it have: a step can tell of the wrong one.
func (o *owner) everywhere(ctx context.Context) (own []okta.App, err error) {
	for _, name := range slices.Sorted(maps.Keys(o.Orgs)) {
		if o.allow(Fence{Connection: o.Connection}, rules.Asked{Org: name}) != nil {
			continue
		}
		all, err := o.Orgs[name].ListApps(ctx)
		if err != nil {
			return nil, err
		}
		own = append(own, planner.ConnectionsIn(all, o.Connection)...)
	}
	return own, nil
}

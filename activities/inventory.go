package activities

import (
	"context"
	"maps"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// HeldOrgs is what ListOrgs returns.
type HeldOrgs struct {
	Tried
	// Orgs are the names that connections use, in order.
	Orgs []string `json:"orgs"`
}

// ListOrgs tells which orgs the worker holds credentials of. It asks no provider.
func (a *Activities) ListOrgs(context.Context) (HeldOrgs, error) {
	return HeldOrgs{Orgs: slices.Sorted(maps.Keys(a.Orgs))}, nil
}

// InventoryRequest says which connections to look for in an org.
type InventoryRequest struct {
	Org string `json:"org" form:"name"`
	// Name is the connection's; "" is every connection.
	Name string `json:"name,omitempty" form:"name"`
}

// Listed is what ListConnections found.
type Listed struct {
	Tried
	Connections []connection.Existing `json:"connections,omitempty"`
}

// ListConnections finds the connections in an org by their apps, and changes nothing. A list can be behind: the app of a connection that
// was asked for by name is read by its id.
func (a *Activities) ListConnections(ctx context.Context, request InventoryRequest) (Listed, error) {
	org, held := a.Orgs[request.Org]
	if !held {
		return Listed{}, noCredentials("okta.orgs", request.Org)
	}
	all, err := org.ListApps(ctx)
	if err != nil {
		return Listed{}, fail(ctx, err)
	}
	ours := planner.ConnectionsIn(all, request.Name)
	if request.Name != "" {
		if ours, err = readApps(ctx, org, ours); err != nil {
			return Listed{}, fail(ctx, err)
		}
	}
	found := Listed{}
	for _, app := range planner.ConnectionsIn(ours, request.Name) {
		told := planner.Tell(request.Org, org.URL(), app)
		if request.Name == "" {
			told.Document = nil // many documents can be more than a payload holds
		}
		found.Connections = append(found.Connections, told)
	}
	return found, nil
}

// readApps reads apps by their ids. One that is gone is left out.
func readApps(ctx context.Context, org *okta.Client, listed []planner.ListedApp) (there []planner.ListedApp, err error) {
	for _, each := range listed {
		app, err := org.ReadApp(ctx, each.ID)
		if err != nil {
			return nil, err
		}
		if app != nil {
			there = append(there, *app)
		}
	}
	return there, nil
}

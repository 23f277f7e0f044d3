package workflows

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/codec"
)

// inventoryBudget is how long an org may take to be read, its retries included: someone waits for the answer.
const inventoryBudget = 2 * time.Minute

// Inventory finds the connections that exist in the orgs that the worker holds credentials of. It changes nothing. An org that can't be
// read is named, and the others are told of all the same.
func (w *Workflows) Inventory(ctx workflow.Context, request connection.InventoryRequest) (connection.Inventory, error) {
	r := &run{options: w.Options, spec: connection.Spec{Name: request.Name, TimeBudget: connection.Duration(inventoryBudget)}}
	r.progress = connection.Progress{
		Connection: request.Name, Operation: connection.InventoryWorkflow, State: connection.RunRunning, StartedAt: workflow.Now(ctx),
	}
	r.hearRetries(ctx)
	inventory := connection.Inventory{Connections: []connection.Existing{}, Orgs: slices.Compact(slices.Sorted(slices.Values(request.Orgs)))}
	if len(inventory.Orgs) == 0 {
		listOrgs := workflow.WithActivityOptions(ctx, w.Options.step("ListOrgs", "Find the orgs that the worker holds"))
		var held activities.HeldOrgs
		if err := workflow.ExecuteActivity(listOrgs, steps.ListOrgs).Get(ctx, &held); err != nil {
			return inventory, fmt.Errorf("find the orgs that the worker holds: %w", err)
		}
		inventory.Orgs = held.Orgs
	}
	var reads []func(workflow.Context) error
	for _, org := range inventory.Orgs {
		reads = append(reads, func(ctx workflow.Context) error { return r.look(ctx, &inventory, request.Name, org) })
	}
	if err := together(ctx, reads...); err != nil {
		return inventory, err
	}
	slices.SortFunc(inventory.Connections, func(a, b connection.Existing) int {
		return cmp.Or(cmp.Compare(a.Connection, b.Connection), cmp.Compare(a.Org, b.Org), cmp.Compare(a.AppID, b.AppID))
	})
	slices.SortFunc(inventory.Unread, func(a, b connection.UnreadOrg) int { return cmp.Compare(a.Org, b.Org) })
	return inventory, nil
}

// takeInventory reads the input of an inventory, which may be left out.
func (w *Workflows) takeInventory(ctx workflow.Context, input converter.EncodedValues) (any, error) {
	var request connection.InventoryRequest
	if !input.HasValues() {
		return w.Inventory(ctx, request)
	}
	err := decode(input, &request)
	if faults := passedOver[connection.InventoryRequest](input); err == nil && len(faults) > 0 {
		err = &connection.Faults{Faults: faults} // a misspelt key would ask for all connections, or in all orgs
	}
	switch {
	case codec.Plain(err):
		return nil, cantBegin(ctx, notEncrypted("the request"))
	case codec.Unreadable(err):
		return nil, cantBegin(ctx, connection.Failure{
			Step: "the request", Message: "the request can't be decrypted: " + err.Error(), Advice: "give the worker the key, then start the inventory again",
		})
	case err != nil:
		return nil, cantBegin(ctx, connection.Failure{
			Step: "the request", Message: "the input is not a request for an inventory: " + err.Error(),
			Advice: `start it again with {"name": …, "orgs": […]}, both of which may be left out, as JSON, as its only input`,
		})
	}
	return w.Inventory(ctx, request)
}

// look adds the connections in an org, or why they can't be told.
func (r *run) look(ctx workflow.Context, inventory *connection.Inventory, name, org string) error {
	id := "ListConnections " + org
	request := activities.InventoryRequest{Org: org, Name: name}
	listed, err := step(ctx, r, id, "Find the connections in Okta org "+quoted(org), steps.ListConnections, fixed(request))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		inventory.Unread = append(inventory.Unread, connection.UnreadOrg{Org: org, Failure: failureOf(id, err)})
		return nil
	}
	inventory.Connections = append(inventory.Connections, listed.Connections...)
	return nil
}

package runs

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
)

// inventoryWithin bounds an inventory as a whole: no worker may take it up.
const inventoryWithin = 3 * time.Minute

// Inventory asks a worker which connections exist in its orgs. It changes nothing. When the context ends first, the inventory is given
// up.
func (r *Runs) Inventory(ctx context.Context, request connection.InventoryRequest) (connection.Inventory, error) {
	options := client.StartWorkflowOptions{
		ID: connection.InventoryWorkflowID(uuid.NewString()), WorkflowExecutionTimeout: inventoryWithin, TaskQueue: r.options.TaskQueue,
	}
	var inventory connection.Inventory
	started, err := r.client.ExecuteWorkflow(ctx, options, connection.InventoryWorkflow, request)
	if err != nil {
		return inventory, fmt.Errorf("start workflow %s: %w", connection.InventoryWorkflow, err)
	}
	err = started.Get(ctx, &inventory)
	if ctx.Err() != nil {
		r.giveUp(ctx, Run{WorkflowID: started.GetID(), RunID: started.GetRunID()}, "inventory")
		return inventory, ctx.Err()
	}
	if err != nil {
		return inventory, fmt.Errorf("ask a worker on task queue %q which connections exist: %w", r.options.TaskQueue, err)
	}
	return inventory, nil
}

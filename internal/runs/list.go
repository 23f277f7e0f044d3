package runs

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"go.temporal.io/api/workflowservice/v1"

	"github.com/accessbridge/accessbridge/connection"
)

// pageSize is how many runs one request for a list brings.
const pageSize = 500

// List returns the newest run of every connection, by name. It reads what Temporal keeps for lists and asks no worker, so
// it tells neither progress nor results.
func (r *Runs) List(ctx context.Context) ([]Status, error) {
	query := fmt.Sprintf("WorkflowType IN (%q, %q)", connection.ConnectWorkflow, connection.DisconnectWorkflow)
	newest := map[string]Status{}
	err := r.each(ctx, query, func(status Status) {
		known, seen := newest[status.Connection]
		if !seen || known.StartedAt.Before(status.StartedAt) {
			newest[status.Connection] = status
		}
	})
	if err != nil {
		return nil, fmt.Errorf("list the runs in Temporal: %w", err)
	}
	byName := func(a, b Status) int { return cmp.Compare(a.Connection, b.Connection) }
	return slices.SortedFunc(maps.Values(newest), byName), nil
}

// ListOpen returns the open runs of the task queue that change a connection.
func (r *Runs) ListOpen(ctx context.Context) ([]Status, error) {
	query := fmt.Sprintf("WorkflowType IN (%q, %q) AND ExecutionStatus = \"Running\" AND TaskQueue = %q",
		connection.ConnectWorkflow, connection.DisconnectWorkflow, r.options.TaskQueue)
	var open []Status
	if err := r.each(ctx, query, func(status Status) { open = append(open, status) }); err != nil {
		return nil, fmt.Errorf("list the open runs in Temporal: %w", err)
	}
	return open, nil
}

// each calls the function for every run that the query finds and that is of a connection: workflows of others may have
// the same type.
func (r *Runs) each(ctx context.Context, query string, found func(Status)) error {
	request := &workflowservice.ListWorkflowExecutionsRequest{PageSize: pageSize, Query: query}
	for {
		page, err := r.client.ListWorkflow(ctx, request)
		if err != nil {
			return err
		}
		for _, info := range page.GetExecutions() {
			if status := r.fromInfo(info); status.Connection != "" {
				found(status)
			}
		}
		request.NextPageToken = page.GetNextPageToken()
		if len(request.NextPageToken) == 0 {
			return nil
		}
	}
}

package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// newest refuses to act for a run that was reset in Temporal after others changed the connection: what it surveyed is long gone. Only a
// run that was reset can be older than what others did, as one run of a connection is open at a time.
func (f Fence) newest(ctx context.Context) error {
	server := activity.GetClient(ctx)
	if !f.reset(ctx) || server == nil {
		return nil
	}
	later, err := laterRun(ctx, server, f)
	if err != nil || later == "" {
		return err
	}
	return f.superseded(later)
}

// newestWriter refuses likewise where the connection's memory was written by a later run: Temporal may have forgotten that run.
func (f Fence) newestWriter(ctx context.Context, org *okta.Client) error {
	if !f.reset(ctx) {
		return nil
	}
	apps, err := org.ListApps(ctx)
	if err != nil {
		return fail(ctx, err)
	}
	for _, app := range apps {
		ours := planner.OwnsClientID(f.Connection, app.ClientID) || app.Connection == f.Connection
		if ours && app.Memory != nil && app.Memory.Run != f.Run && app.Memory.Started.After(f.Started) {
			return f.superseded(app.Memory.Run)
		}
	}
	return nil
}

func (f Fence) superseded(later string) error {
	message := fmt.Sprintf("run %s of connection %q began after this run did: a run that was reset changes nothing that a later one did", later, f.Connection)
	return temporal.NewNonRetryableApplicationError(message, connection.ErrorSuperseded, nil, Detail{
		Message: message, Superseded: true, Advice: "start a new run: it surveys both sides first",
	})
}

// laterRun is a run of the connection that began after the fence's run did, and is none that this one was reset from; "" when there is
// none.
func laterRun(ctx context.Context, server client.Client, f Fence) (string, error) {
	all, err := runsOf(ctx, server, f.Connection)
	if err != nil {
		return "", err
	}
	resets := map[string]string{} // each run to the one that it was reset to
	var later []string
	for _, listed := range all {
		run := listed.GetExecution()
		described, err := server.DescribeWorkflowExecution(ctx, run.GetWorkflowId(), run.GetRunId())
		var gone *serviceerror.NotFound
		if errors.As(err, &gone) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("read run %s of connection %q: %w", run.GetRunId(), f.Connection, err)
		}
		resets[run.GetRunId()] = described.GetWorkflowExtendedInfo().GetResetRunId()
		if startOf(described.GetWorkflowExecutionInfo()).After(f.Started) {
			later = append(later, run.GetRunId())
		}
	}
	own := activity.GetInfo(ctx).WorkflowExecution.RunID
	for _, run := range later {
		if run != own && !leadsTo(resets, run, own) {
			return run, nil
		}
	}
	return "", nil
}

func startOf(info *workflowpb.WorkflowExecutionInfo) time.Time { return info.GetStartTime().AsTime() }

// leadsTo reports whether a run was reset, once or more often, to another.
func leadsTo(resets map[string]string, from, to string) bool {
	for range len(resets) {
		if from = resets[from]; from == to {
			return true
		}
	}
	return false
}

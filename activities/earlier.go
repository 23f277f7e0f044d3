package activities

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
	internal "github.com/accessbridge/accessbridge/internal/temporal"
)

// mostRuns is how many runs of a connection are looked through, the newest first.
const mostRuns = 20

// earlierRun is the last run of a connection before this one, as Temporal tells of it.
type earlierRun struct {
	// Result is what it returned, or what its error carried; nil when it ended without saying.
	Result *connection.Result
	// Unclean means that it ended without settling what it had asked for: it was terminated or ran out of time.
	Unclean bool
	// ConnectedTo is where the last of the earlier runs that ended well left the connection; nil when it disconnected.
	ConnectedTo *planner.Target
	// Told means that there is such a run: it is known where the connection is, or that it is nowhere.
	Told     bool
	ClosedAt time.Time
}

// runsOf lists the runs that Temporal remembers of a connection, the newest first. A plan changes nothing and is no such run.
func runsOf(ctx context.Context, server client.Client, name string) ([]*workflowpb.WorkflowExecutionInfo, error) {
	listed, err := server.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{
		Query: fmt.Sprintf("WorkflowId = %q", connection.WorkflowID(name)), PageSize: mostRuns,
	})
	var denied *serviceerror.PermissionDenied
	var unimplemented *serviceerror.Unimplemented
	if errors.As(err, &denied) || errors.As(err, &unimplemented) {
		activity.GetLogger(ctx).Warn("the earlier runs of the connection can't be listed: the worker may not", "error", err)
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the earlier runs of connection %q: %w", name, err)
	}
	return listed.GetExecutions(), nil
}

// earlier returns the run before this one, or nil when Temporal knows of none.
func earlier(ctx context.Context, name string) (before *earlierRun, err error) {
	server := activity.GetClient(ctx)
	if server == nil {
		return nil, nil
	}
	all, err := runsOf(ctx, server, name)
	if err != nil {
		return nil, err
	}
	own := activity.GetInfo(ctx).WorkflowExecution.RunID
	for _, listed := range all {
		run := listed.GetExecution()
		if run.GetRunId() == own {
			continue
		}
		// The list can be behind; the run itself is not.
		described, err := server.DescribeWorkflowExecution(ctx, run.GetWorkflowId(), run.GetRunId())
		var gone *serviceerror.NotFound
		if errors.As(err, &gone) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the earlier run %s of connection %q: %w", run.GetRunId(), name, err)
		}
		found := resultOf(ctx, server, described.GetWorkflowExecutionInfo())
		if found != nil && found.Unclean {
			// One that was ended before a worker had begun it changed nothing. Where that can't be read, it may have.
			if untaken, err := internal.Untaken(ctx, server, run.GetWorkflowId(), run.GetRunId()); err == nil && untaken {
				continue
			}
		}
		if before == nil {
			before = found
		}
		if state := found.state(); before != nil && (state == connection.RunConnected || state == connection.RunDisconnected) {
			before.ConnectedTo, before.Told = found.connectedTo(), true
			break
		}
	}
	return before, nil
}

// state is how the run ended; "" when it didn't say.
func (e *earlierRun) state() connection.RunState {
	if e == nil || e.Result == nil {
		return ""
	}
	return e.Result.State
}

// connectedTo is where the run left the connection; nil when it disconnected. Runs of earlier versions don't say.
func (e *earlierRun) connectedTo() *planner.Target {
	if e.state() != connection.RunConnected || e.Result.OktaURL == "" {
		return nil
	}
	return &planner.Target{OktaURL: e.Result.OktaURL, AccountID: e.Result.AccountID}
}

// connected are the ids of what the connection consisted of when the run had connected it; none when it ended otherwise.
func (e *earlierRun) connected() planner.References {
	if e.state() != connection.RunConnected {
		return planner.References{}
	}
	return hints(e, "")
}

// resultOf is what an earlier run left. One that is still open is no earlier run: a plan looks beside it.
func resultOf(ctx context.Context, server client.Client, info *workflowpb.WorkflowExecutionInfo) *earlierRun {
	found := &earlierRun{ClosedAt: info.GetCloseTime().AsTime()}
	switch info.GetStatus() {
	case enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, enumspb.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW:
		return nil
	case enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED, enumspb.WORKFLOW_EXECUTION_STATUS_TIMED_OUT:
		found.Unclean = true
		return found
	}
	var result connection.Result
	err := server.GetWorkflow(ctx, info.GetExecution().GetWorkflowId(), info.GetExecution().GetRunId()).Get(ctx, &result)
	var failed *temporal.ApplicationError
	var cancelled *temporal.CanceledError
	switch {
	case errors.As(err, &failed) && failed.HasDetails():
		err = failed.Details(&result)
	case errors.As(err, &cancelled) && cancelled.HasDetails():
		err = cancelled.Details(&result)
	}
	if err != nil {
		return found // it is a hint, no more
	}
	found.Result = &result
	return found
}

// unsettled is how long something that the run asked for may still be carried out, and why.
func (e *earlierRun) unsettled(now time.Time, window time.Duration) (time.Duration, string) {
	switch {
	case e == nil:
		return 0, ""
	case e.Unclean:
		return min(e.ClosedAt.Add(window).Sub(now), window), "the run before was terminated"
	case e.Result != nil && e.Result.UnsettledUntil != nil:
		return min(e.Result.UnsettledUntil.Sub(now), window), "an answer to the run before was lost"
	}
	return 0, ""
}

// deleted are the ids of what the run deleted: what it disconnected, and what it had made before it rolled back.
func (e *earlierRun) deleted() map[string]bool {
	ids := map[string]bool{}
	if e == nil || e.Result == nil {
		return ids
	}
	result := e.Result
	made := map[connection.Resource]string{
		connection.ResourceApp: result.AppID, connection.ResourceIdentityProvider: result.IdentityProviderID, connection.ResourcePolicy: result.PolicyID,
	}
	back := result.State == connection.RunRolledBack || result.State == connection.RunCancelled
	for _, change := range result.Changes {
		switch {
		case result.State == connection.RunDisconnected && change.Action == connection.ActionDelete:
			ids[change.ID] = true
		case back && change.Action == connection.ActionCreate:
			ids[made[change.Resource]] = true
		}
	}
	return ids
}

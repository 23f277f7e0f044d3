package runs

import (
	"context"
	"fmt"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	workflowpb "go.temporal.io/api/workflow/v1"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/codec"
)

// Status is what is known of a run.
type Status struct {
	Connection string `json:"connection"`
	// Operation is the workflow type: Connect or Disconnect.
	Operation string `json:"operation"`
	// State is where the run stands; "" for a run that Temporal ended without its doing: see Ending.
	State connection.RunState `json:"state,omitempty"`
	Open  bool                `json:"open"`
	// Ending says how a run ended that has no State of its own: terminated, timed out, or failed with something unforeseen.
	Ending     string     `json:"ending,omitempty"`
	WorkflowID string     `json:"workflow_id"`
	RunID      string     `json:"run_id"`
	TaskQueue  string     `json:"task_queue,omitempty"`
	StartedAt  time.Time  `json:"started_at"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	// Needs is what a run in state needs_operator waits for, as lists tell it too.
	Needs *connection.Failure `json:"needs,omitempty"`
	// Progress is the run step by step. It is nil for an ended run whose steps no worker told.
	Progress *connection.Progress `json:"progress,omitempty"`
	// Partial says why Progress holds only what Temporal knows by itself, the steps that are running now; "" when it is whole.
	Partial string `json:"partial,omitempty"`
	// Unreadable says why what the run tells of itself can't be read here: it is encrypted with a key that isn't at hand.
	Unreadable string `json:"unreadable,omitempty"`
	// Result is what an ended run returned, or what its failure carried.
	Result *connection.Result `json:"result,omitempty"`
}

// Phrase is the state in words for a person.
func (s Status) Phrase() string {
	if s.State == "" {
		return s.Ending
	}
	return strings.ReplaceAll(string(s.State), "_", " ")
}

// Failure is why the run is rolling back, waits or failed; nil when nothing failed.
func (s Status) Failure() *connection.Failure {
	switch {
	case s.Result != nil:
		return s.Result.Failure
	case s.Progress != nil && s.Progress.Needs != nil:
		return s.Progress.Needs
	case s.Needs != nil:
		return s.Needs
	case s.Progress != nil:
		return s.Progress.Failure
	}
	return nil
}

// Status tells where a run stands. An ended run is told from its result, without a worker; an open one by its worker, or
// else, when none answers in time, by what Temporal knows.
func (r *Runs) Status(ctx context.Context, run Run) (Status, error) {
	described, err := r.client.DescribeWorkflowExecution(ctx, run.WorkflowID, run.RunID)
	if err != nil {
		return Status{}, fmt.Errorf("ask Temporal about workflow %s: %w", run.WorkflowID, r.notFound(run, err))
	}
	status := r.fromInfo(described.GetWorkflowExecutionInfo())
	run.RunID = status.RunID
	if status.Open {
		r.addProgress(ctx, &status, described.GetPendingActivities())
		return status, nil
	}
	if err := r.addResult(ctx, &status); err != nil {
		return Status{}, err
	}
	return status, nil
}

// Describe tells what Temporal knows of a run, at once: it asks no worker and reads no result.
func (r *Runs) Describe(ctx context.Context, run Run) (Status, error) {
	described, err := r.client.DescribeWorkflowExecution(ctx, run.WorkflowID, run.RunID)
	if err != nil {
		return Status{}, fmt.Errorf("ask Temporal about workflow %s: %w", run.WorkflowID, r.notFound(run, err))
	}
	return r.fromInfo(described.GetWorkflowExecutionInfo()), nil
}

// fromInfo is what Temporal tells of a run in descriptions and in lists alike.
func (r *Runs) fromInfo(info *workflowpb.WorkflowExecutionInfo) Status {
	status := Status{
		Connection: connection.NameFromWorkflowID(info.GetExecution().GetWorkflowId()),
		Operation:  info.GetType().GetName(),
		State:      connection.RunState(memo[string](r, info.GetMemo(), connection.MemoState)),
		Needs:      memo[*connection.Failure](r, info.GetMemo(), connection.MemoNeeds),
		Open:       info.GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING,
		WorkflowID: info.GetExecution().GetWorkflowId(),
		RunID:      info.GetExecution().GetRunId(),
		TaskQueue:  info.GetTaskQueue(),
		StartedAt:  info.GetStartTime().AsTime(),
		Unreadable: r.unreadableMemo(info.GetMemo()),
	}
	if info.GetCloseTime() != nil {
		ended := info.GetCloseTime().AsTime()
		status.EndedAt = &ended
	}
	switch {
	case status.Open && (status.State == "" || status.State.Ended()):
		status.State = connection.RunRunning // no worker has begun it, or it ends just now
	case !status.Open && !status.State.Ended():
		status.State = "" // ended by Temporal before the workflow could say so
	}
	if !status.Open && status.State == "" {
		status.Ending = ending(info.GetStatus())
	}
	return status
}

// ending is how Temporal ended a run that didn't end by itself.
func ending(status enumspb.WorkflowExecutionStatus) string {
	switch status {
	case enumspb.WORKFLOW_EXECUTION_STATUS_TIMED_OUT:
		return "timed out"
	case enumspb.WORKFLOW_EXECUTION_STATUS_CANCELED:
		return string(connection.RunCancelled)
	default:
		return strings.ToLower(status.String())
	}
}

// memo reads a value of a run's memo; the zero one when there is none or it can't be read.
func memo[T any](r *Runs, memo *commonpb.Memo, key string) (value T) {
	if payload := memo.GetFields()[key]; payload != nil {
		_ = r.options.DataConverter.FromPayload(payload, &value) // what can't be read isn't known
	}
	return value
}

// unreadableMemo is why a run's memo can't be decrypted; "" when it can, or there is none.
func (r *Runs) unreadableMemo(memo *commonpb.Memo) string {
	var state string
	if err := r.options.DataConverter.FromPayload(memo.GetFields()[connection.MemoState], &state); codec.Unreadable(err) {
		return err.Error()
	}
	return ""
}

package runs

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/codec"
)

// addProgress tells how far an open run is: as its worker says, or else as far as Temporal knows.
func (r *Runs) addProgress(ctx context.Context, status *Status, pending []*workflowpb.PendingActivityInfo) {
	progress, err := r.query(ctx, *status)
	if err != nil {
		progress = connection.Progress{
			Connection: status.Connection, Operation: status.Operation, State: status.State, StartedAt: status.StartedAt,
			Steps: r.pendingSteps(pending),
		}
		status.Partial = r.whyNoProgress(err)
	}
	status.Progress = &progress
	if !progress.State.Ended() {
		status.State = progress.State
	}
}

// query asks the worker how far a run is.
func (r *Runs) query(ctx context.Context, status Status) (connection.Progress, error) {
	ctx, cancel := context.WithTimeout(ctx, r.options.QueryWithin)
	defer cancel()
	var progress connection.Progress
	value, err := r.client.QueryWorkflow(ctx, status.WorkflowID, status.RunID, connection.ProgressQuery)
	if err == nil {
		err = value.Get(&progress)
	}
	return progress, err
}

// whyNoProgress says in words why a query got no answer.
func (r *Runs) whyNoProgress(err error) string {
	var refused *serviceerror.QueryFailed
	var notReady *serviceerror.WorkflowNotReady
	switch {
	case codec.Unreadable(err):
		return "what the worker tells can't be read: " + err.Error()
	case errors.As(err, &refused):
		return "the worker can't tell how far the run is: " + refused.Error()
	case errors.As(err, &notReady):
		return fmt.Sprintf("no worker has taken up the run; is one running on task queue %q?", r.options.TaskQueue)
	default:
		return fmt.Sprintf("no worker answers; is one running on task queue %q?", r.options.TaskQueue)
	}
}

// lastError is why the last attempt of an activity failed, without what the SDK adds for programs.
func (r *Runs) lastError(activity *workflowpb.PendingActivityInfo) string {
	var said any
	if encoded := activity.GetLastFailure().GetEncodedAttributes(); encoded != nil {
		if err := r.options.DataConverter.FromPayload(encoded, &said); codec.Unreadable(err) {
			return "why can't be read: " + err.Error()
		}
	}
	converter := temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{DataConverter: r.options.DataConverter})
	err := converter.FailureToError(activity.GetLastFailure())
	var failure *temporal.ApplicationError
	if errors.As(err, &failure) {
		return failure.Message()
	}
	return err.Error()
}

// pendingSteps are the steps that run now, as far as Temporal knows them: by their activities. A step's ID is its activity's.
func (r *Runs) pendingSteps(pending []*workflowpb.PendingActivityInfo) []connection.Step {
	steps := make([]connection.Step, 0, len(pending))
	for _, activity := range pending {
		step := connection.Step{
			ID: activity.GetActivityId(), Title: activity.GetActivityId(), Status: connection.StepRunning, Attempt: int(activity.GetAttempt()),
		}
		if activity.GetLastStartedTime() != nil {
			step.StartedAt = activity.GetLastStartedTime().AsTime()
		}
		if activity.GetLastFailure() != nil {
			step.LastError = r.lastError(activity)
		}
		steps = append(steps, step)
	}
	return steps
}

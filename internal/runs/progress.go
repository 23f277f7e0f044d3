package runs

import (
	"context"

	workflowpb "go.temporal.io/api/workflow/v1"

	"github.com/accessbridge/accessbridge/connection"
)

// addProgress tells how far an open run is: as its worker says, or else as far as Temporal knows.
func (r *Runs) addProgress(ctx context.Context, status *Status, pending []*workflowpb.PendingActivityInfo) {
	progress, err := r.query(ctx, *status)
	if err != nil {
		progress = connection.Progress{
			Connection: status.Connection, Operation: status.Operation, State: status.State, StartedAt: status.StartedAt,
			Steps: r.pendingSteps(pending),
		}
		status.Partial = r.whyNoProgress(ctx, *status, err)
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
			step.LastError = r.words(activity.GetLastFailure())
		}
		steps = append(steps, step)
	}
	return steps
}

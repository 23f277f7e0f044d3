package runs

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
)

// Watch follows a run until it has ended or waits for a person, and reports each look at it, the last one too. It outlives
// a server that is away for a while, and says so in Partial; it ends with an error when the run is not found, or is there no
// more, or the context is done.
func (r *Runs) Watch(ctx context.Context, run Run, report func(Status)) (Status, error) {
	status, err := r.Status(ctx, run)
	if err != nil {
		return Status{}, err
	}
	run.RunID = status.RunID
	open, ended := context.WithCancel(ctx)
	defer ended()
	go func() {
		defer ended()
		r.waitEnded(open, run)
	}()
	again := time.NewTicker(r.options.Every)
	defer again.Stop()
	for status.Open && status.State != connection.RunNeedsOperator {
		report(status)
		select {
		case <-open.Done():
		case <-again.C:
		}
		if err := ctx.Err(); err != nil {
			return status, err
		}
		looked, err := r.Status(open, run)
		if open.Err() != nil && ctx.Err() == nil {
			return r.ended(ctx, run, report) // a look that the run's end cut short may know only half
		}
		var gone *NotFoundError
		switch {
		case err == nil:
			status = looked
		case errors.As(err, &gone):
			return status, err
		default:
			status.Partial = "Temporal doesn't answer."
		}
	}
	r.addSteps(ctx, &status)
	report(status)
	return status, nil
}

// ended reports a run that has ended; what can't be told of it is an error.
func (r *Runs) ended(ctx context.Context, run Run, report func(Status)) (Status, error) {
	status, err := r.Status(ctx, run)
	if err != nil {
		return status, err
	}
	r.addSteps(ctx, &status)
	report(status)
	return status, nil
}

// waitEnded returns when the run has ended or the context is done.
func (r *Runs) waitEnded(ctx context.Context, run Run) {
	again := time.NewTicker(r.options.Every)
	defer again.Stop()
	for ctx.Err() == nil {
		options := client.WorkflowRunGetOptions{DisableFollowingRuns: true}
		err := r.client.GetWorkflow(ctx, run.WorkflowID, run.RunID).GetWithOptions(ctx, nil, options)
		var ended *temporal.WorkflowExecutionError
		if err == nil || errors.As(err, &ended) {
			return
		}
		select { // the server is away: ask again
		case <-ctx.Done():
		case <-again.C:
		}
	}
}

// addSteps asks for the steps of a run that has ended since it was last looked at, so that none is missing in what was
// reported. Without a worker they stay unknown: the result tells the rest.
func (r *Runs) addSteps(ctx context.Context, status *Status) {
	if status.Open {
		return
	}
	if progress, err := r.query(ctx, *status); err == nil {
		status.Progress = &progress
	}
}

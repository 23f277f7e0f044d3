package workflows

import (
	"cmp"

	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

// execute carries out one try of a step, with its retries, and keeps account of it.
func (r *run) execute(ctx workflow.Context, step connection.Step, activity, input, out any) error {
	step.Status, step.Attempt, step.StartedAt = connection.StepRunning, 1, workflow.Now(ctx)
	at := len(r.progress.Steps)
	r.progress.Steps = append(r.progress.Steps, step)
	workflow.SetCurrentDetails(ctx, details(r.progress))
	if out == nil {
		out = &activities.Tried{}
	}
	err := workflow.ExecuteActivity(ctx, activity, input).Get(ctx, out)
	told := &r.progress.Steps[at]
	if tried, is := out.(interface{ Attempts() int }); is && tried.Attempts() > 0 {
		told.Attempt = tried.Attempts()
	}
	told.EndedAt, told.Status = new(workflow.Now(ctx)), connection.StepDone
	if err != nil {
		told.Status, told.LastError, told.Attempt = connection.StepFailed, failureOf(step.ID, err).Message, cmp.Or(attemptOf(err), told.Attempt)
	}
	workflow.SetCurrentDetails(ctx, details(r.progress))
	return err
}

// hearRetries takes in what steps that are tried again tell of themselves: a workflow sees neither their attempts nor why one
// failed until the step as a whole has settled.
func (r *run) hearRetries(ctx workflow.Context) {
	told := workflow.GetSignalChannelWithOptions(ctx, connection.RetrySignal, workflow.SignalChannelOptions{
		Description: "A step that is tried again tells so. Steps send it themselves.",
	})
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var retry connection.Retry
			told.Receive(ctx, &retry)
			r.retried(ctx, retry)
		}
	})
}

// retried notes a retry of a step that is still running; word of one that has settled comes too late.
func (r *run) retried(ctx workflow.Context, retry connection.Retry) {
	for i := range r.progress.Steps {
		step := &r.progress.Steps[i]
		if step.ID != retry.Step || step.Status != connection.StepRunning || retry.Attempt < step.Attempt {
			continue
		}
		step.Attempt = retry.Attempt
		if retry.LastError != "" {
			step.LastError = retry.LastError
		}
		workflow.SetCurrentDetails(ctx, details(r.progress))
	}
}

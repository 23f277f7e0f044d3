package workflows

import (
	"cmp"
	"context"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

// activityOf is an activity: what it takes and what it returns belong together.
type activityOf[In any, Out outcome] = func(context.Context, In) (Out, error)

// outcome is what every step returns: it says, beside its own, which attempt succeeded.
type outcome interface {
	Attempts() int
	Unanswered() []time.Time
}

// execute carries out one try of a step, with its retries, and keeps account of it. A step that changes what others change too waits
// for its turn first.
func execute[In any, Out outcome](ctx workflow.Context, r *run, step connection.Step, activity activityOf[In, Out], input In) (Out, error) {
	at := r.began(ctx, step)
	var out Out
	giveBack, err := r.inTurn(ctx, at, input)
	if err == nil {
		err = workflow.ExecuteActivity(ctx, activity, input).Get(ctx, &out)
		giveBack()
	}
	r.settled(ctx, at, out.Attempts(), err)
	return out, err
}

// began notes that a step is tried, and returns its place in the account.
func (r *run) began(ctx workflow.Context, step connection.Step) int {
	step.Status, step.Attempt, step.StartedAt = connection.StepRunning, 1, workflow.Now(ctx)
	r.progress.Steps = append(r.progress.Steps, step)
	workflow.SetCurrentDetails(ctx, details(r.progress))
	return len(r.progress.Steps) - 1
}

// settled notes how a step ended.
func (r *run) settled(ctx workflow.Context, at, attempts int, err error) {
	told := &r.progress.Steps[at]
	told.Attempt = cmp.Or(attempts, told.Attempt)
	told.EndedAt, told.Status = new(workflow.Now(ctx)), connection.StepDone
	if err != nil {
		told.Status, told.LastError, told.Attempt = connection.StepFailed, failureOf(told.ID, err).Message, cmp.Or(attemptOf(err), told.Attempt)
	}
	r.goesOn()
	workflow.SetCurrentDetails(ctx, details(r.progress))
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
		if retry.Limit != "" {
			r.waitsForLimit(workflow.Now(ctx), step.ID, retry.Limit)
		}
		workflow.SetCurrentDetails(ctx, details(r.progress))
	}
}

// undo is how a step is taken back. It is noted before the step is tried: a step whose answer is lost is undone too.
type undo struct {
	id, title string
	// doubts are told of answers to it that were lost.
	doubts   []*activities.Uncertain
	carryOut func(workflow.Context, connection.Step) (activities.Reverted, error)
}

// undoWith is an undo by an activity. Its input is asked for when it comes to it, so that it knows what the step returned, if it
// did.
func undoWith[In any](r *run, id, title string, activity activityOf[In, activities.Reverted], input func() In) undo {
	return undo{id: id, title: title, carryOut: func(ctx workflow.Context, step connection.Step) (activities.Reverted, error) {
		return execute(ctx, r, step, activity, input())
	}}
}

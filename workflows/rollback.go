package workflows

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

// undo is how a step is taken back. It is noted before the step is tried: a step whose answer is lost is undone too.
type undo struct {
	id, title string
	activity  any
	// input is asked for when it comes to it, so that it knows what the step returned, if it did.
	input func() any
}

// undoable notes how a step that is about to be tried is taken back.
func (r *run) undoable(id, title string, activity any, input func() any) {
	r.undo = append(r.undo, undo{id: connection.UndoPrefix + id, title: title, activity: activity, input: input})
}

// rollBack moves both sides back to the surveyed state, the last step first, and ends the run. It runs on after the run was
// cancelled, and never gives up.
func (r *run) rollBack(ctx workflow.Context, cause error) error {
	failure := failureOf(r.failedStep(cause), cause)
	cancelled := temporal.IsCanceledError(cause) || ctx.Err() != nil
	r.progress.Failure, r.result.Failure = &failure, &failure
	ctx, stop := workflow.NewDisconnectedContext(ctx)
	defer stop()
	r.enter(ctx, connection.RunRollingBack)
	for i := len(r.undo) - 1; i >= 0; i-- {
		r.backward(ctx, r.undo[i])
	}
	if cancelled {
		return r.cancelled(ctx)
	}
	r.enter(ctx, connection.RunRolledBack)
	return temporal.NewApplicationErrorWithOptions(fmt.Sprintf("rolled back: %s failed: %s", failure.Step, failure.Message), connection.ErrorRolledBack,
		temporal.ApplicationErrorOptions{NonRetryable: true, Details: []any{r.result}})
}

// backward takes one step back. What no retry mends waits for a person.
func (r *run) backward(ctx workflow.Context, back undo) {
	for try := 1; ; try++ {
		id := numbered(back.id, try)
		var reverted activities.Reverted
		step := connection.Step{ID: id, Title: back.title, Undo: true}
		err := r.execute(r.options.backward(ctx, id, back.title), step, back.activity, back.input(), &reverted)
		if err == nil {
			r.result.Left = append(r.result.Left, reverted.Left...)
			for _, left := range reverted.Left {
				r.note(id, "%s", left)
			}
			return
		}
		r.waitForOperator(ctx, failureOf(id, err))
	}
}

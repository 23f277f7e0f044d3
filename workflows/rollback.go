package workflows

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

// undoable notes how a step that is about to be tried is taken back.
// What its undoing tells of lost answers is added to the doubts.
func undoable[In any](r *run, id, title string, activity activityOf[In, activities.Reverted], input func() In, doubts ...*activities.Uncertain) {
	back := undoWith(r, connection.UndoPrefix+id, title, activity, input)
	back.doubts = doubts
	r.undo = append(r.undo, back)
}

// rollBack moves both sides back to the surveyed state, the last step first, and ends the run. It runs on after the run was
// cancelled, and never gives up; but what a later run made of both sides it leaves.
func (r *run) rollBack(ctx workflow.Context, cause error) error {
	if superseded(cause) {
		return r.superseded(ctx, cause)
	}
	failure := failureOf(r.failedStep(cause), cause)
	cancelled := temporal.IsCanceledError(cause) || ctx.Err() != nil
	r.progress.Failure, r.result.Failure = &failure, &failure
	ctx, stop := workflow.NewDisconnectedContext(ctx)
	defer stop()
	r.enter(ctx, connection.RunRollingBack)
	for _, each := range r.undo {
		r.expect(each.id)
	}
	for i := len(r.undo) - 1; i >= 0; i-- {
		if err := r.backward(ctx, r.undo[i]); err != nil {
			return r.superseded(ctx, err)
		}
	}
	if cancelled {
		return r.cancelled(ctx)
	}
	r.enter(ctx, connection.RunRolledBack)
	return temporal.NewApplicationErrorWithOptions(fmt.Sprintf("rolled back: %s failed: %s", failure.Step, failure.Message), connection.ErrorRolledBack,
		temporal.ApplicationErrorOptions{NonRetryable: true, Details: []any{r.result}})
}

// superseded ends a run that was reset after a later one had changed the connection: it changes nothing more.
func (r *run) superseded(ctx workflow.Context, cause error) error {
	failure := failureOf(r.failedStep(cause), cause)
	r.progress.Failure, r.result.Failure = &failure, &failure
	r.enter(ctx, connection.RunSuperseded)
	return temporal.NewApplicationErrorWithOptions("superseded: "+failure.Message, connection.ErrorSuperseded,
		temporal.ApplicationErrorOptions{NonRetryable: true, Details: []any{r.result}})
}

// backward takes one step back. What no retry fixes waits for an operator. It fails only when a later run has changed the connection.
func (r *run) backward(ctx workflow.Context, back undo) error {
	for try := 1; ; try++ {
		id := numbered(back.id, try)
		reverted, err := back.carryOut(r.options.backward(ctx, id, back.title), connection.Step{ID: id, Title: back.title, Undo: true})
		r.learn(ctx, reverted, err, back.doubts)
		if err == nil {
			r.result.Left = append(r.result.Left, reverted.Left...)
			for _, left := range reverted.Left {
				r.note(id, "%s", left)
			}
			return nil
		}
		if superseded(err) {
			return err
		}
		r.waitForOperator(ctx, failureOf(id, err))
	}
}

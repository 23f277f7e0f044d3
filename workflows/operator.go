package workflows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
)

// operator is what a person said to a run that waits for one.
type operator struct {
	// resumed counts how often somebody said resume.
	resumed int
	// gaveUp tells that somebody said rollback.
	gaveUp bool
	// paused are the failures of the steps that wait: steps that run at the same time can fail each on its own.
	paused []connection.Failure
}

// needs is what all paused steps need together, or nil when none waits.
func (o *operator) needs() *connection.Failure {
	if len(o.paused) == 0 {
		return nil
	}
	all := o.paused[0]
	for _, also := range o.paused[1:] {
		all.Step += ", " + also.Step
		all.Message += "\n" + also.Message
		if !strings.Contains(all.Advice, also.Advice) {
			all.Advice += "; " + also.Advice
		}
	}
	return &all
}

// waitForOperator holds a run open that can neither go on nor back, saying what it needs, until a person says resume.
func (r *run) waitForOperator(ctx workflow.Context, failure connection.Failure) {
	state, before := r.progress.State, r.operator.resumed
	r.progress.Needs = &failure
	r.enter(ctx, connection.RunNeedsOperator)
	_ = workflow.Await(ctx, func() bool { return r.operator.resumed > before }) // fails only when ctx is cancelled, and this one can't be
	r.progress.Needs = nil
	r.enter(ctx, state)
}

// pause holds a run open at a step that failed for good, until a person says resume or rollback, or its time is over. It fails
// only when the run is cancelled meanwhile.
func (r *run) pause(ctx workflow.Context, failure connection.Failure) (resumed bool, cancelled error) {
	before := r.operator.resumed
	r.operator.paused = append(r.operator.paused, failure)
	r.tellPaused(ctx)
	decided := func() bool { return r.operator.gaveUp || r.operator.resumed > before }
	_, cancelled = workflow.AwaitWithTimeout(ctx, time.Duration(r.spec.PauseTimeout), decided)
	r.operator.paused = slices.DeleteFunc(r.operator.paused, func(each connection.Failure) bool { return each.Step == failure.Step })
	r.tellPaused(ctx)
	return !r.operator.gaveUp && r.operator.resumed > before, cancelled
}

// tellPaused notes what the paused steps need.
func (r *run) tellPaused(ctx workflow.Context) {
	state := connection.RunRunning
	if r.progress.Needs = r.operator.needs(); r.progress.Needs != nil {
		state = connection.RunNeedsOperator
	}
	r.enter(ctx, state)
}

// offerUpdates lets a person say resume or rollback while the run waits for one.
func (r *run) offerUpdates(ctx workflow.Context) error {
	err := workflow.SetUpdateHandlerWithOptions(ctx, connection.ResumeUpdate,
		func(workflow.Context) error { r.operator.resumed++; return nil },
		workflow.UpdateHandlerOptions{
			Description: "Try again what failed, after what the run needs was mended.",
			Validator:   r.waits,
		})
	if err != nil {
		return fmt.Errorf("offer the update %q: %w", connection.ResumeUpdate, err)
	}
	err = workflow.SetUpdateHandlerWithOptions(ctx, connection.RollbackUpdate,
		func(workflow.Context) error { r.operator.gaveUp = true; return nil },
		workflow.UpdateHandlerOptions{
			Description: "Give up at the step that failed, and put both sides back as they were.",
			Validator: func() error {
				if err := r.waits(); err != nil {
					return err
				}
				if len(r.operator.paused) == 0 {
					return fmt.Errorf("the run of connection %q is not paused at a step: what it waits for is needed to put both sides back; say resume", r.spec.Name)
				}
				return nil
			},
		})
	if err != nil {
		return fmt.Errorf("offer the update %q: %w", connection.RollbackUpdate, err)
	}
	return nil
}

// waits refuses to tell a run something that waits for nobody.
func (r *run) waits() error {
	if r.progress.State != connection.RunNeedsOperator {
		return fmt.Errorf("the run of connection %q is not waiting for a person: its state is %s", r.spec.Name, r.progress.State)
	}
	return nil
}

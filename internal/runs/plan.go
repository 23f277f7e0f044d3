package runs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
)

// Refusal is what a plan says when there is a reason not to start.
type Refusal struct{ Result connection.Result }

// Error is the reason in the words of the survey.
func (e *Refusal) Error() string {
	if e.Result.Failure == nil {
		return "the survey found a reason not to start"
	}
	return e.Result.Failure.Message
}

// Plan asks a worker what connecting a document would change. It changes nothing. When the context ends first, the plan
// is given up: nobody else waits for it.
func (r *Runs) Plan(ctx context.Context, spec connection.Spec) (connection.Plan, error) {
	options := client.StartWorkflowOptions{
		ID: connection.PlanWorkflowID(spec.Name),
		// A plan that no worker takes up must not be in the way of the next one for ever.
		WorkflowExecutionTimeout: time.Duration(spec.TimeBudget) + time.Minute,
	}
	run, err := r.start(ctx, options, connection.PlanWorkflow, spec)
	var open *OpenError
	if errors.As(err, &open) {
		return connection.Plan{}, fmt.Errorf("somebody else's plan of connection %q is being made (run %s); try again when it is done", spec.Name, open.RunID)
	}
	if err != nil {
		return connection.Plan{}, err
	}
	var plan connection.Plan
	err = r.client.GetWorkflow(ctx, run.WorkflowID, run.RunID).Get(ctx, &plan)
	if ctx.Err() != nil {
		r.giveUp(ctx, run, "plan")
		return connection.Plan{}, ctx.Err()
	}
	if err := unreadable(err); err != nil {
		return connection.Plan{}, fmt.Errorf("read why the plan of connection %q failed: %w", spec.Name, err)
	}
	if result, ours := resultOf(err); err != nil && ours {
		return connection.Plan{}, &Refusal{Result: result}
	}
	if err != nil {
		return connection.Plan{}, fmt.Errorf("plan connection %q: %w", spec.Name, err)
	}
	return plan, nil
}

// giveUp ends a plan or an inventory that nobody waits for any more, best effort: it ends by itself later.
func (r *Runs) giveUp(ctx context.Context, run Run, what string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = r.client.TerminateWorkflow(ctx, run.WorkflowID, run.RunID, "nobody waits for this "+what+" any more")
}

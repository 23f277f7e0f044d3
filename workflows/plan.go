package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// Plan tells what Connect would change. It changes nothing.
func (w *Workflows) Plan(ctx workflow.Context, spec connection.Spec) (connection.Plan, error) {
	r, err := begin(ctx, w.Options, connection.PlanWorkflow, spec)
	if err != nil {
		return connection.Plan{}, err
	}
	r.spec.OnFailure = connection.OnFailureRollback // a plan never waits for a person: whoever asked for it waits for its answer
	state, err := r.survey(ctx, "", true)
	if err != nil {
		return connection.Plan{}, r.surveyFailed(ctx, err)
	}
	if problems := planner.Problems(r.spec, state); len(problems) > 0 {
		return connection.Plan{}, r.refusedFor(ctx, problems)
	}
	return planner.Diff(r.spec, state, ""), nil
}

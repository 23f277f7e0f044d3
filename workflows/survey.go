package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/internal/planner"
)

const stepSurvey = "Survey"

// survey reads what exists on both sides, before anything is changed.
func (r *run) survey(ctx workflow.Context) (planner.State, error) {
	surveyed, err := step(ctx, r, stepSurvey, "Find the authorization domain and survey both sides", steps.Survey, fixed(r.spec))
	if err == nil {
		r.note(stepSurvey, "authorization domain %s", surveyed.State.AuthDomain)
		r.result.AuthDomain = surveyed.State.AuthDomain
	}
	return surveyed.State, err
}

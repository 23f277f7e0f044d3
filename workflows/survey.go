package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
)

const stepSurvey = "Survey"

// survey reads what exists on both sides, before anything is changed.
func (r *run) survey(ctx workflow.Context) (connection.State, error) {
	var state connection.State
	err := r.step(ctx, stepSurvey, "Find the authorization domain and survey both sides", steps.Survey, r.spec, &state)
	if err == nil {
		r.note(stepSurvey, "authorization domain %s", state.AuthDomain)
		r.result.AuthDomain = state.AuthDomain
	}
	return state, err
}

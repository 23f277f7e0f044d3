package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

const stepSurvey = "Survey"

// survey reads what exists on both sides, before anything is changed.
func (r *run) survey(ctx workflow.Context) (connection.State, error) {
	var surveyed activities.Surveyed
	err := r.step(ctx, stepSurvey, "Find the authorization domain and survey both sides", steps.Survey, r.spec, &surveyed)
	if err == nil {
		r.note(stepSurvey, "authorization domain %s", surveyed.State.AuthDomain)
		r.result.AuthDomain = surveyed.State.AuthDomain
	}
	return surveyed.State, err
}

package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

const stepSurvey = "Survey"

// survey reads what exists on both sides, before anything is changed. unseen is an app that an earlier survey of the run didn't see;
// referrers asks for all that refers to the identity provider.
func (r *run) survey(ctx workflow.Context, unseen string, referrers bool) (planner.State, error) {
	request := activities.SurveyRequest{Spec: r.spec, Unseen: unseen, Referrers: referrers, Disconnect: r.disconnects()}
	surveyed, err := step(ctx, r, stepSurvey, "Find the authorization domain and survey both sides", steps.Survey, fixed(request))
	if err != nil {
		return planner.State{}, err
	}
	state := surveyed.State
	r.note(stepSurvey, "authorization domain %s", state.AuthDomain)
	r.result.OktaURL, r.result.AccountID, r.result.AuthDomain = state.OktaURL, state.AccountID, state.AuthDomain
	r.fence = activities.Fence{
		Connection: r.spec.Name, Started: workflow.GetInfo(ctx).WorkflowStartTime, OktaURL: state.OktaURL, AccountID: state.AccountID,
	}
	return state, nil
}

// disconnects reports whether the run takes the connection away.
func (r *run) disconnects() bool { return r.progress.Operation == connection.DisconnectWorkflow }

// remembers reports whether the run keeps the connection's memory in the Okta app, and gives the app the connection's client id; runs
// that began under earlier versions go on without.
func (r *run) remembers(ctx workflow.Context) bool {
	if workflow.GetVersion(ctx, "connection memory", workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return false
	}
	r.fence.Run = originalRun(ctx)
	return true
}

// signIns is the state with how people sign in to applications, and whether the run changes that: runs that began under earlier
// versions leave it alone.
func signIns(ctx workflow.Context, spec connection.Spec, have planner.State) (planner.State, bool) {
	if planner.ChangesSignIn(spec, have) && workflow.GetVersion(ctx, "sign-in to applications", workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return have.WithoutSignIn(), false
	}
	return have, true
}

// priorities is the state with whether the run changes the priorities of assigned groups: runs that began under earlier versions leave
// them alone.
func priorities(ctx workflow.Context, spec connection.Spec, have planner.State) planner.State {
	if len(planner.ChangedPriorities(spec, have)) > 0 && workflow.GetVersion(ctx, "priorities of assigned groups", workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return have.WithPrioritiesAsTheyAre()
	}
	return have
}

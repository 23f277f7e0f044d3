package workflows

import (
	"fmt"
	"slices"

	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// Disconnect moves both sides to nothing: it takes away what is the connection's own, in the order in which nothing is in use
// any more, and proves by another survey that nothing is left. Deleted things can't be put back, so once it has begun it goes
// on to the end: a cancellation comes too late then, and what no retry mends waits for a person.
func (w *Workflows) Disconnect(ctx workflow.Context, spec connection.Spec) (connection.Result, error) {
	r, err := begin(ctx, w.Options, connection.DisconnectWorkflow, spec)
	if err != nil {
		return connection.Result{}, err
	}
	r.spec.Adopt = false // a disconnect takes nothing over
	have, err := r.survey(ctx, "", true)
	if err != nil {
		return connection.Result{}, r.surveyFailed(ctx, err)
	}
	r.fence.Run = originalRun(ctx) // so that a disconnect which is reset takes nothing away that a later run made
	have, _ = signIns(ctx, r.spec, have)
	if problems := planner.DisconnectProblems(r.spec, have); len(problems) > 0 {
		return connection.Result{}, r.refusedFor(ctx, problems)
	}
	if ctx.Err() != nil {
		return connection.Result{}, r.cancelled(ctx)
	}
	ctx, stop := workflow.NewDisconnectedContext(ctx)
	defer stop()
	r.result.Notes = planner.DisconnectNotes(have)
	var kept []string
	if have.App != nil {
		kept = have.App.Kept
	}
	for round := 1; ; round++ {
		r.leaveAdopted(have, kept)
		if round > 1 {
			r.leaveElsewhere(have)
		}
		moves := r.takeAway(have, round)
		for _, move := range moves {
			if err := r.backward(ctx, move); err != nil {
				return connection.Result{}, r.superseded(ctx, err)
			}
		}
		if len(moves) == 0 {
			r.enter(ctx, connection.RunDisconnected)
			return r.result, nil
		}
		have = r.proveNothingLeft(ctx, round)
	}
}

// proveNothingLeft surveys both sides again.
func (r *run) proveNothingLeft(ctx workflow.Context, round int) planner.State {
	for try := 1; ; try++ {
		id := fmt.Sprintf("prove that nothing is left (%d.%d)", round, try)
		step := connection.Step{ID: id, Title: "Prove that nothing is left"}
		surveyed, err := execute(r.options.backward(ctx, id, step.Title), r, step, steps.Survey, activities.SurveyRequest{Spec: r.spec, Disconnect: true})
		if err == nil {
			return surveyed.State
		}
		r.waitForOperator(ctx, failureOf(id, err))
	}
}

// takeAway lists what takes away the connection's own things that the survey found, last made first.
func (r *run) takeAway(have planner.State, round int) []undo {
	var moves []undo
	away := func(name string, change connection.Change, by func(id, title string) undo) {
		change.Action = connection.ActionDelete
		r.result.Changes = append(r.result.Changes, change)
		moves = append(moves, by(fmt.Sprintf("%s (%d)", name, round), fmt.Sprintf("Delete the %s %q", change.Resource, change.Name)))
	}
	account, org := r.spec.Cloudflare.Account, r.spec.Okta.Org
	for _, application := range have.Applications {
		attachment := attachmentOf(r.fence, r.spec, have, application.ID, usedPolicy(have, application), idOf(have.IdentityProvider), connection.ActionDelete)
		if attachment.PolicyID != "" || attachment.SignIn != nil {
			away("DetachPolicy "+application.ID, connection.Change{Resource: connection.ResourceAttachment, Name: application.Domain, ID: application.ID},
				taking(r, steps.DetachPolicy, attachment))
		}
	}
	if policy := have.Policy; policy != nil && !policy.Adopted {
		away("DeletePolicy", connection.Change{Resource: connection.ResourcePolicy, Name: policy.Name, ID: policy.ID},
			taking(r, steps.RevertAccessPolicy, activities.PolicyMove{Fence: r.fence, Account: account, IdentityProviderID: idOf(have.IdentityProvider), Want: *policy}))
	}
	if idp := have.IdentityProvider; idp != nil && !idp.Adopted {
		away("DeleteIdentityProvider", connection.Change{Resource: connection.ResourceIdentityProvider, Name: idp.Name, ID: idp.ID},
			taking(r, steps.RevertIdentityProvider, activities.IdentityProviderMove{Fence: r.fence, Org: org, Account: account, Want: *idp}))
	}
	if app := have.App; app != nil && !app.Adopted {
		away("DeleteOktaApp", connection.Change{Resource: connection.ResourceApp, Name: app.Label, ID: app.ID},
			taking(r, steps.RevertOktaApp, activities.AppMove{Fence: r.fence, Org: org, Want: *app}))
	} else if app != nil && app.Connection != "" && round == 1 {
		moves = append(moves, r.releaseApp(*app))
	}
	return moves
}

// usedPolicy is the id of the policy that is detached from an application; "" for none. Others may have attached an adopted policy
// themselves; one of our own nobody else uses any more.
func usedPolicy(have planner.State, application planner.Application) string {
	if have.Policy == nil || !application.UsesPolicy || have.Policy.Adopted && (have.App == nil || !slices.Contains(have.App.Applications, application.ID)) {
		return ""
	}
	return have.Policy.ID
}

// leaveAdopted names what the connection adopted and leaves. It is told by the ids that the app's profile had before the app was
// deleted or released.
func (r *run) leaveAdopted(have planner.State, kept []string) {
	if found := have.Policy; found != nil && (found.Adopted || slices.Contains(kept, found.ID)) {
		found.Adopted = true
		r.leave(connection.ResourcePolicy, found.Name, found.ID)
	}
	if found := have.IdentityProvider; found != nil && (found.Adopted || slices.Contains(kept, found.ID)) {
		found.Adopted = true
		r.leave(connection.ResourceIdentityProvider, found.Name, found.ID)
	}
	if have.App != nil && have.App.Adopted {
		r.leave(connection.ResourceApp, have.App.Label, have.App.ID)
	}
}

// leaveElsewhere names an identity provider that others made since the first survey, and leaves it: it has the connection's client id, which
// is no secret, and signs people in at another org. What a late answer may still have made of the connection's own signs in at its org.
func (r *run) leaveElsewhere(have planner.State) {
	if found := have.IdentityProvider; found != nil && found.OktaAccount != have.OktaURL {
		found.Adopted = true
		r.leave(connection.ResourceIdentityProvider, found.Name, found.ID)
	}
}

// leave names a thing that is left, with its id: names aren't unique.
func (r *run) leave(resource connection.Resource, name, id string) {
	left := fmt.Sprintf("%s %q (%s) was not made by this connection: it is left, with its settings as they are", resource, name, id)
	if !slices.Contains(r.result.Left, left) {
		r.result.Left = append(r.result.Left, left)
	}
}

// releaseApp takes the connection's mark from an adopted app, which is left otherwise as it is.
func (r *run) releaseApp(app planner.App) undo {
	released := app
	released.Connection, released.Applications, released.Kept, released.Memory = "", nil, nil, nil
	move := activities.AppMove{Fence: r.fence, Org: r.spec.Okta.Org, Have: &released, Want: app}
	return undoWith(r, "ReleaseOktaApp", "Release the adopted Okta app "+quoted(app.Label), steps.RevertOktaApp, fixed(move))
}

// taking is a step of a disconnect whose input is known.
func taking[In any](r *run, activity activityOf[In, activities.Reverted], input In) func(id, title string) undo {
	return func(id, title string) undo { return undoWith(r, id, title, activity, fixed(input)) }
}

func idOf(identityProvider *planner.IdentityProvider) string {
	if identityProvider == nil {
		return ""
	}
	return identityProvider.ID
}

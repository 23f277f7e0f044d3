package workflows

import (
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// connect is one run of Connect: what was surveyed, and what is wanted.
type connect struct {
	*run
	have             planner.State
	app              planner.App
	identityProvider planner.IdentityProvider
	policy           planner.AccessPolicy
	// secret is the client secret that Cloudflare was handed, without its value; zero when it was handed none.
	secret planner.HandedSecret
	// appDoubt is what is known of updates of the app that got no answer: later ones must not be overtaken by them.
	appDoubt *activities.Uncertain
	// remembers means that the run keeps the connection's memory.
	remembers bool
	// signIn means that the run sees to it that people can sign in to the applications.
	signIn bool
}

// Connect carries out the documented procedure: it moves both sides from what the survey finds to what the document declares.
// A step that fails for good, and a cancelled run, move back to what the survey found.
func (w *Workflows) Connect(ctx workflow.Context, spec connection.Spec) (connection.Result, error) {
	return w.connectBy(ctx, spec, func(ctx workflow.Context, c *connect) error { return c.procedure(ctx) })
}

// mostSurveys bounds how often both sides are surveyed anew because a survey had not seen something of the connection.
const mostSurveys = 3

// connectBy surveys, carries the procedure out, and moves back when it fails.
func (w *Workflows) connectBy(ctx workflow.Context, spec connection.Spec, procedure func(workflow.Context, *connect) error) (connection.Result, error) {
	r, err := begin(ctx, w.Options, connection.ConnectWorkflow, spec)
	if err != nil {
		return connection.Result{}, err
	}
	for seen := ""; ; r.surveys++ {
		c, err := r.compare(ctx, seen)
		if err != nil {
			return connection.Result{}, err
		}
		err = procedure(ctx, c)
		if seen = unseen(err); seen != "" && r.surveys+1 < mostSurveys {
			r.undo = nil // the first step found it, and nothing was changed
			continue
		}
		if err != nil {
			c.orderAssignments(ctx)
			return connection.Result{}, c.rollBack(ctx, err)
		}
		c.enter(ctx, connection.RunConnected)
		return c.result, nil
	}
}

// compare surveys both sides and compares them with the document.
func (r *run) compare(ctx workflow.Context, unseen string) (*connect, error) {
	have, err := r.survey(ctx, unseen, false)
	if err != nil {
		return nil, r.surveyFailed(ctx, err)
	}
	have, signIn := signIns(ctx, r.spec, priorities(ctx, r.spec, have))
	if problems := planner.Problems(r.spec, have); len(problems) > 0 {
		return nil, r.refusedFor(ctx, problems)
	}
	c := &connect{run: r, have: have, remembers: r.remembers(ctx), signIn: signIn}
	clientID := planner.ClientID(r.spec.Name, 1)
	if !c.remembers {
		clientID = planner.RunClientID(r.spec.Name, workflow.GetInfo(ctx).OriginalRunID)
	}
	plan := planner.Diff(r.spec, have, clientID)
	r.result.Changes, r.result.Notes = plan.Changes, plan.Notes
	if c.app = planner.WantApp(r.spec, have, clientID); !c.remembers {
		c.app = planner.RememberApplications(c.app, have)
	}
	return c, nil
}

// procedure is the documented procedure, step by step. Steps that don't depend on each other run at the same time.
func (c *connect) procedure(ctx workflow.Context) error {
	if err := c.createOktaApp(ctx); err != nil {
		return err
	}
	atOnce := []func(workflow.Context) error{c.setGroupsClaim, c.registerIdentityProvider}
	atOnce = append(atOnce, c.assignGroups()...)
	if err := together(ctx, atOnce...); err != nil {
		return err
	}
	if err := c.createAccessPolicy(ctx); err != nil {
		return err
	}
	if err := together(ctx, c.attachPolicy()...); err != nil {
		return err
	}
	if !c.remembers {
		return c.testConnection(ctx)
	}
	return together(ctx, c.testConnection, c.writeMemory)
}

// createOktaApp makes the OpenID Connect app with Access's callback as its redirect URI.
func (c *connect) createOktaApp(ctx workflow.Context) error {
	move := &activities.AppMove{Fence: c.fence, Org: c.spec.Okta.Org, Have: c.have.App, Want: c.app}
	c.appDoubt = move.Doubt()
	change := planner.DiffApp(move.Have, move.Want)
	if !c.remembers {
		change = planner.DiffWholeApp(move.Have, move.Want)
	}
	_, err := bring(ctx, c.run, "CreateOktaApp", "the Okta app "+quoted(c.app.Label), change, steps.CreateOktaApp, steps.RevertOktaApp, move)
	c.app = move.Want
	c.result.AppID, c.result.ClientID = c.app.ID, c.app.ClientID
	return err
}

// setGroupsClaim opens the groups claim filter on the ID token.
func (c *connect) setGroupsClaim(ctx workflow.Context) error {
	const id = "SetGroupsClaim"
	move := &activities.ClaimMove{Fence: c.fence, Org: c.spec.Okta.Org, AppID: c.app.ID, IssuerMode: c.app.IssuerMode, Want: c.app.Claim}
	if c.have.App != nil {
		move.Have = c.have.App.Claim
	}
	_, back, moves := titles(planner.DiffClaim(c.have.App, c.app), "the groups claim")
	if !moves {
		return nil
	}
	if c.tooLate(ctx) {
		return ctx.Err()
	}
	input := func() activities.ClaimMove { return *move }
	if c.have.App != nil { // else it goes with the app
		undoable(c.run, id, back, steps.RevertGroupsClaim, input)
	}
	_, err := step(ctx, c.run, id, "Set the groups claim "+claimTitle(*c.app.Claim), steps.SetGroupsClaim, input, move.Doubt())
	return err
}

// claimTitle is what a claim is set to, as a step's title says it.
func claimTitle(claim planner.Claim) string {
	if claim.Filter == "" {
		return "to " + claim.String()
	}
	return "filter to " + claim.Filter + " " + quoted(claim.Value)
}

// registerIdentityProvider finds the client's credentials and adds Okta as an identity provider in Access.
func (c *connect) registerIdentityProvider(ctx workflow.Context) error {
	move := &activities.IdentityProviderMove{
		Fence: c.fence, Org: c.spec.Okta.Org, AppID: c.app.ID, Account: c.spec.Cloudflare.Account,
		Have: c.have.IdentityProvider, Want: planner.WantIdentityProvider(c.spec, c.have, c.app.ClientID), OwnClient: c.have.App == nil,
	}
	if c.have.Policy != nil {
		move.Own = []string{c.have.Policy.ID}
	}
	change := planner.DiffIdentityProvider(move.Have, move.Want)
	if change.Action != connection.ActionUnchanged {
		if err := c.readClientCredentials(ctx); err != nil {
			return err
		}
	}
	made, err := bring(ctx, c.run, "RegisterIdentityProvider", "the identity provider "+quoted(move.Want.Name), change, steps.RegisterIdentityProvider, steps.RevertIdentityProvider, move)
	c.identityProvider, c.result.IdentityProviderID, c.secret = move.Want, move.Want.ID, made.Secret
	return err
}

func (c *connect) readClientCredentials(ctx workflow.Context) error {
	const id = "ReadClientCredentials"
	ref := activities.AppRef{Fence: c.fence, Org: c.spec.Okta.Org, AppID: c.app.ID}
	found, err := step(ctx, c.run, id, "Find the client ID and the client secret", steps.ReadClientCredentials, fixed(ref))
	if err != nil {
		return err
	}
	c.note(id, "client ID %s, secret %s", c.app.ClientID, found.SecretID)
	return nil
}

// createAccessPolicy makes the policy that lets the declared groups and users in.
func (c *connect) createAccessPolicy(ctx workflow.Context) error {
	move := &activities.PolicyMove{
		Fence: c.fence, Account: c.spec.Cloudflare.Account, IdentityProviderID: c.identityProvider.ID,
		Have: c.have.Policy, Want: planner.WantPolicy(c.spec, c.have, c.identityProvider.ID),
	}
	change := planner.DiffPolicy(move.Have, move.Want)
	_, err := bring(ctx, c.run, "CreateAccessPolicy", "the Access policy "+quoted(move.Want.Name), change, steps.CreateAccessPolicy, steps.RevertAccessPolicy, move)
	c.policy, c.result.PolicyID = move.Want, move.Want.ID
	return err
}

// attachPolicy makes the declared applications use the policy, and those that the document names no more not.
func (c *connect) attachPolicy() []func(workflow.Context) error {
	var moves []func(workflow.Context) error
	for _, change := range c.result.Changes {
		if change.Resource != connection.ResourceAttachment || change.Action == connection.ActionUnchanged {
			continue
		}
		moves = append(moves, func(ctx workflow.Context) error {
			attachment := attachmentOf(c.fence, c.spec, c.have, change.ID, c.policy.ID, c.identityProvider.ID, change.Action)
			application := "the application " + quoted(change.Name)
			attach := transition[activities.Attachment]{"AttachPolicy " + change.ID, "Attach the policy to " + application, steps.AttachPolicy}
			detach := transition[activities.Attachment]{"DetachPolicy " + change.ID, "Detach the policy from " + application, steps.DetachPolicy}
			if change.Action == connection.ActionUpdate {
				attach.title, detach.title = "Change how people sign in to "+application, "Put back how people sign in to "+application
			}
			return toggle(ctx, c.run, attach, detach, change.Action, attachment, attachedBefore(attachment, change.Action))
		})
	}
	return moves
}

// testConnection proves the connection, as "Save and test" does.
func (c *connect) testConnection(ctx workflow.Context) error {
	const id = "TestConnection"
	tested, err := step(ctx, c.run, id, "Test the connection", steps.TestConnection, fixed(c.test()))
	if err == nil {
		c.result.Checks = tested.Checks
		c.result.TestURL = planner.TestURL(c.have.AuthDomain, c.identityProvider.ID)
		c.note(id, "%d checks passed", len(c.result.Checks))
	}
	return err
}

func (c *connect) test() activities.ConnectionTest {
	test := activities.ConnectionTest{
		Fence: c.fence, Org: c.spec.Okta.Org, AppID: c.app.ID, Account: c.spec.Cloudflare.Account,
		RedirectURI: planner.RedirectURI(c.have.AuthDomain), IdentityProvider: c.identityProvider,
		PolicyID: c.policy.ID, Applications: c.want().Applications, SignIn: c.signIn,
		Policy: &c.policy, Claim: c.app.Claim, Groups: c.app.Groups, Secret: c.secret,
	}
	if c.result.UnsettledUntil != nil {
		test.MarkLost()
	}
	return test
}

// want is the app as it is to remember the connection.
func (c *connect) want() planner.App {
	return planner.WantMemory(c.spec, c.have, c.app, c.identityProvider.ID, c.policy.ID, c.secret)
}

// writeMemory has the app's profile tell what the connection consists of. All of that is there by now.
func (c *connect) writeMemory(ctx workflow.Context) error {
	const id = "WriteMemory"
	before := c.app
	if c.have.App != nil {
		before.Applications, before.Memory = c.have.App.Applications, c.have.App.Memory
	}
	move := &activities.MemoryMove{Fence: c.fence, Org: c.spec.Okta.Org, Have: before, Want: c.want()}
	if planner.DiffMemory(&move.Have, move.Want).Action == connection.ActionUnchanged {
		return nil
	}
	if c.tooLate(ctx) {
		return ctx.Err()
	}
	input := func() activities.MemoryMove {
		if len(c.appDoubt.Until) > 0 {
			move.MarkLost(c.appDoubt.Until...)
		}
		return *move
	}
	if c.have.App != nil { // else it goes with the app
		undoable(c.run, id, "Put back what the Okta app remembers", steps.RevertMemory, input, c.appDoubt)
	}
	_, err := step(ctx, c.run, id, "Write what the connection consists of into the Okta app's profile", steps.WriteMemory, input, move.Doubt(), c.appDoubt)
	return err
}

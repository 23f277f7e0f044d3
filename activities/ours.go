package activities

import (
	"context"
	"fmt"
	"slices"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// ErrorNotOurs is the type of the error of a step that was to act on what isn't its connection's.
const ErrorNotOurs = "NotOurs"

// owner finds out what is a connection's, for a step that is about to act on it. It asks the providers, unless they said so to this worker
// lately: a step's input proves nothing, because whoever may write to the namespace can schedule a step with any.
type owner struct {
	*Activities
	planner.Ours
	fence   Fence
	org     *okta.Client
	account *cloudflare.Client
	// all are the apps of the org, once they were needed.
	all []okta.App
}

// ownerIn is the owner of a step on one side or both. A side that the step doesn't name is the one that its fence tells of.
func (a *Activities) ownerIn(fence Fence, org *okta.Client, account *cloudflare.Client) *owner {
	if org == nil {
		org = a.Orgs[a.orgsAt(fence.OktaURL)[0]]
	}
	if account == nil {
		account = a.Accounts[a.accountsWith(fence.AccountID)[0]]
	}
	return &owner{Activities: a, Ours: planner.Ours{Connection: fence.Connection}, fence: fence, org: org, account: account}
}

// What is proven of a thing: that the connection may change it, or that it made it, and may delete it.
const (
	proofChange = "may change"
	proofDelete = "may delete"
)

func (o *owner) proof(kind, id string) []string {
	side := ""
	if o.account != nil {
		side = o.account.Account()
	}
	return []string{kind, side, o.Connection, id}
}

// made notes that the connection has just made a thing.
func (o *owner) made(id string) {
	for _, kind := range []string{proofChange, proofDelete} {
		o.proven.note(o.proof(kind, id), "")
	}
}

// mine refuses to act on an app that isn't the connection's, and returns its client id. One that doesn't exist is left to the step.
func (o *owner) mine(ctx context.Context, appID string) (clientID string, err error) {
	proof := []string{"app", o.org.URL(), o.Connection, appID}
	if clientID, held := o.proven.held(proof); held {
		return clientID, nil
	}
	app, err := o.org.ReadApp(ctx, appID)
	if err != nil || app == nil {
		return "", err
	}
	if err := o.isMine(ctx, *app); err != nil {
		return "", err
	}
	return app.ClientID, nil
}

// isMine is mine for an app that was read.
func (o *owner) isMine(ctx context.Context, app okta.App) error {
	if !o.App(app) {
		return o.notOurs(ctx, fmt.Sprintf("Okta app %q (%s)", app.Label, app.ID))
	}
	o.noteApp(app.App)
	return nil
}

func (o *owner) noteApp(app planner.App) {
	o.proven.note([]string{"app", o.org.URL(), o.Connection, app.ID}, app.ClientID)
}

// forgetApp is for an app that may not be the connection's any more.
func (o *owner) forgetApp(id string) { o.proven.forget([]string{"app", o.org.URL(), o.Connection, id}) }

// identityProvider refuses to act on an identity provider that isn't the connection's.
func (o *owner) identityProvider(ctx context.Context, id string) error {
	return o.check(ctx, proofChange, id, o.ownsIdentityProvider)
}

// policy refuses to act on an Access policy that isn't the connection's.
func (o *owner) policy(ctx context.Context, id string) error {
	return o.check(ctx, proofChange, id, o.ownsPolicy)
}

// deletes refuses to delete what the connection didn't make.
func (o *owner) deletes(ctx context.Context, id string, owns ownership) error {
	if err := o.mayEnd(ctx, id); err != nil {
		return err
	}
	return o.check(ctx, proofDelete, id, func(ctx context.Context, id string) (string, bool, error) {
		name, own, err := owns(ctx, id)
		if err == nil && own { // the step may tell of an org where nothing of the connection is
			o.Apps, err = o.everywhere(ctx)
		}
		return name, own && !o.Adopted(id), err
	})
}

// ownership finds out whether a thing is the connection's, and what it is called; "" where there is none.
type ownership func(ctx context.Context, id string) (name string, own bool, err error)

func (o *owner) check(ctx context.Context, kind, id string, owns ownership) error {
	if _, held := o.proven.held(o.proof(kind, id)); held {
		return nil
	}
	name, own, err := owns(ctx, id)
	switch {
	case err != nil || name == "":
		return err
	case !own:
		return o.notOurs(ctx, name)
	}
	o.proven.note(o.proof(kind, id), "")
	return nil
}

func (o *owner) ownsIdentityProvider(ctx context.Context, id string) (string, bool, error) {
	found, err := o.account.ReadIdentityProvider(ctx, id)
	if found == nil || err != nil {
		return "", false, err
	}
	name := fmt.Sprintf("identity provider %q (%s)", found.Name, id)
	if o.IdentityProvider(*found) {
		return name, true, nil
	}
	err = o.readApps(ctx)
	return name, o.IdentityProvider(*found), err
}

func (o *owner) ownsPolicy(ctx context.Context, id string) (string, bool, error) {
	found, err := o.account.ReadPolicy(ctx, id)
	if found == nil || err != nil {
		return "", false, err
	}
	own, err := o.isPolicy(ctx, *found)
	return fmt.Sprintf("Access policy %q (%s)", found.Name, id), own, err
}

// isPolicy reports whether a policy that was read is the connection's. One that is built as ours are, for an identity provider that doesn't
// exist any more, lets in nobody: whoever has it loses nothing.
func (o *owner) isPolicy(ctx context.Context, policy planner.AccessPolicy) (bool, error) {
	required := map[string]bool{}
	for _, id := range policy.Requires() {
		name, own, err := o.ownsIdentityProvider(ctx, id)
		if err != nil {
			return false, err
		}
		required[id] = own || name == "" && policy.Declarable()
	}
	requires := func(id string) bool { return required[id] }
	if o.Policy(policy, requires) {
		return true, nil
	}
	err := o.readApps(ctx)
	return o.Policy(policy, requires), err
}

// readApps finds the connection's apps, which remember what it consists of. An org that the step doesn't tell of is nobody's.
func (o *owner) readApps(ctx context.Context) (err error) {
	if o.org == nil || o.all != nil {
		return o.heldOrg()
	}
	if o.all, err = o.org.ListApps(ctx); err != nil {
		return err
	}
	o.Apps = slices.DeleteFunc(slices.Clone(o.all), func(app okta.App) bool { return !o.App(app) })
	return nil
}

// heldOrg refuses to decide without the org that the run surveyed: another worker may hold it.
func (o *owner) heldOrg() error {
	if o.org == nil && o.fence.OktaURL != "" {
		return unheld("Okta org", o.fence.OktaURL)
	}
	return nil
}

// heldAccount refuses likewise.
func (o *owner) heldAccount() error {
	if o.account == nil && o.fence.AccountID != "" {
		return unheld("Cloudflare account", o.fence.AccountID)
	}
	return nil
}

// notOurs is the error for a thing that isn't the connection's. Lists can be behind, so that it is tried again for a while.
func (o *owner) notOurs(ctx context.Context, thing string) error {
	return o.refused(ctx, fmt.Sprintf("%s is not connection %q's: nothing that it was made with, and nothing that the connection remembers, says so", thing, o.Connection))
}

func (o *owner) refused(ctx context.Context, message string) error {
	attempt, until := heartOf(ctx).info.Attempt, heartOf(ctx).until()
	return temporal.NewApplicationErrorWithOptions("the step is refused: "+message, ErrorNotOurs, temporal.ApplicationErrorOptions{
		NonRetryable: lasting(ctx), Details: []any{Detail{
			Message: "the step is refused: " + message, Attempt: int(attempt), Lost: attempt > 1 || len(until) > 0, Until: until,
			Advice: "start the connection's workflow instead of scheduling the step by itself; if a run of it waits for this, give the Okta app back the profile that marks it as the connection's, then resume the run",
		}},
	})
}

package activities

import (
	"context"
	"fmt"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/rules"
)

// takesApp refuses to change an app that neither is the connection's nor could be taken over by a document that the worker's rules allow.
func (o *owner) takesApp(ctx context.Context, app okta.App) error {
	if !o.App(app) && o.MayTakeApp(app) {
		return o.allow(o.fence, rules.Asked{Org: o.orgName(), Adopt: true})
	}
	return o.isMine(ctx, app)
}

// orgName is a name that the worker has the org under.
func (o *owner) orgName() string { return o.orgsAt(o.org.URL())[0] }

// takesIdentityProvider refuses likewise.
func (o *owner) takesIdentityProvider(ctx context.Context, id string) error {
	return o.takes(ctx, id, o.ownsIdentityProvider, o.mayTakeIdentityProvider)
}

// takesPolicy refuses likewise.
func (o *owner) takesPolicy(ctx context.Context, id string) error {
	return o.takes(ctx, id, o.ownsPolicy, o.mayTakePolicy)
}

func (o *owner) takes(ctx context.Context, id string, owns, may ownership) error {
	return o.check(ctx, proofChange, id, func(ctx context.Context, id string) (string, bool, error) {
		name, own, err := owns(ctx, id)
		if name == "" || own || err != nil {
			return name, own, err
		}
		if err := o.readApps(ctx); err != nil {
			return name, false, err
		}
		if _, own, err = may(ctx, id); own && err == nil {
			err = o.allow(o.fence, rules.Asked{Adopt: true})
		}
		return name, own, err
	})
}

func (o *owner) mayTakeIdentityProvider(ctx context.Context, id string) (string, bool, error) {
	found, err := o.account.ReadIdentityProvider(ctx, id)
	if found == nil || err != nil {
		return "", false, err
	}
	return found.Name, o.MayTakeIdentityProvider(*found, o.all), nil
}

func (o *owner) mayTakePolicy(ctx context.Context, id string) (string, bool, error) {
	found, err := o.account.ReadPolicy(ctx, id)
	if found == nil || err != nil {
		return "", false, err
	}
	var required []cloudflare.IdentityProvider
	for _, each := range found.Requires() {
		provider, err := o.account.ReadIdentityProvider(ctx, each)
		if err != nil {
			return "", false, err
		}
		if provider != nil {
			required = append(required, *provider)
		}
	}
	return found.Name, o.MayTakePolicy(required, o.all), nil
}

// mayRemember refuses to write into an app's profile what it must not remember, or into one that isn't the connection's.
func (o *owner) mayRemember(ctx context.Context, now okta.App, next planner.App) error {
	if err := o.isMine(ctx, now); err != nil {
		return err
	}
	for _, id := range planner.Forgotten(now.App, next) {
		if err := o.mayEnd(ctx, id, now); err != nil {
			return err
		}
	}
	return o.remembers(ctx, now.App, next)
}

// remembers refuses to have an app remember what isn't the connection's: later steps go by it. What was taken over stays remembered as long
// as it is the connection's, so that it is never deleted.
func (o *owner) remembers(ctx context.Context, now, next planner.App) error {
	if next.Connection != "" && !o.Of(next.Connection) {
		return o.refused(ctx, fmt.Sprintf("Okta app %q (%s) would be marked as connection %q's, and the step is for %q", now.Label, now.ID, next.Connection, o.Connection))
	}
	own, taken := planner.Added(now, next)
	for _, id := range own {
		if err := o.eitherKind(ctx, id, o.identityProvider, o.policy); err != nil {
			return err
		}
	}
	for _, id := range taken {
		if err := o.eitherKind(ctx, id, o.takesIdentityProvider, o.takesPolicy); err != nil {
			return err
		}
	}
	for _, id := range planner.Released(now, next) {
		if err := o.isReleased(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// eitherKind is for an id at Cloudflare of which it isn't said what has it: where one kind has none with it, the other may.
func (o *owner) eitherKind(ctx context.Context, id string, checks ...func(context.Context, string) error) error {
	if err := o.heldAccount(); err != nil {
		return err
	}
	if o.account == nil {
		return o.refused(ctx, fmt.Sprintf("%s would be remembered, and the step doesn't tell of the Cloudflare account that it is in", id))
	}
	for _, check := range checks {
		if err := check(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// isReleased refuses to forget that a thing was taken over, while it still is as the connection made it.
func (o *owner) isReleased(ctx context.Context, id string) error {
	if err := o.heldAccount(); err != nil {
		return err
	}
	if o.account == nil {
		return o.refused(ctx, fmt.Sprintf("%s would be forgotten to have been taken over", id))
	}
	without := &owner{Activities: o.Activities, Ours: planner.Ours{Connection: o.Connection}, fence: Fence{Connection: o.fence.Connection}, org: nil, account: o.account}
	for _, owns := range []ownership{without.ownsIdentityProvider, without.ownsPolicy} {
		name, own, err := owns(ctx, id)
		if err != nil {
			return err
		}
		if own {
			return o.refused(ctx, name+" would be forgotten to have been taken over, and is the connection's still")
		}
	}
	return nil
}

// noteSurveyed remembers what a survey found to be the connection's, for the steps that follow.
func (a *Activities) noteSurveyed(org *okta.Client, account *cloudflare.Client, name string, state planner.State) {
	a.proven.note([]string{"authorization domain", account.Account()}, state.AuthDomain)
	o := a.ownerIn(Fence{Connection: name}, org, account)
	if app := state.App; app != nil {
		o.Apps = []okta.App{{App: *app}}
		if !app.Adopted || app.Connection == name {
			o.noteApp(*app)
		}
	}
	found := map[string]bool{} // whether it was taken over
	if each := state.IdentityProvider; each != nil {
		found[each.ID] = each.Adopted
	}
	if each := state.Policy; each != nil {
		found[each.ID] = each.Adopted
	}
	for id, adopted := range found {
		o.proven.note(o.proof(proofChange, id), "")
		if !adopted && !o.Adopted(id) {
			o.proven.note(o.proof(proofDelete, id), "")
		}
	}
}

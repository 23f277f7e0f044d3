package activities

import (
	"context"
	"fmt"
	"net/http"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// Survey reads what exists on both sides for a connection, before anything is changed (procedure, step 1, and a look at
// everything that the other steps make). It finds the connection's own things by their identity, never by a stored id.
func (a *Activities) Survey(ctx context.Context, spec connection.Spec) (Surveyed, error) {
	org, account, err := a.both(spec.Okta.Org, spec.Cloudflare.Account)
	if err != nil {
		return Surveyed{}, err
	}
	state := planner.State{OktaURL: org.URL()}
	found, err := inventory(ctx, org, account, spec, &state)
	if err != nil {
		return Surveyed{}, fail(ctx, err)
	}
	if err := believable(ctx, account, found); err != nil {
		return Surveyed{}, fail(ctx, err, func(*transport.Error) bool { return true })
	}
	planner.PickApp(spec, &state, found.Apps)
	planner.PickIdentityProvider(spec, &state, found)
	planner.PickPolicy(spec, &state, found)
	err = details(ctx, org, account, spec, &state)
	return Surveyed{State: state}, fail(ctx, err)
}

// believable doubts an empty list of login methods, which is no proof that there are none: a token without the permission gets
// one too. It asks for those that policies require by their ids.
func believable(ctx context.Context, account *cloudflare.Client, listed planner.Listed) error {
	if len(listed.IdentityProviders) > 0 {
		return nil
	}
	for _, policy := range listed.Policies {
		for _, rule := range policy.Require {
			id := rule.LoginMethod()
			if id == "" {
				continue
			}
			unlisted, err := account.GetIdentityProvider(ctx, id)
			if err != nil {
				return err
			}
			if unlisted != nil {
				return &transport.Error{
					Provider: "cloudflare", Method: http.MethodGet, Path: "/access/identity_providers", Kind: transport.Forbidden,
					Summary: fmt.Sprintf("it lists no identity provider, and yet there is %q (%s)", unlisted.Name, id),
				}
			}
		}
	}
	return nil
}

// inventory makes every call that depends on no other, all at the same time.
func inventory(ctx context.Context, org *okta.Client, account *cloudflare.Client, spec connection.Spec, state *planner.State) (found planner.Listed, err error) {
	calls := []func() error{
		func() (err error) { state.AuthDomain, err = account.AuthDomain(ctx); return err },
		func() (err error) { found.IdentityProviders, err = account.ListIdentityProviders(ctx); return err },
		func() (err error) { found.Policies, err = account.ListPolicies(ctx); return err },
		func() (err error) { found.Apps, err = org.ListApps(ctx); return err },
	}
	state.Groups = make([]planner.FoundGroup, len(spec.Okta.AssignGroups))
	for i, name := range spec.Okta.AssignGroups {
		calls = append(calls, func() error {
			groups, err := org.GroupsNamed(ctx, name)
			state.Groups[i] = planner.FoundGroup{Name: name, IDs: idsOf(groups)}
			return err
		})
	}
	return found, together(calls...)
}

func idsOf(groups []planner.Group) []string {
	var ids []string
	for _, group := range groups {
		ids = append(ids, group.ID)
	}
	return ids
}

// details reads what only exists behind what was picked: the app's claim and assignments, and the applications that use the
// policy or the identity provider.
func details(ctx context.Context, org *okta.Client, account *cloudflare.Client, spec connection.Spec, state *planner.State) error {
	var calls []func() error
	if app := state.App; app != nil {
		calls = append(calls,
			func() (err error) { app.Claim, err = org.Claim(ctx, app.ID); return err },
			func() (err error) { app.Groups, err = org.AssignedGroups(ctx, app.ID); return err },
		)
	}
	if state.IdentityProvider != nil || state.Policy != nil || len(spec.Policy.Applications) > 0 {
		calls = append(calls, func() error {
			applications, err := account.ListApplications(ctx)
			planner.PickApplications(spec, state, applications)
			return err
		})
	}
	return together(calls...)
}

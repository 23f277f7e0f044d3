package activities

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// SurveyRequest is the document of the connection to survey, and what the run knows of it already.
type SurveyRequest struct {
	connection.Spec
	// Unseen is the id of an app that an earlier survey of the run didn't see.
	Unseen string `json:"unseen,omitempty" form:"okta"`
	// Referrers asks for all that refers to the identity provider: for a disconnect, which deletes it, and a plan, which tells of them.
	Referrers bool `json:"referrers,omitempty"`
	// Disconnect means that the connection is to be taken away.
	Disconnect bool `json:"disconnect,omitempty"`
}

// Survey reads what exists on both sides for a connection, before anything is changed (procedure, step 1, and a look at
// everything that the other steps make). It finds the connection's own things by their identity, and reads by its id whatever the
// run may act on: lists can be behind.
func (a *Activities) Survey(ctx context.Context, request SurveyRequest) (Surveyed, error) {
	spec := request.Spec
	org, account, err := a.both(ctx, spec.Okta.Org, spec.Cloudflare.Account, Fence{Connection: spec.Name})
	if err != nil {
		return Surveyed{}, err
	}
	if err := notAllowed(a.Rules.Refusals(askedBy(request, planner.State{}, nil))); err != nil {
		return Surveyed{}, err
	}
	before, err := earlier(ctx, spec.Name)
	if err != nil {
		return Surveyed{}, err
	}
	if err := a.settled(ctx, before); err != nil {
		return Surveyed{}, err
	}
	state := planner.State{OktaURL: org.URL(), AccountID: account.Account()}
	if before != nil {
		state.ConnectedTo = before.ConnectedTo
	}
	if err := a.surveyLookupToken(spec, &state); err != nil {
		return Surveyed{}, err
	}
	found, err := inventory(ctx, org, account, spec, &state)
	if err != nil {
		return Surveyed{}, fail(ctx, err)
	}
	if err := believable(ctx, account, found); err != nil {
		return Surveyed{}, fail(ctx, err, func(*transport.Error) bool { return true })
	}
	reader := &reader{org: org, account: account, listed: found, deleted: before.deleted(), referrers: request.Referrers}
	state, err = reader.pick(ctx, spec, state, hints(before, request.Unseen))
	if err != nil {
		return Surveyed{}, fail(ctx, err)
	}
	planner.PickLost(&state, reader.listed, before.connected())
	var other elsewhere
	others := a.othersThan(state, before)
	err = together(
		func() error { return reader.details(ctx, spec, &state) },
		func() error { return other.ask(ctx, others, spec.Name) },
	)
	state.Elsewhere, state.Unasked = other.found, other.unasked
	if err != nil {
		return Surveyed{}, fail(ctx, err)
	}
	if err := notAllowed(a.Rules.Refusals(askedBy(request, state, reader.listed.Applications))); err != nil {
		return Surveyed{}, err
	}
	a.noteGroups(org, state)
	a.noteSurveyed(org, account, spec.Name, state)
	return Surveyed{State: state}, nil
}

// noteGroups remembers which groups are not the whole org, for the steps that assign them.
func (a *Activities) noteGroups(org *okta.Client, state planner.State) {
	if len(a.Rules) == 0 {
		return
	}
	for _, group := range state.Groups {
		for _, id := range group.IDs {
			if !planner.IsEveryone(group.Title()) {
				a.proven.note([]string{"smaller group", org.URL(), id}, "")
			}
		}
	}
}

// settled refuses to survey while something that the run before asked for may still be carried out: what is found now would not be
// what there is.
func (a *Activities) settled(ctx context.Context, before *earlierRun) error {
	left, why := before.unsettled(heartOf(ctx).now(), a.Waits.Window())
	if left <= 0 {
		return nil
	}
	message := fmt.Sprintf("%s, and what it asked for may still be carried out: waiting until %s", why, heartOf(ctx).now().Add(left).UTC().Format(time.TimeOnly))
	return temporal.NewApplicationErrorWithOptions(message, "Unsettled", temporal.ApplicationErrorOptions{
		NextRetryDelay: left, Details: []any{Detail{Message: message, Attempt: int(heartOf(ctx).info.Attempt)}},
	})
}

// hints are the ids that the connection's run before told of, and the app that an earlier survey didn't see.
func hints(before *earlierRun, unseen string) planner.References {
	var known planner.References
	if unseen != "" {
		known.Apps = append(known.Apps, unseen)
	}
	if before == nil || before.Result == nil {
		return known
	}
	known.Apps = append(known.Apps, before.Result.AppID)
	known.IdentityProviders = append(known.IdentityProviders, before.Result.IdentityProviderID)
	known.Policies = append(known.Policies, before.Result.PolicyID)
	return known
}

// believable doubts an empty list of identity providers, which is no proof that there are none: a token without the permission gets
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
		func() (err error) { state.AuthDomain, found.Organization, err = account.Organization(ctx); return err },
		func() (err error) { found.IdentityProviders, err = account.ListIdentityProviders(ctx); return err },
		func() (err error) { found.Policies, err = account.ListPolicies(ctx); return err },
		func() (err error) { found.Apps, err = org.ListApps(ctx); return err },
		func() (err error) { state.Groups, err = findGroups(ctx, org, spec.Okta.AssignGroups); return err },
	}
	return found, together(calls...)
}

// findGroups looks up the groups that the document names. What it finds is kept for the next attempt, should this one fail.
func findGroups(ctx context.Context, org *okta.Client, entries []string) ([]planner.FoundGroup, error) {
	var names, ids []string
	for _, entry := range entries {
		if id := connection.GroupID(entry); id != "" {
			ids = append(ids, id)
		} else {
			names = append(names, entry)
		}
	}
	found := heartOf(ctx).groups()
	byID, err := org.GroupsByID(ctx, ids, found)
	if err != nil {
		return nil, err
	}
	for _, group := range byID { // others may have its name
		names = append(names, group.Name)
	}
	byName, err := org.GroupsByName(ctx, names, found)
	if err != nil {
		return nil, err
	}
	return planner.FindGroups(entries, byID, byName), nil
}

func idsOf(groups []planner.Group) []string {
	var ids []string
	for _, group := range groups {
		ids = append(ids, group.ID)
	}
	return ids
}

package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// reader picks a connection's own things out of lists, and reads each by its id before it is believed.
type reader struct {
	org     *okta.Client
	account *cloudflare.Client
	listed  planner.Listed
	// read are the ids that were read already, deleted those that the run before deleted.
	read, deleted map[string]bool
	// referrers means that all that refers to the identity provider is looked for.
	referrers bool
}

// mostRounds bounds how often things are picked again after some were read: each round can only find things that an earlier one
// pointed to.
const mostRounds = 5

// pick finds the connection's own things. What it finds is read by its id, which can point to more.
func (r *reader) pick(ctx context.Context, spec connection.Spec, surveyed planner.State, known planner.References) (planner.State, error) {
	r.read = map[string]bool{"": true}
	for range mostRounds {
		state := planner.Pick(spec, surveyed, r.listed)
		refs := state.References()
		before := len(r.read)
		err := together(
			func() error { return r.readApps(ctx, append(refs.Apps, known.Apps...)) },
			func() error {
				return r.readIdentityProviders(ctx, append(refs.IdentityProviders, known.IdentityProviders...))
			},
			func() error { return r.readPolicies(ctx, append(refs.Policies, known.Policies...)) },
		)
		if err != nil {
			return planner.State{}, err
		}
		for _, id := range slices.Concat(refs.Apps, known.Apps, refs.IdentityProviders, known.IdentityProviders, refs.Policies, known.Policies) {
			r.read[id] = true
		}
		if len(r.read) == before {
			return state, nil
		}
	}
	return planner.Pick(spec, surveyed, r.listed), nil
}

// unread are the ids that weren't read yet, each once.
func (r *reader) unread(ids []string) []string {
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return r.read[id] })
}

func (r *reader) readApps(ctx context.Context, ids []string) (err error) {
	r.listed.Apps, err = readEach(ctx, r, r.listed.Apps, func(each planner.ListedApp) string { return each.ID }, ids, r.org.ReadApp)
	return err
}

func (r *reader) readIdentityProviders(ctx context.Context, ids []string) (err error) {
	id := func(each planner.ListedIdentityProvider) string { return each.ID }
	r.listed.IdentityProviders, err = readEach(ctx, r, r.listed.IdentityProviders, id, ids, r.account.ReadIdentityProvider)
	return err
}

func (r *reader) readPolicies(ctx context.Context, ids []string) (err error) {
	id := func(each planner.AccessPolicy) string { return each.ID }
	r.listed.Policies, err = readEach(ctx, r, r.listed.Policies, id, ids, r.account.ReadPolicy)
	return err
}

// readEach reads things by their ids and puts them in the place of what the list has. One that is listed and yet not there is doubted
// for as long as lists may be behind, unless the run before deleted it: a provider may not see everywhere what it has.
func readEach[T any](ctx context.Context, r *reader, listed []T, id func(T) string, ids []string, read func(context.Context, string) (*T, error)) ([]T, error) {
	for _, which := range r.unread(ids) {
		thing, err := read(ctx, which)
		if err != nil {
			return nil, err
		}
		if thing == nil && slices.ContainsFunc(listed, func(each T) bool { return id(each) == which }) && !r.deleted[which] && !lasting(ctx) {
			return nil, fmt.Errorf("%s is listed, and yet it is not there: %w", which, errBehind)
		}
		listed = planner.Replace(listed, id, which, thing)
	}
	return listed, nil
}

// errBehind is for a list and a thing read by its id that say differently: one of them is behind.
var errBehind = errors.New("the list or the answer is behind")

// details reads what only exists behind what was picked: the app's claim, assignments and secrets, and the applications that use the
// policy or the identity provider.
func (r *reader) details(ctx context.Context, spec connection.Spec, state *planner.State) error {
	var calls []func() error
	if app := state.App; app != nil {
		calls = append(calls,
			func() (err error) { app.Claim, err = r.org.Claim(ctx, app.ID); return err },
			func() (err error) { app.Groups, err = r.assigned(ctx, app); return err },
			func() error { return r.secrets(ctx, state) },
		)
	}
	// What is read of the app at the same time is written into it: who looks at the rest of the state has a copy.
	access := state.Copy()
	if state.IdentityProvider != nil || state.Policy != nil || len(spec.Policy.Applications) > 0 {
		calls = append(calls, func() error { return r.access(ctx, spec, &access) })
	}
	err := together(calls...)
	state.Named, state.Applications, state.ProviderNames = access.Named, access.Applications, access.ProviderNames
	state.Referrers, state.GroupsUnseen = access.Referrers, access.GroupsUnseen
	if err == nil {
		err = r.priorities(ctx, spec, state)
	}
	if err != nil || r.referrers || !planner.UpdatesIdentityProvider(spec, *state) {
		return err
	}
	state.Referrers, err = federation(ctx, r.account, state.IdentityProvider.ID)
	return err
}

// access reads the applications that the document names or that use what the connection has, and what refers to the identity provider.
func (r *reader) access(ctx context.Context, spec connection.Spec, state *planner.State) error {
	applications, err := r.applications(ctx, state)
	if err != nil {
		return err
	}
	r.listed.Applications = applications
	planner.PickApplications(spec, state, applications)
	if err := r.signIns(ctx, spec, state, applications); err != nil {
		return err
	}
	planner.NameProviders(state, r.listed.IdentityProviders)
	if !r.referrers || state.IdentityProvider == nil {
		return nil
	}
	known := planner.Referring{Applications: applications, Organization: r.listed.Organization}
	state.Referrers, state.GroupsUnseen, err = referrers(ctx, r.account, state.IdentityProvider.ID, known)
	return err
}

// secrets are the client secrets of the app, where it is known which of them Cloudflare was handed.
func (r *reader) secrets(ctx context.Context, state *planner.State) error {
	if state.IdentityProvider == nil || state.App.Memory == nil || state.App.Memory.Secret.ID == "" || state.App.Memory.IdentityProvider != state.IdentityProvider.ID {
		return nil
	}
	state.IdentityProvider.SecretID = state.App.Memory.Secret.ID
	all, err := r.org.Secrets(ctx, state.App.ID)
	if err != nil {
		return err
	}
	newest, _ := okta.NewestActive(all)
	state.Secrets.Newest = newest.ID
	for _, each := range all {
		if each.Status == okta.SecretActive {
			state.Secrets.Active = append(state.Secrets.Active, each.ID)
		}
	}
	return nil
}

// mostDoubted bounds how many entries of a list are read one by one.
const mostDoubted = 100

// assigned are the groups that are assigned to an app. Where the list differs from what the app remembers, it may be behind, or
// someone changed it: each difference is read by itself.
func (r *reader) assigned(ctx context.Context, app *planner.App) ([]planner.Group, error) {
	groups, err := r.org.AssignedGroups(ctx, app.ID)
	if err != nil || !app.Memory.Complete() {
		return groups, err
	}
	doubted := planner.Differing(idsOf(groups), app.Memory.Groups)
	if len(doubted) > mostDoubted {
		return groups, nil
	}
	for _, id := range doubted {
		group, err := r.org.AssignedGroup(ctx, app.ID, id)
		if err != nil {
			return nil, err
		}
		groups = planner.Replace(groups, func(each planner.Group) string { return each.ID }, id, group)
	}
	return groups, nil
}

// priorities reads the assignments that would get another priority: the list may be behind, and a run that is undone puts back what was
// found.
func (r *reader) priorities(ctx context.Context, spec connection.Spec, state *planner.State) error {
	read := map[string]bool{}
	for {
		doubted := slices.DeleteFunc(planner.ChangedPriorities(spec, *state), func(id string) bool { return read[id] })
		if len(doubted) == 0 || len(read)+len(doubted) > mostDoubted {
			return nil
		}
		for _, id := range doubted {
			group, err := r.org.AssignedGroup(ctx, state.App.ID, id)
			if err != nil {
				return err
			}
			state.App.Groups = planner.Replace(state.App.Groups, func(each planner.Group) string { return each.ID }, id, group)
			read[id] = true
		}
	}
}

// applications are the account's Access applications. Those whose use of the policy differs from what the app remembers are read by
// themselves.
func (r *reader) applications(ctx context.Context, state *planner.State) ([]planner.ListedApplication, error) {
	all, err := r.account.ListApplications(ctx)
	if err != nil || state.App == nil || state.Policy == nil {
		return all, err
	}
	var using []string
	for _, application := range all {
		if slices.Contains(application.Policies, state.Policy.ID) {
			using = append(using, application.ID)
		}
	}
	for _, id := range planner.Differing(using, state.App.Applications) {
		application, err := r.account.ReadApplication(ctx, id)
		if err != nil {
			return nil, err
		}
		all = planner.Replace(all, func(each planner.ListedApplication) string { return each.ID }, id, application)
	}
	return all, nil
}

// signIns reads by itself each application whose sign-in would be changed: the list can be behind, and what was there already is not
// the connection's to take away.
func (r *reader) signIns(ctx context.Context, spec connection.Spec, state *planner.State, applications []planner.ListedApplication) error {
	if state.IdentityProvider == nil { // none can offer what doesn't exist
		return nil
	}
	doubted := planner.SignInsToChange(spec, *state)
	for _, id := range doubted {
		application, err := r.account.ReadApplication(ctx, id)
		if err != nil {
			return err
		}
		applications = planner.Replace(applications, func(each planner.ListedApplication) string { return each.ID }, id, application)
	}
	if len(doubted) > 0 {
		planner.PickApplications(spec, state, applications)
	}
	return nil
}

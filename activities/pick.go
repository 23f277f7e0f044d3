package activities

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
)

// candidate is something that is the connection's own, or has the label or name that the document declares for it.
type candidate struct {
	id, name string
	// why says why it can't be adopted; "" when it can.
	why string
	// adopted tells of the connection's own that it was taken over by an earlier run, made that it has a client id which a run of
	// the connection gave.
	adopted, made bool
	// take makes it the connection's.
	take func(adopted bool)
}

// choose makes the connection's own thing known. A namesake of others matters only when ours is to get that name: then it is a
// stranger, or is adopted.
func choose(spec connection.Spec, state *connection.State, resource connection.Resource, declared string, ours, namesakes []candidate) {
	stranger := func(which candidate, why string) {
		state.Strangers = append(state.Strangers, connection.Stranger{Resource: resource, ID: which.id, Name: which.name, Why: why, Made: which.made})
	}
	if len(ours) > 0 {
		ours[0].take(ours[0].adopted)
		for _, twin := range ours[1:] {
			stranger(twin, "the connection has another one already; there must be only one")
		}
		if ours[0].name == declared {
			return
		}
	}
	for _, namesake := range namesakes {
		switch {
		case len(ours) > 0:
			stranger(namesake, "the connection has one of its own, under another name")
		case len(namesakes) > 1:
			stranger(namesake, fmt.Sprintf("%d fit", len(namesakes)))
		case namesake.why == "" && spec.Adopt:
			namesake.take(true)
		default:
			stranger(namesake, namesake.why)
		}
	}
}

// pickApp finds the connection's app by its client id, or by the mark in its profile when an earlier run adopted it.
func pickApp(spec connection.Spec, state *connection.State, apps []okta.App) {
	var ours, namesakes []candidate
	for _, app := range apps {
		found := candidate{id: app.ID, name: app.Label, take: func(adopted bool) {
			app.Adopted = adopted
			state.App = &app.App
		}}
		switch {
		case connection.OwnsClientID(spec.Name, app.ClientID):
			found.made = true
			ours = append(ours, found)
		case app.OpenIDConnect && app.Connection == spec.Name:
			found.adopted = true
			ours = append(ours, found)
		case app.Label == spec.Okta.AppLabel:
			found.why = belongsTo(app.Connection)
			if !app.OpenIDConnect {
				found.why = "it is not an OpenID Connect web app"
			}
			namesakes = append(namesakes, found)
		}
	}
	choose(spec, state, connection.ResourceApp, spec.Okta.AppLabel, ours, namesakes)
}

// kept tells whether an earlier run of the connection adopted the thing.
func kept(state *connection.State, id string) bool {
	return state.App != nil && slices.Contains(state.App.Kept, id)
}

// belongsTo says why something of another connection can't be adopted; "" when it belongs to none.
func belongsTo(other string) string {
	if other == "" {
		return ""
	}
	return fmt.Sprintf("it belongs to connection %q", other)
}

// pickIdentityProvider finds the connection's login method by its client id: one that a run of the connection gave, or that
// of an app which the connection adopted. One that somebody made for an app which this run adopts is to be adopted too,
// whatever its name: beside a second one for the same client, nobody could tell which is whose.
func pickIdentityProvider(spec connection.Spec, state *connection.State, listed listed) {
	var ours, namesakes []candidate
	for _, each := range listed.identityProviders {
		found := candidate{id: each.ID, name: each.Name, take: func(adopted bool) {
			each.Adopted = adopted
			state.IdentityProvider = &each.IdentityProvider
		}, adopted: kept(state, each.ID), made: each.IsOkta() && connection.OwnsClientID(spec.Name, each.ClientID)}
		ofApp := each.IsOkta() && state.App != nil && each.ClientID == state.App.ClientID
		switch {
		case ofApp && state.App.Connection == spec.Name, found.made:
			ours = append(ours, found)
		case ofApp, each.Name == spec.Cloudflare.IDPName:
			found.why = whyNotAdopted(each, listed.apps)
			namesakes = append(namesakes, found)
		}
	}
	choose(spec, state, connection.ResourceIdentityProvider, spec.Cloudflare.IDPName, ours, namesakes)
}

// whyNotAdopted says why a login method can't be adopted: a rollback must be able to put it back, its client secret included.
func whyNotAdopted(identityProvider cloudflare.IdentityProvider, apps []okta.App) string {
	app := appOf(identityProvider, apps)
	switch {
	case !identityProvider.IsOkta():
		return fmt.Sprintf("its type is %q, not okta", identityProvider.Type)
	case app == nil:
		return "its client secret can't be read back and its app is not in this Okta org, so a rollback could not put it back"
	default:
		return belongsTo(app.Connection)
	}
}

// appOf is the Okta app that a login method signs people in through, or nil when it is not in the org.
func appOf(identityProvider cloudflare.IdentityProvider, apps []okta.App) *okta.App {
	at := slices.IndexFunc(apps, func(app okta.App) bool { return app.ClientID == identityProvider.ClientID })
	if at < 0 {
		return nil
	}
	return &apps[at]
}

// connectionOf is the connection whose login method a policy is built for as ours are; "" when there is none.
func connectionOf(policy connection.AccessPolicy, listed listed) string {
	for _, each := range listed.identityProviders {
		if app := appOf(each, listed.apps); app != nil && policy.IsOurShape(each.ID) {
			return app.Connection
		}
	}
	return ""
}

// pickPolicy finds the connection's policy: the one that has the declared name and refers to its identity provider; else,
// after the document gave it another name, the only one that is built as ours are; else, where the connection still has its app,
// one with the declared name that was built so for an identity provider which somebody deleted. Without the app it could as well
// be another connection's.
func pickPolicy(spec connection.Spec, state *connection.State, listed listed) {
	policies := listed.policies
	identityProviderID := ""
	if state.IdentityProvider != nil {
		identityProviderID = state.IdentityProvider.ID
	}
	ownsApp := state.App != nil && (connection.OwnsClientID(spec.Name, state.App.ClientID) || state.App.Connection == spec.Name)
	var ours, renamed, orphans, namesakes []candidate
	for _, policy := range policies {
		found := candidate{id: policy.ID, name: policy.Name, take: func(adopted bool) {
			policy.Adopted = adopted
			state.Policy = &policy
		}, adopted: kept(state, policy.ID)}
		switch {
		case policy.Name == spec.Policy.Name && policy.RefersTo(identityProviderID):
			ours = append(ours, found)
		case policy.Name == spec.Policy.Name && ownsApp && orphaned(policy, listed.identityProviders):
			orphans = append(orphans, found)
		case policy.Name == spec.Policy.Name:
			found.why = belongsTo(connectionOf(policy, listed))
			namesakes = append(namesakes, found)
		case policy.IsOurShape(identityProviderID):
			renamed = append(renamed, found)
		}
	}
	switch {
	case len(ours) == 0 && len(renamed) == 1:
		ours, namesakes = renamed, append(namesakes, orphans...)
	case len(ours) == 0 && len(renamed) == 0:
		ours = orphans
	default:
		namesakes = append(namesakes, orphans...)
	}
	choose(spec, state, connection.ResourcePolicy, spec.Policy.Name, ours, namesakes)
	for _, policy := range policies {
		own := slices.ContainsFunc(ours, func(our candidate) bool { return our.id == policy.ID })
		if policy.RefersTo(identityProviderID) && !own {
			state.OtherPolicies = append(state.OtherPolicies, policy.Name)
		}
	}
}

// orphaned tells whether a policy is built as ours are, for an identity provider that doesn't exist any more.
func orphaned(policy connection.AccessPolicy, identityProviders []cloudflare.IdentityProvider) bool {
	if len(policy.Require) != 1 {
		return false
	}
	id, _ := policy.Require[0]["login_method"]["id"].(string)
	return policy.IsOurShape(id) && !slices.ContainsFunc(identityProviders, func(each cloudflare.IdentityProvider) bool { return each.ID == id })
}

// pickApplications finds the applications that the document names, that an earlier document named, and that use the policy or
// the identity provider.
func pickApplications(spec connection.Spec, state *connection.State, applications []cloudflare.Application) {
	named := map[string]bool{}
	for _, entry := range spec.Policy.Applications {
		found := connection.FoundApplication{Entry: entry}
		for _, application := range applications {
			if application.ID == entry || strings.EqualFold(application.Domain, entry) {
				found.IDs = append(found.IDs, application.ID)
				named[application.ID] = true
			}
		}
		state.Named = append(state.Named, found)
	}
	for _, each := range applications {
		application := each.Application
		if state.Policy != nil {
			application.Position = slices.Index(each.Policies, state.Policy.ID)
			application.UsesPolicy = application.Position >= 0
		}
		if state.IdentityProvider != nil {
			application.UsesIdentityProvider = slices.Contains(each.AllowedIdentityProviders, state.IdentityProvider.ID)
		}
		before := state.App != nil && slices.Contains(state.App.Applications, each.ID)
		if named[each.ID] || before || application.UsesPolicy || application.UsesIdentityProvider {
			application.Position = max(application.Position, 0)
			state.Applications = append(state.Applications, application)
		}
	}
}

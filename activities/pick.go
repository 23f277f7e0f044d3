package activities

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
)

// pickApp finds the connection's app by its client id. An app of others with the declared label matters only when ours is to
// get that label: then it is a stranger, or is adopted.
func pickApp(spec connection.Spec, state *connection.State, apps []okta.App) {
	var ours, sameLabel []okta.App
	for _, app := range apps {
		switch {
		case connection.OwnsClientID(spec.Name, app.ClientID):
			ours = append(ours, app)
		case app.Label == spec.Okta.AppLabel:
			sameLabel = append(sameLabel, app)
		}
	}
	if len(ours) > 0 {
		state.App = &ours[0].App
		for _, twin := range ours[1:] {
			state.Strangers = append(state.Strangers, twinOf(connection.ResourceApp, twin.ID, twin.Label))
		}
		if state.App.Label == spec.Okta.AppLabel {
			return
		}
	}
	for _, app := range sameLabel {
		stranger := connection.Stranger{Resource: connection.ResourceApp, ID: app.ID, Name: app.Label}
		switch {
		case len(ours) > 0:
			stranger.Why = "the connection has an app of its own"
		case len(sameLabel) > 1:
			stranger.Why = fmt.Sprintf("%d apps have that label", len(sameLabel))
		case !app.OpenIDConnect:
			stranger.Why = "it is not an OpenID Connect web app"
		case spec.Adopt:
			app.Adopted = true
			state.App = &app.App
			return
		}
		state.Strangers = append(state.Strangers, stranger)
	}
}

func twinOf(resource connection.Resource, id, name string) connection.Stranger {
	return connection.Stranger{Resource: resource, ID: id, Name: name, Why: "the connection has another one already; there must be only one"}
}

// pickIdentityProvider finds the connection's login method by its client id: one that a run of the connection gave, or that
// of an app which the connection adopted.
func pickIdentityProvider(spec connection.Spec, state *connection.State, found listed) {
	var ours, sameName []cloudflare.IdentityProvider
	for _, each := range found.identityProviders {
		adopted := state.App != nil && state.App.Connection == spec.Name && each.ClientID == state.App.ClientID
		switch {
		case each.IsOkta() && (adopted || connection.OwnsClientID(spec.Name, each.ClientID)):
			ours = append(ours, each)
		case each.Name == spec.Cloudflare.IDPName:
			sameName = append(sameName, each)
		}
	}
	if len(ours) > 0 {
		state.IdentityProvider = &ours[0].IdentityProvider
		for _, twin := range ours[1:] {
			state.Strangers = append(state.Strangers, twinOf(connection.ResourceIdentityProvider, twin.ID, twin.Name))
		}
		if state.IdentityProvider.Name == spec.Cloudflare.IDPName {
			return
		}
	}
	for _, each := range sameName {
		stranger := connection.Stranger{Resource: connection.ResourceIdentityProvider, ID: each.ID, Name: each.Name}
		switch {
		case len(ours) > 0:
			stranger.Why = "the connection has an identity provider of its own"
		case len(sameName) > 1:
			stranger.Why = fmt.Sprintf("%d identity providers have that name", len(sameName))
		case !each.IsOkta():
			stranger.Why = fmt.Sprintf("its type is %q, not okta", each.Type)
		case !slices.ContainsFunc(found.apps, func(app okta.App) bool { return app.ClientID == each.ClientID }):
			stranger.Why = "its client secret can't be read back and its app is not in this Okta org, so a rollback could not put it back"
		case spec.Adopt:
			each.Adopted = true
			state.IdentityProvider = &each.IdentityProvider
			return
		}
		state.Strangers = append(state.Strangers, stranger)
	}
}

// pickPolicy finds the connection's policy: the one that has the declared name and refers to its identity provider; else,
// after the document gave it another name, the only one that is built as ours are.
func pickPolicy(spec connection.Spec, state *connection.State, policies []connection.AccessPolicy) {
	identityProviderID := ""
	if state.IdentityProvider != nil {
		identityProviderID = state.IdentityProvider.ID
	}
	var ours, renamed, sameName []connection.AccessPolicy
	for _, policy := range policies {
		switch {
		case policy.Name == spec.Policy.Name && policy.RefersTo(identityProviderID):
			ours = append(ours, policy)
		case policy.Name == spec.Policy.Name:
			sameName = append(sameName, policy)
		case policy.IsOurShape(identityProviderID):
			renamed = append(renamed, policy)
		}
	}
	if len(ours) == 0 && len(renamed) == 1 {
		ours = renamed
	}
	if len(ours) > 0 {
		state.Policy = &ours[0]
		for _, twin := range ours[1:] {
			state.Strangers = append(state.Strangers, twinOf(connection.ResourcePolicy, twin.ID, twin.Name))
		}
	}
	for _, policy := range policies {
		if policy.RefersTo(identityProviderID) && !slices.ContainsFunc(ours, func(our connection.AccessPolicy) bool { return our.ID == policy.ID }) {
			state.OtherPolicies = append(state.OtherPolicies, policy.Name)
		}
	}
	if len(ours) > 0 && ours[0].Name == spec.Policy.Name {
		return
	}
	for _, policy := range sameName {
		stranger := connection.Stranger{Resource: connection.ResourcePolicy, ID: policy.ID, Name: policy.Name}
		switch {
		case len(ours) > 0:
			stranger.Why = "the connection has a policy of its own"
		case len(sameName) > 1:
			stranger.Why = fmt.Sprintf("%d policies have that name", len(sameName))
		case spec.Adopt:
			policy.Adopted = true
			state.Policy = &policy
			return
		}
		state.Strangers = append(state.Strangers, stranger)
	}
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

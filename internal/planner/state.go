// Package planner decides: what exists on both sides for a connection, what of it is the connection's own, what is wanted,
// what differs, and what becomes of each setting when a run is undone. It is pure: no I/O, no clock, no SDK. Each kind of
// thing that a connection consists of has a file with all of that, and one list of settings behind the plan, the difference
// and the undoing.
package planner

import (
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// State is what exists on both sides for a connection, as surveyed before anything is changed. It holds no secret.
type State struct {
	// OktaURL is the org's URL, as the worker is configured: what Cloudflare is given as the Okta account.
	OktaURL string `json:"okta_url"`
	// AccountID is the Cloudflare account's id, as the worker is configured.
	AccountID string `json:"account_id,omitempty"`
	// AuthDomain is the Access authorization domain of the account, such as acme.cloudflareaccess.com (procedure, step 1).
	AuthDomain string `json:"auth_domain"`
	// Groups are the Okta groups that the document names, with what was found under each name.
	Groups []FoundGroup `json:"groups"`
	// App is the connection's Okta app, or nil.
	App *App `json:"app,omitempty"`
	// Secrets are the client secrets of the app, without their values.
	Secrets Secrets `json:"secrets,omitzero"`
	// LookupToken is the fingerprint of the token for group look-up that the worker holds, where the document asks for it.
	LookupToken string `json:"lookup_token,omitempty"`
	// ConnectedTo is what the connection was connected to before, as Temporal remembers it; nil when it doesn't, or when it was
	// disconnected since.
	ConnectedTo *Target `json:"connected_to,omitempty"`
	// Elsewhere is the connection as other orgs tell of it, and Unasked are those that didn't answer, with why. They are asked where nothing
	// of it is here and Temporal doesn't know where it is.
	Elsewhere []connection.Existing `json:"elsewhere,omitempty"`
	Unasked   []string              `json:"unasked,omitempty"`
	// IdentityProvider is the connection's identity provider, or nil.
	IdentityProvider *IdentityProvider `json:"identity_provider,omitempty"`
	// Policy is the connection's Access policy, or nil.
	Policy *AccessPolicy `json:"policy,omitempty"`
	// Applications are the Access applications that the document names, that the connection attached its policy to, or that
	// use the policy or the identity provider otherwise.
	Applications []Application `json:"applications,omitempty"`
	// Named are the Access applications that the document names, with what was found for each.
	Named []FoundApplication `json:"named,omitempty"`
	// ProviderNames are the names of the identity providers that these applications offer, by their ids.
	ProviderNames map[string]string `json:"provider_names,omitempty"`
	// OtherPolicies are Access policies of others that refer to the identity provider: "Contractors" (1a2b).
	OtherPolicies []string `json:"other_policies,omitempty"`
	// Referrers are what else of others refers to the identity provider, where that was looked for.
	Referrers []Referrer `json:"referrers,omitempty"`
	// GroupsUnseen means that the Access groups weren't shown to us, so that one may refer to it.
	GroupsUnseen bool `json:"groups_unseen,omitempty"`
	// Lost are things that the run before had connected, and that exist, although nothing on them shows any more that they are the
	// connection's.
	Lost []Stranger `json:"lost,omitempty"`
	// Strangers have the label or the name that the document declares, but are not this connection's.
	Strangers []Stranger `json:"strangers,omitempty"`
	// KeepsPriorities means that the assigned groups keep their priorities, as under earlier versions.
	KeepsPriorities bool `json:"-"`
}

// Target is an Okta org and a Cloudflare account.
type Target struct {
	OktaURL   string `json:"okta_url"`
	AccountID string `json:"account_id"`
}

// Secrets are the active client secrets of an app, by their ids.
type Secrets struct {
	Active []string `json:"active,omitempty"`
	// Newest is the one that was made last.
	Newest string `json:"newest,omitempty"`
}

// handedIsDead reports whether Okta accepts the client secret no more that Cloudflare was handed.
func (s State) handedIsDead() bool {
	return s.IdentityProvider != nil && s.IdentityProvider.SecretID != "" && s.Secrets.Newest != "" && !slices.Contains(s.Secrets.Active, s.IdentityProvider.SecretID)
}

// Listed is everything on both sides that a connection's own things are picked from: as the lists had it, and as it was read by
// its id since.
type Listed struct {
	Apps              []ListedApp
	IdentityProviders []ListedIdentityProvider
	Policies          []AccessPolicy
	Applications      []ListedApplication
	// Organization are the settings of the account's Access organisation.
	Organization map[string]any
}

// Copy is the state with an app and an identity provider of its own, for whoever reads it while those are written to.
func (s State) Copy() State {
	if s.App != nil {
		s.App = new(*s.App)
	}
	if s.IdentityProvider != nil {
		s.IdentityProvider = new(*s.IdentityProvider)
	}
	return s
}

// Pick finds the connection's own things, and whose the declared names are otherwise.
func Pick(spec connection.Spec, state State, listed Listed) State {
	PickApp(spec, &state, listed.Apps)
	PickIdentityProvider(spec, &state, listed)
	PickPolicy(spec, &state, listed)
	rememberLookup(spec, &state)
	return state
}

// References are ids of things that a run is about to act on, or that a connection is known to have had.
type References struct {
	Apps, IdentityProviders, Policies []string
}

// References are the ids of everything that was picked or stands in the way, and of what the app remembers. Lists can be old:
// who acts on one of these reads it by its id first.
func (s State) References() References {
	app := valueOf(s.App)
	memory := valueOf(app.Memory)
	refs := References{
		Apps:              present(app.ID),
		IdentityProviders: present(valueOf(s.IdentityProvider).ID, memory.IdentityProvider),
		Policies:          present(append([]string{valueOf(s.Policy).ID}, memory.Policies...)...),
	}
	for _, stranger := range s.Strangers {
		switch stranger.Resource {
		case connection.ResourceApp:
			refs.Apps = appendNew(refs.Apps, stranger.ID)
		case connection.ResourceIdentityProvider:
			refs.IdentityProviders = appendNew(refs.IdentityProviders, stranger.ID)
		case connection.ResourcePolicy:
			refs.Policies = appendNew(refs.Policies, stranger.ID)
		}
	}
	return refs
}

// present are the ids that are known, each once.
func present(ids ...string) []string {
	return appendNew(nil, slices.DeleteFunc(ids, func(id string) bool { return id == "" })...)
}

// Replace puts a thing in the place of what the list had under its id, or takes that away when the thing is nil.
func Replace[T any](all []T, id func(T) string, which string, thing *T) []T {
	at := slices.IndexFunc(all, func(each T) bool { return id(each) == which })
	switch {
	case at < 0 && thing == nil:
		return all
	case at < 0:
		return append(all, *thing)
	case thing == nil:
		return slices.Delete(all, at, at+1)
	}
	all[at] = *thing
	return all
}

// Differing are the ids that are in one of two lists alone, in order.
func Differing(a, b []string) []string {
	var differing []string
	for _, id := range appendNew(slices.Clone(a), b...) {
		if slices.Contains(a, id) != slices.Contains(b, id) {
			differing = append(differing, id)
		}
	}
	slices.Sort(differing)
	return differing
}

// Package planner decides: what exists on both sides for a connection, what of it is the connection's own, what is wanted,
// what differs, and what becomes of each setting when a run is undone. It is pure: no I/O, no clock, no SDK. Each kind of
// thing that a connection consists of has a file with all of that, and one list of settings behind the plan, the difference
// and the undoing.
package planner

// State is what exists on both sides for a connection, as surveyed before anything is changed. It holds no secret.
type State struct {
	// OktaURL is the org's URL, as the worker is configured: what Cloudflare is given as the Okta account.
	OktaURL string `json:"okta_url"`
	// AuthDomain is the Access authorization domain of the account, such as acme.cloudflareaccess.com (procedure, step 1).
	AuthDomain string `json:"auth_domain"`
	// Groups are the Okta groups that the document names, with what was found under each name.
	Groups []FoundGroup `json:"groups"`
	// App is the connection's Okta app, or nil.
	App *App `json:"app,omitempty"`
	// IdentityProvider is the connection's identity provider, or nil.
	IdentityProvider *IdentityProvider `json:"identity_provider,omitempty"`
	// Policy is the connection's Access policy, or nil.
	Policy *AccessPolicy `json:"policy,omitempty"`
	// Applications are the Access applications that the document names, that the connection attached its policy to, or that
	// use the policy or the identity provider otherwise.
	Applications []Application `json:"applications,omitempty"`
	// Named are the Access applications that the document names, with what was found for each.
	Named []FoundApplication `json:"named,omitempty"`
	// OtherPolicies are the names of Access policies of others that refer to the identity provider.
	OtherPolicies []string `json:"other_policies,omitempty"`
	// Strangers have the label or the name that the document declares, but are not this connection's.
	Strangers []Stranger `json:"strangers,omitempty"`
}

// Listed is everything on both sides that a connection's own things are picked from.
type Listed struct {
	Apps              []ListedApp
	IdentityProviders []ListedIdentityProvider
	Policies          []AccessPolicy
}

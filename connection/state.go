package connection

import "encoding/json"

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
	// IdentityProvider is the connection's login method, or nil.
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

// FoundGroup is an Okta group that the document names, and the ids of all groups that have exactly that name:
// none when it is missing, several when the name is ambiguous.
type FoundGroup struct {
	Name string   `json:"name"`
	IDs  []string `json:"ids"`
}

// FoundApplication is an entry of policy.applications, and the ids of the Access applications that it fits: none when
// there is no such application, several when the domain is ambiguous.
type FoundApplication struct {
	Entry string   `json:"entry"`
	IDs   []string `json:"ids"`
}

// Group is one Okta group, and how it is assigned to an app where it is.
type Group struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Priority is the assignment's among those of the app, from 1; 0 is none, nil is not known. Profile is what the app's users get
	// through it, as Okta writes it.
	Priority *int64          `json:"priority,omitempty"`
	Profile  json.RawMessage `json:"profile,omitempty"`
}

// App is an Okta OpenID Connect app, as far as a connection cares.
type App struct {
	ID           string   `json:"id"`
	ClientID     string   `json:"client_id"`
	Label        string   `json:"label"`
	Status       string   `json:"status"`
	RedirectURIs []string `json:"redirect_uris"`
	// Connection is the connection that the app's profile says it belongs to; "" when it says nothing.
	Connection string `json:"connection,omitempty"`
	// Applications are the ids of the Access applications that this connection attached its policy to, as the app's
	// profile remembers: those attached by somebody else are not ours to detach.
	Applications []string `json:"applications,omitempty"`
	// Kept are the ids of the login method and the policy that this connection adopted, as the app's profile remembers: they
	// are put back or left, never deleted.
	Kept []string `json:"kept,omitempty"`
	// IssuerMode is the issuer that the app's tokens name; the groups claim must be set with the same one.
	IssuerMode string `json:"issuer_mode,omitempty"`
	// Claim is the claim that the ID token carries, or nil when the app has none.
	Claim *Claim `json:"claim,omitempty"`
	// Groups are the groups assigned to the app.
	Groups []Group `json:"groups"`
	// Adopted tells that the app was not created by this connection: it is put back, never deleted.
	Adopted bool `json:"adopted,omitempty"`
}

// Claim is the setting behind an app's groups claim, whatever somebody made of it: Okta keeps exactly one.
type Claim struct {
	Name      string `json:"name"`
	ValueType string `json:"value_type"` // GROUPS or EXPRESSION
	Filter    string `json:"filter,omitempty"`
	Value     string `json:"value"`
}

// AppActive is the status of an app that people can sign in through.
const AppActive = "ACTIVE"

// IdentityProvider is a Cloudflare Access login method of type okta.
type IdentityProvider struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	ClientID    string `json:"client_id"`
	OktaAccount string `json:"okta_account"`
	// PKCE is nil when Cloudflare doesn't say.
	PKCE *bool `json:"pkce,omitempty"`
	// Unreadable names settings that hold a value which can't be read back, and so would be lost by an update.
	Unreadable []string `json:"unreadable,omitempty"`
	Adopted    bool     `json:"adopted,omitempty"`
}

// AccessPolicy is a reusable Access policy.
type AccessPolicy struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Decision string `json:"decision"`
	Include  []Rule `json:"include"`
	Require  []Rule `json:"require,omitempty"`
	Exclude  []Rule `json:"exclude,omitempty"`
	Adopted  bool   `json:"adopted,omitempty"`
}

// Application is an Access application, as far as a connection cares.
type Application struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain string `json:"domain"`
	// UsesPolicy and UsesIdentityProvider tell how it depends on the connection.
	// Position is where the policy stands among those of the application, from 0.
	Position             int  `json:"position,omitempty"`
	UsesPolicy           bool `json:"uses_policy,omitempty"`
	UsesIdentityProvider bool `json:"uses_identity_provider,omitempty"`
}

// Stranger is something with the declared label or name that this connection didn't make.
type Stranger struct {
	Resource Resource `json:"resource"`
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	// Why says why it can't be adopted; "" when it can.
	Why string `json:"why,omitempty"`
	// Made tells that a run of the connection made it after all, beside another one: it has a client id that one gave.
	Made bool `json:"made,omitempty"`
}

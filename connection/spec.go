// Package connection is the domain of accessbridge: what a person declares (Spec), what exists on both sides
// (State), the difference between the two (Plan), and what a run reports (Progress, Result).
//
// It imports no SDK, so that another team's workflow can import it alone to start or await a run of ours.
package connection

// Spec is the connection document: one Okta org wired to one Cloudflare account. It names the credentials that a
// worker holds and never contains one. WithDefaults fills what is left out; Validate tells every fault at once.
type Spec struct {
	// Name names the connection and its workflow ID: lower-case letters, digits and hyphens, at most 63.
	Name string `json:"name" yaml:"name"`
	// Okta is the side that people sign in at.
	Okta OktaSpec `json:"okta" yaml:"okta"`
	// Cloudflare is the side that relies on it.
	Cloudflare CloudflareSpec `json:"cloudflare" yaml:"cloudflare"`
	// Policy is the Access policy that lets people in.
	Policy PolicySpec `json:"policy" yaml:"policy"`
	// Adopt takes over an Okta app, identity provider or policy that has the declared label or name but was not
	// made by this connection, instead of refusing. A rollback then puts it back as it was. Default: false.
	Adopt bool `json:"adopt,omitempty" yaml:"adopt,omitempty"`
	// OnFailure says what a run does when a step fails for good. "rollback", the default, puts both sides back as they were;
	// "pause" waits at that step for a person, who says resume or rollback.
	OnFailure OnFailure `json:"on_failure,omitempty" yaml:"on_failure,omitempty"`
	// PauseTimeout is how long a paused run waits for a person before it rolls back by itself. Default: 24h.
	PauseTimeout Duration `json:"pause_timeout,omitempty" yaml:"pause_timeout,omitempty"`
	// TimeBudget bounds each step, its retries included; past it the step has failed for good. Waiting
	// for a provider's rate limit doesn't count. Default: 15m.
	TimeBudget Duration `json:"time_budget,omitempty" yaml:"time_budget,omitempty"`
}

// OktaSpec is the Okta side of a connection.
type OktaSpec struct {
	// Org names the credentials that the worker holds under okta.orgs.<org>. Default: the connection's name.
	Org string `json:"org,omitempty" yaml:"org,omitempty"`
	// AppLabel is the label of the OpenID Connect app that people see in Okta. Default: "Cloudflare Access".
	AppLabel string `json:"app_label,omitempty" yaml:"app_label,omitempty"`
	// GroupsClaim says which groups the ID token tells of. Default: the filter REGEX ".*", as the documented procedure says.
	GroupsClaim GroupsClaim `json:"groups_claim,omitzero" yaml:"groups_claim,omitempty"`
	// AssignGroups are the Okta groups, by exact name or as id:00g…, whose members may sign in through the app. At least one.
	AssignGroups []string `json:"assign_groups" yaml:"assign_groups"`
}

// GroupsClaim is the groups claim of an Okta app (procedure, step 3): a filter with its value, an expression, or assigned.
// Okta leaves groups out of a filter that come from AD, LDAP or another app.
type GroupsClaim struct {
	// Filter is REGEX, STARTS_WITH, EQUALS or CONTAINS.
	Filter ClaimFilter `json:"filter,omitempty" yaml:"filter,omitempty"`
	// Value is what the filter compares group names with.
	Value string `json:"value,omitempty" yaml:"value,omitempty"`
	// Expression is one of Okta's expression language, such as Groups.startsWith("active_directory", "", 100).
	Expression string `json:"expression,omitempty" yaml:"expression,omitempty"`
	// Assigned makes the claim tell of the groups in assign_groups alone, of whatever kind they are. Default: false.
	Assigned bool `json:"assigned,omitempty" yaml:"assigned,omitempty"`
}

// ClaimFilter is Okta's groupFilterType.
type ClaimFilter string

// The filters that Okta offers for a groups claim.
const (
	FilterRegex      ClaimFilter = "REGEX"
	FilterStartsWith ClaimFilter = "STARTS_WITH"
	FilterEquals     ClaimFilter = "EQUALS"
	FilterContains   ClaimFilter = "CONTAINS"
)

// CloudflareSpec is the Cloudflare side of a connection.
type CloudflareSpec struct {
	// Account names the credentials that the worker holds under cloudflare.accounts.<account>. Default: the connection's name.
	Account string `json:"account,omitempty" yaml:"account,omitempty"`
	// IDPName is the name of the login method, as people see it on the Access login page. Default: "Okta".
	IDPName string `json:"idp_name,omitempty" yaml:"idp_name,omitempty"`
	// PKCE makes Access use Proof Key for Code Exchange with Okta. Default: true.
	PKCE *bool `json:"pkce,omitempty" yaml:"pkce,omitempty"`
	// GroupLookup has Access look a person's groups up in Okta where a sign-in can't tell all of them: from 100 groups on. The worker
	// holds the token for that, under okta.orgs.<org>.group_lookup_token. Default: false.
	GroupLookup bool `json:"group_lookup,omitempty" yaml:"group_lookup,omitempty"`
}

// PolicySpec is the Access policy of a connection (procedure, step 7).
type PolicySpec struct {
	// Name is the name of the reusable policy. Default: "Okta users of <connection>".
	Name string `json:"name,omitempty" yaml:"name,omitempty"`
	// Allow says who is let in. Default: the groups that are assigned to the app.
	Allow Allow `json:"allow,omitzero" yaml:"allow,omitempty"`
	// Applications are the Access applications, by domain or id, that the policy is attached to. Default: none.
	Applications []string `json:"applications,omitempty" yaml:"applications,omitempty"`
	// AutoRedirect are those of Applications whose people are sent to Okta at once, without a page to choose from. Each offers this
	// connection's identity provider alone. Default: none.
	AutoRedirect []string `json:"auto_redirect_to_identity,omitempty" yaml:"auto_redirect_to_identity,omitempty"`
}

// Allow lists who a policy lets in, when they signed in through this connection: any one of these is enough.
type Allow struct {
	// Groups are Okta groups, written as in okta.assign_groups. Each must be there too: its members could not sign in otherwise.
	Groups []string `json:"groups,omitempty" yaml:"groups,omitempty"`
	// Emails are single users by e-mail address.
	Emails []string `json:"emails,omitempty" yaml:"emails,omitempty"`
	// EmailDomains are domains, such as acme.example, of e-mail addresses.
	EmailDomains []string `json:"email_domains,omitempty" yaml:"email_domains,omitempty"`
}

// OnFailure says what a run does when a step fails for good.
type OnFailure string

// What a run can do when a step fails for good.
const (
	// OnFailureRollback puts both sides back as they were before the run.
	OnFailureRollback OnFailure = "rollback"
	// OnFailurePause waits for a person to say resume or rollback.
	OnFailurePause OnFailure = "pause"
)

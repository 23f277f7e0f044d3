package conformance

import (
	"regexp"
	"slices"
	"strings"
)

// Difference is a place where the sandbox differs on purpose from a provider's description.
type Difference struct {
	// Violation is what is said of the difference; * stands for anything.
	Violation string
	// Reason says why the sandbox is right, or good enough.
	Reason string
}

const (
	// partial is why Okta's description hasn't what Okta has.
	partial = "Okta has it; the description that is held against is a part of the whole, and leaves it out"
	// internal is why Okta describes the groups claim's endpoint nowhere.
	internal = "recorded: the internal API for the groups claim, which Okta describes nowhere"
	// browser is why what a person sees is no API.
	browser = "where the sandbox's sign-in page is, and goes on; a browser's business, no API"
	// nulls is why a description is stricter than what it describes.
	nulls = "recorded: it is there, and null"
)

// KnownDifferences is the one list of them, and the only place where a test passes over a difference. Each has to show in an answer that
// TestSandbox_AnswersAsDescribed gets. The exchanges that were recorded with the real Okta have none: all are repeated with no difference.
var KnownDifferences = []Difference{
	{"*: 404 from an operation that isn't described", "what isn't there is refused, as it should be"},
	{"*: 405 from an operation that isn't described", "a method that isn't there is refused, as it should be"},

	{
		"cloudflare * /accounts/{account_id}/access/policies* 500: the status isn't described",
		"the real API was seen to answer 500 with code 10001 to a group's name in place of its id; no 5xx is described at all",
	},
	{"cloudflare * /accounts/{id}/access/idp_federation_grants*: * from an operation that isn't described", "newer than the description that is held against: Cloudflare documents it since June 2026"},
	{"cloudflare * 429: /errors/0/code: number must be at least 1000", "reported: Access answers 971 to too many requests"},

	{"okta *accessibility/errorRedirectUrl: Value is not nullable*", nulls},
	{"okta *accessibility/loginRedirectUrl: Value is not nullable*", nulls},
	{"okta *universalLogout: Value is not nullable*", nulls + " where the org has no Universal Logout"},

	{"okta * 401: the status isn't described", "an API token that Okta doesn't accept gets 401 E0000011 everywhere; the description leaves it out"},
	{"okta GET /api/v1/* 400: the status isn't described", "a search, a filter or a cursor that can't be read gets 400; the description leaves it out"},
	{"okta PUT /api/v1/apps/{appId}/groups/{groupId} 500: the status isn't described", "reported: what Okta answers to an explicit priority of 0; no 5xx is described at all"},
	{"okta POST /oauth2/{authorizationServerId}/v1/introspect 404: the status isn't described", "there is no such authorization server; the description leaves it out"},

	{"okta GET /oauth2/v1/authorize *: the status isn't described", "the description says that it leaves these answers out: a sign-in page, a redirect, an error page"},
	{"okta GET /oauth2/v1/authorize/callback: * from an operation that isn't described", browser},
	{"okta * /login: * from an operation that isn't described", browser},

	{"okta * /api/v1/internal/apps/*/settings/oauth/idToken: * from an operation that isn't described", internal},
	{"okta * /api/v1/authorizationServers/*/scopes*: * from an operation that isn't described", partial},
	{"okta POST /api/v1/authorizationServers/*/policies/*/lifecycle/*activate: * from an operation that isn't described", partial},
	{"okta * /api/v1/users*: * from an operation that isn't described", partial},
	{"okta GET /api/v1/policies*: * from an operation that isn't described", partial},
	{"okta PUT /api/v1/groups/{id}: * from an operation that isn't described", partial},
	{"okta * /api/v1/groups/{id}/owners*: * from an operation that isn't described", partial},
	{"okta * /api/v1/groups/{id}/users*: * from an operation that isn't described", partial},
	{"okta * /api/v1/zones*: * from an operation that isn't described", partial},
	{"okta * /api/v1/authenticators*: * from an operation that isn't described", partial},
	{"okta * /api/v1/apps/{id}/*: * from an operation that isn't described", partial},
	{"okta GET /oauth2/v1/clients/*: * from an operation that isn't described", partial},
	{"okta GET /oauth2/v1/userinfo: * from an operation that isn't described", partial},
	{"okta GET /oauth2/v1/logout: * from an operation that isn't described", partial},
	{"okta POST /oauth2/v1/par: * from an operation that isn't described", partial},
	{"okta POST /oauth2/v1/revoke: * from an operation that isn't described", partial},
	{"okta GET /.well-known/oauth-authorization-server: * from an operation that isn't described", partial},
}

// patterns are those of KnownDifferences.
var patterns = func() []*regexp.Regexp {
	compiled := make([]*regexp.Regexp, len(KnownDifferences))
	for index, difference := range KnownDifferences {
		compiled[index] = regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(difference.Violation), `\*`, ".*") + "$")
	}
	return compiled
}()

// known finds the difference that a violation is an instance of: its place in the list, or -1.
func known(violation string) int {
	return slices.IndexFunc(patterns, func(pattern *regexp.Regexp) bool { return pattern.MatchString(violation) })
}

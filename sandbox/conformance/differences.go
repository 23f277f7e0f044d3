package conformance

import "strings"

// Difference is a place where the sandbox differs from a description on purpose.
type Difference struct {
	// Operation is how the violation starts, such as "okta GET /api/v1/apps"; "okta " is all of Okta's.
	Operation string
	// Problem is a part of what it says after that; empty is anything.
	Problem string
	// Reason says why the sandbox is right.
	Reason string
}

// KnownDifferences is the one list of them.
var KnownDifferences = []Difference{
	{
		Operation: "cloudflare POST /accounts/{account_id}/access/policies 500", Problem: "the status isn't described",
		Reason: "the real API was seen to answer 500 with code 10001 to a group's name in place of its id; no 5xx is described at all",
	},
	{
		Operation: "okta ", Problem: "accessibility/errorRedirectUrl: Value is not nullable",
		Reason: "recorded: apps have it, and it is null",
	},
	{
		Operation: "okta ", Problem: "accessibility/loginRedirectUrl: Value is not nullable",
		Reason: "recorded: apps have it, and it is null",
	},
	{
		Operation: "okta ", Problem: "universalLogout: Value is not nullable",
		Reason: "recorded: apps have it, and it is null where the org has no Universal Logout",
	},
	{
		Operation: "okta ", Problem: "401: the status isn't described",
		Reason: "an API token that Okta doesn't accept gets 401 E0000011 everywhere; the description leaves it out",
	},
	{
		Operation: "okta GET /oauth2/v1/authorize ", Problem: "the status isn't described",
		Reason: "the description says that it leaves these answers out: a sign-in page, a redirect, an error page",
	},
	{
		Operation: "okta GET /oauth2/v1/authorize/callback", Problem: "an operation that isn't described",
		Reason: "where the sandbox's sign-in page goes on; a browser's business, no API",
	},
	{
		Operation: "okta GET /login", Problem: "an operation that isn't described",
		Reason: "the sandbox's sign-in page; a browser's business, no API",
	},
	{
		Operation: "okta POST /login", Problem: "an operation that isn't described",
		Reason: "the sandbox's sign-in page; a browser's business, no API",
	},
	{
		Operation: "okta GET /oauth2/v1/clients/{id}", Problem: "an operation that isn't described",
		Reason: "Okta's client registration API has it; the description is a part of the whole, and leaves it out",
	},
	{
		Operation: "okta GET /oauth2/v1/userinfo", Problem: "an operation that isn't described",
		Reason: "Okta has it, as every OpenID provider; the description is a part of the whole, and leaves it out",
	},
	{
		Operation: "okta GET /api/v1/internal/apps/{id}/settings/oauth/idToken", Problem: "an operation that isn't described",
		Reason: "recorded: the internal API for the groups claim, which Okta describes nowhere",
	},
	{
		Operation: "okta POST /api/v1/internal/apps/{id}/settings/oauth/idToken", Problem: "an operation that isn't described",
		Reason: "recorded: the internal API for the groups claim, which Okta describes nowhere",
	},
}

func known(violation string) int {
	for index, difference := range KnownDifferences {
		if strings.HasPrefix(violation, difference.Operation) && strings.Contains(violation[len(difference.Operation):], difference.Problem) {
			return index
		}
	}
	return -1
}

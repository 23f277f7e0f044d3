package planner

import (
	"fmt"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// movedProblems finds a connection whose document names another org or account than it was connected with: what it made there
// would be left behind. One side still tells of the other.
func movedProblems(spec connection.Spec, have State) []Problem {
	const advice = "disconnect it first with the earlier document, or give this one another name"
	var problems []Problem
	for _, there := range have.Elsewhere {
		problems = append(problems, Problem{Path: "okta.org", Message: movedFrom(spec, have, there), Advice: advice})
	}
	if len(problems) > 0 {
		return problems
	}
	app, idp := have.App, have.IdentityProvider
	// The same org can get another URL: then the app is there.
	if to := have.ConnectedTo; to != nil && (!sameURL(to.OktaURL, have.OktaURL) && app == nil || to.AccountID != have.AccountID && idp == nil) {
		path := "okta.org"
		if sameURL(to.OktaURL, have.OktaURL) {
			path = "cloudflare.account"
		}
		message := fmt.Sprintf("connection %q is connected to Okta org %s and Cloudflare account %s, not to %s and %s: what it consists of there would be left behind",
			spec.Name, to.OktaURL, to.AccountID, have.OktaURL, have.AccountID)
		return []Problem{{Path: path, Message: message, Advice: advice}}
	}
	switch {
	case app == nil && idp != nil && OwnsClientID(spec.Name, idp.ClientID) && !sameURL(idp.OktaAccount, have.OktaURL):
		message := fmt.Sprintf("connection %q was made with Okta org %s, where its app would be left behind", spec.Name, quote(idp.OktaAccount))
		return []Problem{{Path: "okta.org", Message: message, Advice: advice}}
	case idp == nil && app != nil && OwnsClientID(spec.Name, app.ClientID) && elsewhere(app.RedirectURIs, have.AuthDomain):
		message := fmt.Sprintf("connection %q was made with another Cloudflare account (%s), where its identity provider and policy would be left behind", spec.Name, quote(app.RedirectURIs[0]))
		return []Problem{{Path: "cloudflare.account", Message: message, Advice: advice}}
	}
	return nil
}

// movedFrom says where the connection is, as another org tells.
func movedFrom(spec connection.Spec, have State, there connection.Existing) string {
	to := ""
	if there.Account != "" {
		to = fmt.Sprintf(", and Cloudflare account %q", there.Account)
	}
	return fmt.Sprintf("connection %q is connected to Okta org %s (its app there is %q, %s)%s, not to %s and %q: what it consists of there would be left behind",
		spec.Name, there.OktaURL, there.AppLabel, there.AppID, to, have.OktaURL, spec.Cloudflare.Account)
}

// unaskedNotes name the orgs that could not be asked whether the connection is there.
func unaskedNotes(have State) []string {
	var notes []string
	for _, org := range have.Unasked {
		notes = append(notes, fmt.Sprintf("Okta org %s didn't tell whether the connection is there already: if it is, disconnect it there first", org))
	}
	return notes
}

// sameURL reports whether two URLs are of one org. People and earlier versions wrote them with capitals, or a slash at the end.
func sameURL(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/"))
}

// elsewhere reports whether the redirect URIs are the callback of another authorization domain alone.
func elsewhere(redirectURIs []string, authDomain string) bool {
	return len(redirectURIs) == 1 && strings.HasSuffix(redirectURIs[0], CallbackPath) && redirectURIs[0] != RedirectURI(authDomain)
}

package connection

import "slices"

// CallbackPath is where Access receives people back from Okta, on the authorization domain (procedure, step 2).
const CallbackPath = "/cdn-cgi/access/callback"

// RedirectURI is the login redirect URI for an authorization domain.
func RedirectURI(authDomain string) string { return "https://" + authDomain + CallbackPath }

// TestURL is where a person can try an identity provider in a browser ("Save and test").
func TestURL(authDomain, identityProviderID string) string {
	return "https://" + authDomain + "/cdn-cgi/access/test-idp/" + identityProviderID
}

// WantApp is the Okta app that the document declares, starting from the one that exists. clientID is given to a new app.
func WantApp(spec Spec, have State, clientID string) App {
	want := App{ClientID: clientID, IssuerMode: "ORG_URL"}
	if have.App != nil {
		want = *have.App
	}
	callback := RedirectURI(have.AuthDomain)
	switch {
	case !want.Adopted:
		want.RedirectURIs = []string{callback}
	case !slices.Contains(want.RedirectURIs, callback):
		want.RedirectURIs = append(slices.Clone(want.RedirectURIs), callback)
	}
	want.Label, want.Status, want.Connection = spec.Okta.AppLabel, AppActive, spec.Name
	want.Claim = &Claim{Name: "groups", ValueType: "GROUPS", Filter: string(spec.Okta.GroupsClaim.Filter), Value: spec.Okta.GroupsClaim.Value}
	want.Groups = nil
	for _, group := range have.Groups {
		if slices.Contains(spec.Okta.AssignGroups, group.Name) && len(group.IDs) == 1 {
			want.Groups = append(want.Groups, Group{ID: group.IDs[0], Name: group.Name})
		}
	}
	want.Kept = keep(want.Kept, have)
	want.Applications = nil
	for _, named := range have.Named {
		if len(named.IDs) == 1 && !slices.Contains(want.Applications, named.IDs[0]) {
			want.Applications = append(want.Applications, named.IDs[0])
		}
	}
	return want
}

// keep adds to the ids of what was adopted before what this run adopts.
func keep(before []string, have State) []string {
	kept := slices.Clone(before)
	if found := have.IdentityProvider; found != nil && found.Adopted && !slices.Contains(kept, found.ID) {
		kept = append(kept, found.ID)
	}
	if found := have.Policy; found != nil && found.Adopted && !slices.Contains(kept, found.ID) {
		kept = append(kept, found.ID)
	}
	return kept
}

// WantIdentityProvider is the login method that the document declares for an app's client id.
func WantIdentityProvider(spec Spec, have State, clientID string) IdentityProvider {
	var want IdentityProvider
	if have.IdentityProvider != nil {
		want = *have.IdentityProvider
	}
	want.Name, want.ClientID, want.OktaAccount, want.PKCE = spec.Cloudflare.IDPName, clientID, have.OktaURL, spec.Cloudflare.PKCE
	return want
}

// WantPolicy is the Access policy that the document declares for an identity provider. It requires that people signed in
// through this connection: else a rule for an e-mail address would let in whoever proves that address otherwise, and
// a policy without groups could not be told to be this connection's.
func WantPolicy(spec Spec, have State, identityProviderID string) AccessPolicy {
	want := AccessPolicy{Name: spec.Policy.Name, Decision: "allow", Require: []Rule{LoginMethodRule(identityProviderID)}}
	if have.Policy != nil {
		want.ID, want.Adopted = have.Policy.ID, have.Policy.Adopted
	}
	for _, group := range spec.Policy.Allow.Groups {
		want.Include = append(want.Include, OktaGroupRule(group, identityProviderID))
	}
	for _, email := range spec.Policy.Allow.Emails {
		want.Include = append(want.Include, EmailRule(email))
	}
	for _, domain := range spec.Policy.Allow.EmailDomains {
		want.Include = append(want.Include, EmailDomainRule(domain))
	}
	return want
}

// IsOurShape tells whether the policy is built as WantPolicy builds it for the identity provider, whatever it is called.
// That is how a policy is found again after the document gave it another name.
func (p AccessPolicy) IsOurShape(identityProviderID string) bool {
	if p.Decision != "allow" || len(p.Exclude) != 0 || len(p.Require) != 1 {
		return false
	}
	return p.Require[0]["login_method"] != nil && p.Require[0].RefersTo(identityProviderID)
}

// RefersTo tells whether any rule of the policy names the identity provider.
func (p AccessPolicy) RefersTo(identityProviderID string) bool {
	return slices.ContainsFunc(slices.Concat(p.Include, p.Require, p.Exclude), func(rule Rule) bool {
		return rule.RefersTo(identityProviderID)
	})
}

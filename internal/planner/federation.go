package planner

import (
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// FederationGrant lets other accounts sign people in through an identity provider of this one.
type FederationGrant struct {
	ID               string `json:"id"`
	IdentityProvider string `json:"idp_id"`
}

// grantsOf are the federation grants of an identity provider.
func grantsOf(identityProviderID string, all []FederationGrant) []Referrer {
	var found []Referrer
	for _, grant := range all {
		if grant.IdentityProvider == identityProviderID {
			found = append(found, Referrer{
				Name: fmt.Sprintf("federation grant %s, through which other accounts use it", grant.ID), Grant: grant.ID,
				Advice: "delete the grant first: that ends sign-in through it in those accounts at once",
			})
		}
	}
	return found
}

// UpdatesIdentityProvider reports whether a run would have to change an identity provider that exists.
func UpdatesIdentityProvider(spec connection.Spec, have State) bool {
	return have.IdentityProvider != nil && len(updatesOf(spec, have)) > 0
}

// updatesOf are the names of the settings that a run would have to change of an identity provider that exists.
func updatesOf(spec connection.Spec, have State) []string {
	change := DiffIdentityProvider(have.IdentityProvider, WantIdentityProvider(spec, have, WantApp(spec, have, notYet).ClientID))
	names := make([]string, 0, len(change.Fields))
	for _, field := range change.Fields {
		names = append(names, field.Name)
	}
	return names
}

// federationProblems refuse a change of an identity provider that other accounts sign people in through: nothing tells what becomes of them
// then. A dead client secret is replaced all the same: until that is done, no one signs in through it in any account.
func federationProblems(spec connection.Spec, have State) []Problem {
	at := slices.IndexFunc(have.Referrers, func(each Referrer) bool { return each.Grant != "" })
	if at < 0 || !UpdatesIdentityProvider(spec, have) {
		return nil
	}
	settings := updatesOf(spec, have)
	if slices.Equal(settings, []string{secretSetting}) {
		return nil
	}
	message := fmt.Sprintf("identity provider %s (%s) would have to be changed (%s), and other accounts sign people in through it: this account shares it by federation grant %s",
		quote(have.IdentityProvider.Name), have.IdentityProvider.ID, list(settings), have.Referrers[at].Grant)
	return []Problem{{
		Path: "cloudflare.idp_name", Message: message,
		Advice: "leave those settings in the document as Cloudflare has them, or change them by hand once those accounts are ready for it, or delete the grant first: that ends sign-in through it in those accounts at once",
	}}
}

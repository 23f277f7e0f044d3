package planner

import (
	"fmt"

	"github.com/accessbridge/accessbridge/connection"
)

// LookupTokenSetting is the token for group look-up in a plan, which shows its fingerprint.
const LookupTokenSetting = "group_lookup_token"

// LooksGroupsUp reports whether the identity provider is to hold a token for group look-up.
func (p IdentityProvider) LooksGroupsUp() bool { return valueOf(p.LookupToken) != "" }

// rememberLookup notes which token for group look-up the identity provider was handed, as the app remembers it. Where the document asks
// for one and none is remembered, none was handed that counts: handing it over again does no harm.
func rememberLookup(spec connection.Spec, state *State) {
	idp := state.IdentityProvider
	if idp == nil {
		return
	}
	memory, handed := valueOf(valueOf(state.App).Memory), ""
	if memory.IdentityProvider == idp.ID {
		handed = memory.LookupToken
	}
	if handed != "" || spec.Cloudflare.GroupLookup {
		idp.LookupToken = &handed
	}
}

// wantLookupToken is the token that the identity provider is to have; nil when nothing is asked for and none is known of.
func wantLookupToken(spec connection.Spec, have State) *string {
	switch {
	case spec.Cloudflare.GroupLookup:
		return &have.LookupToken
	case valueOf(have.IdentityProvider).LookupToken != nil:
		return new("")
	}
	return nil
}

// lookupProblems refuse a document that asks for a look-up of groups which the worker holds no token for.
func lookupProblems(spec connection.Spec, have State) []Problem {
	if !spec.Cloudflare.GroupLookup || have.LookupToken != "" {
		return nil
	}
	key := "okta.orgs." + spec.Okta.Org + ".group_lookup_token"
	return []Problem{{
		Path: "cloudflare.group_lookup", Message: fmt.Sprintf("the worker holds no token for Cloudflare to look groups up with in Okta org %q", spec.Okta.Org),
		Advice: fmt.Sprintf("put an Okta API token that may read users and groups into %s or %s_file of the worker's configuration and restart it, or leave cloudflare.group_lookup out", key, key),
	}}
}

// lookupNotes tell what an update takes away that nobody can see: it replaces the whole identity provider, and Cloudflare's answers leave
// the token out.
func lookupNotes(spec connection.Spec, have State) []string {
	if have.IdentityProvider == nil {
		return nil
	}
	want := WantIdentityProvider(spec, have, WantApp(spec, have, notYet).ClientID)
	if want.LookupToken != nil || DiffIdentityProvider(have.IdentityProvider, want).Action == connection.ActionUnchanged {
		return nil
	}
	return []string{fmt.Sprintf("an update of the identity provider %q takes an Okta API token for group look-up (api_token) away from it, should it hold one: Cloudflare's answers leave that out. "+
		"Put it in again afterwards, or have the worker hold it and set cloudflare.group_lookup", have.IdentityProvider.Name)}
}

// LookupTokenLeft says what of the token for group look-up can't be put back when a run is undone: held is the fingerprint of the one that the
// worker holds. "" is nothing.
func LookupTokenLeft(given, back IdentityProvider, held string) string {
	thing := Title(connection.ResourceIdentityProvider, back.Name)
	switch was := valueOf(back.LookupToken); {
	case was != "" && held == "":
		return fmt.Sprintf("the token for group look-up of %s: the worker holds none any more; put it in again", thing)
	case was != "" && held != was:
		return fmt.Sprintf("the token for group look-up of %s is the one that the worker holds now: the earlier one is not held any more", thing)
	case was == "" && back.LookupToken != nil && valueOf(given.LookupToken) != "":
		return fmt.Sprintf("the token for group look-up that %s may have had by hand: Cloudflare doesn't show it; put it in again if there was one", thing)
	}
	return ""
}

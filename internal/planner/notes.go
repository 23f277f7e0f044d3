package planner

import (
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// Notes tell what a run leaves alone although it bears on the connection: whom else its identity provider lets in, and where else its
// policy is used. The document doesn't say that these are its own, so only a person can tell whether they should stay.
func Notes(spec connection.Spec, have State) []string {
	notes := append(memoryNotes(have), secretNotes(have)...)
	for _, policy := range have.OtherPolicies {
		notes = append(notes, fmt.Sprintf("Access policy %s refers to the identity provider %q too, and is left alone", policy, have.IdentityProvider.Name))
	}
	declared := WantApplications(have)
	for _, application := range have.Applications {
		ours := have.App != nil && slices.Contains(have.App.Applications, application.ID)
		if application.UsesPolicy && !ours && !slices.Contains(declared, application.ID) {
			notes = append(notes, fmt.Sprintf("Access application %q (%s) uses the policy %q, although the document doesn't name it, and is left alone",
				application.Name, application.Domain, have.Policy.Name))
		}
	}
	return slices.Concat(notes, lostNotes(have), unaskedNotes(have), readOnlyNotes(have), lookupNotes(spec, have), referrerNotes(have), unattachedNotes(spec, have))
}

// unattachedNotes tell of a policy that stands by itself: a connection without applications is whole, and yet lets no one in anywhere.
func unattachedNotes(spec connection.Spec, have State) []string {
	used := slices.ContainsFunc(have.Applications, func(application Application) bool { return application.UsesPolicy })
	if used || len(spec.Policy.Applications) > 0 {
		return nil
	}
	return []string{fmt.Sprintf("policy.applications names no application: the policy %q guards nothing until it is attached to one", spec.Policy.Name)}
}

// DisconnectNotes tell what a disconnect leaves although it has the label or a name of the document: nothing shows that it is the
// connection's own.
func DisconnectNotes(have State) []string {
	notes := memoryNotes(have)
	for _, stranger := range have.Strangers {
		if stranger.Made {
			continue // it is taken away too
		}
		notes = append(notes, fmt.Sprintf("%s %q (%s) is not known to be of this connection, and is left alone", stranger.Resource, stranger.Name, stranger.ID))
	}
	return slices.Concat(notes, lostNotes(have), unfoundNotes(have), unaskedNotes(have))
}

// memoryNotes tell of an app whose memory was taken away, for example by a tool that manages the app and knows no profile of it.
func memoryNotes(have State) []string {
	if have.App == nil || have.App.Memory != nil || generationOf(have.App.ClientID) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("the profile of the Okta app %q (%s) doesn't tell any more what the connection consists of: its identity provider and its policy are found by the client id, "+
		"and whether they or application attachments were there before can't be known", have.App.Label, have.App.ID)}
}

// secretNotes tell of client secrets that were added or taken away by hand.
func secretNotes(have State) []string {
	switch idp := have.IdentityProvider; {
	case have.handedIsDead():
		return []string{fmt.Sprintf("the client secret %s that Cloudflare was handed is no longer active in Okta: people can't sign in until it has the active one, %s", idp.SecretID, have.Secrets.Newest)}
	case idp != nil && idp.SecretID != "" && len(have.Secrets.Active) > 1:
		return []string{fmt.Sprintf("the Okta app %q has a second active client secret; Cloudflare goes on with %s", have.App.Label, idp.SecretID)}
	}
	return nil
}

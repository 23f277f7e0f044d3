package planner

import (
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// Notes tell what a run leaves alone although it bears on the connection: whom else its identity provider lets in, and where else its
// policy is used. The document doesn't say that these are its own, so only a person can tell whether they should stay.
func Notes(spec connection.Spec, have State) []string {
	var notes []string
	for _, name := range have.OtherPolicies {
		notes = append(notes, fmt.Sprintf("Access policy %q refers to the identity provider %q too, and is left alone", name, have.IdentityProvider.Name))
	}
	declared := wantApplications(have)
	for _, application := range have.Applications {
		ours := have.App != nil && slices.Contains(have.App.Applications, application.ID)
		if application.UsesPolicy && !ours && !slices.Contains(declared, application.ID) {
			notes = append(notes, fmt.Sprintf("Access application %q (%s) uses the policy %q, although the document doesn't name it, and is left alone",
				application.Name, application.Domain, have.Policy.Name))
		}
	}
	return notes
}

// DisconnectNotes tell what a disconnect leaves although it has the label or a name of the document: nothing shows that it is the
// connection's own.
func DisconnectNotes(have State) []string {
	var notes []string
	for _, stranger := range have.Strangers {
		if stranger.Made {
			continue // it is taken away too
		}
		notes = append(notes, fmt.Sprintf("%s %q (%s) is not known to be of this connection, and is left alone", stranger.Resource, stranger.Name, stranger.ID))
	}
	return notes
}

package planner

import (
	"regexp"
	"strings"
)

// CallbackPath is where Access receives people back from Okta, on the authorization domain (procedure, step 2).
const CallbackPath = "/cdn-cgi/access/callback"

// RedirectURI is the login redirect URI for an authorization domain.
func RedirectURI(authDomain string) string { return "https://" + authDomain + CallbackPath }

// TestURL is where a person can try an identity provider in a browser ("Save and test").
func TestURL(authDomain, identityProviderID string) string {
	return "https://" + authDomain + "/cdn-cgi/access/test-idp/" + identityProviderID
}

// clientIDPrefix starts the client id of every Okta app that we create.
const clientIDPrefix = "accessbridge-"

// runSuffix is the form of the end of our client ids: 8 hexadecimal characters of the run.
var runSuffix = regexp.MustCompile(`^[0-9a-f]{8}$`)

// ClientID is the OAuth client id of the Okta app that a run creates, from the connection's name and the run's ID.
// It is the key that makes a repeated create safe: Okta holds it unique in the org and immutable. The end of the run
// ID is used, because run IDs can start with the time.
func ClientID(name, runID string) string {
	suffix := strings.ReplaceAll(runID, "-", "")
	return clientIDPrefix + name + "-" + suffix[max(0, len(suffix)-8):]
}

// OwnsClientID reports whether a client id is one that a run of the connection gave. Names may contain hyphens, so
// everything after the name must be one run's suffix exactly.
func OwnsClientID(name, clientID string) bool {
	suffix, ours := strings.CutPrefix(clientID, clientIDPrefix+name+"-")
	return ours && runSuffix.MatchString(suffix)
}

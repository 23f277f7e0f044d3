package planner

import (
	"regexp"
	"strconv"
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

var (
	// generationSuffix is the form of the end of our client ids: a number from 1.
	generationSuffix = regexp.MustCompile(`^[1-9][0-9]{0,3}$`)
	// runSuffix was its form in earlier versions: 8 hexadecimal characters of the run.
	runSuffix = regexp.MustCompile(`^[0-9a-f]{8}$`)
)

// ClientID is the OAuth client id of a connection's Okta app. It is the connection's key: Okta holds it unique in the org and
// immutable, so that a second create is refused whatever a list says. The generation is 1, unless Okta keeps the id of a
// deleted app from being used again.
func ClientID(name string, generation int) string {
	return clientIDPrefix + name + "-" + strconv.Itoa(max(generation, 1))
}

// Generation is the generation of a connection's client id; 0 when the client id is another's or of an earlier version.
func Generation(name, clientID string) int {
	suffix, ours := strings.CutPrefix(clientID, clientIDPrefix+name+"-")
	if !ours || !generationSuffix.MatchString(suffix) {
		return 0
	}
	generation, _ := strconv.Atoi(suffix) // at most four digits
	return generation
}

// generationOf is the generation of a client id of any connection; 0 when it has none.
func generationOf(clientID string) int {
	at := strings.LastIndex(clientID, "-")
	return Generation(strings.TrimPrefix(clientID[:max(at, 0)], clientIDPrefix), clientID)
}

// RunClientID is the client id that a run of earlier versions gave, from the connection's name and the run's ID. The end of
// the run ID is used, because run IDs can start with the time.
func RunClientID(name, runID string) string {
	suffix := strings.ReplaceAll(runID, "-", "")
	return clientIDPrefix + name + "-" + suffix[max(0, len(suffix)-8):]
}

// OwnsClientID reports whether a client id is the connection's key, or was in an earlier version. Names may contain hyphens, so
// everything after the name must be a generation or one run's suffix exactly.
func OwnsClientID(name, clientID string) bool {
	suffix, ours := strings.CutPrefix(clientID, clientIDPrefix+name+"-")
	return ours && (generationSuffix.MatchString(suffix) || runSuffix.MatchString(suffix))
}

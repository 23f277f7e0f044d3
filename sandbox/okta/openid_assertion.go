package okta

import (
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// secretJWT is the client authentication by a JWT that is signed with the client secret.
const secretJWT = "client_secret_jwt"

// assertionType is the only type of client assertion that Okta takes.
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// longestAssertion is how far away a client assertion may expire.
const longestAssertion = time.Hour

// clientAssertion is a JWT by which a client says who it is.
type clientAssertion struct {
	token  *jwt.JSONWebToken
	claims jwt.Claims
}

// hashed reports whether a shared secret signs the assertion, and not a private key.
func (c *clientAssertion) hashed() bool {
	return slices.Contains(hashAlgorithms, jose.SignatureAlgorithm(c.token.Headers[0].Algorithm))
}

var (
	hashAlgorithms = []jose.SignatureAlgorithm{jose.HS256, jose.HS384, jose.HS512}
	keyAlgorithms  = []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.ES256, jose.ES384, jose.ES512}
)

// readAssertion reads what a JWT claims, without trusting it yet.
func readAssertion(text string) (*clientAssertion, *answer) {
	token, err := jwt.ParseSigned(text, append(slices.Clone(hashAlgorithms), keyAlgorithms...))
	if err != nil {
		return nil, refuseClient("The parsing of the client_assertion failed.")
	}
	read := &clientAssertion{token: token}
	if err := token.UnsafeClaimsWithoutVerification(&read.claims); err != nil {
		return nil, refuseClient("The parsing of the client_assertion failed.")
	}
	return read, nil
}

// checkAssertion refuses an assertion that doesn't let the app's client in at an endpoint, and returns the secret of one that does.
func (o *Org) checkAssertion(a *app, given *clientAssertion, endpoint string) (string, *answer) {
	if refusal := checkAssertionMethod(a, given); refusal != nil {
		return "", refusal
	}
	index := slices.IndexFunc(a.secrets, func(s *secret) bool {
		return s.status == active && given.token.Claims([]byte(s.text), &jwt.Claims{}) == nil
	})
	if index < 0 {
		return "", refuseClient("The client_assertion signature is invalid.")
	}
	if refusal := o.checkAssertionClaims(a, given.claims, endpoint); refusal != nil {
		return "", refusal
	}
	return a.secrets[index].text, nil
}

// checkAssertionMethod refuses an assertion of a client that is registered for another way of authentication.
func checkAssertionMethod(a *app, given *clientAssertion) *answer {
	switch {
	case given.hashed() && !a.usesSecret():
		return refuseClient("The issuer and subject claim for client_assertion is invalid because the client does not have a client secret.")
	case !given.hashed() && a.usesSecret():
		return refuseClient("The client does not have a JWKSet configured, but the client_assertion requires one.")
	case a.tokenEndpointAuthMethod() != secretJWT:
		return refuseMethod() // the org doesn't verify assertions by private keys
	}
	return nil
}

func (o *Org) checkAssertionClaims(a *app, claims jwt.Claims, endpoint string) *answer {
	now := o.clock()
	switch {
	case claims.Subject != a.clientID():
		return refuseClient("The subject claim for client_assertion is not a valid client_id.")
	case !claims.Audience.Contains(endpoint):
		return refuseClient("The audience claim for client_assertion must be the endpoint invoked for the request.")
	case claims.Expiry == nil:
		return refuseClient("The client_assertion must contain the 'exp' claim as seconds since epoch.")
	case !now.Before(claims.Expiry.Time()):
		return refuseClient("The client_assertion token is expired.")
	case claims.Expiry.Time().After(now.Add(longestAssertion)):
		return refuseClient("The client_assertion token has an expiration too far into the future.")
	case claims.IssuedAt != nil && claims.IssuedAt.Time().After(now):
		return refuseClient("The client_assertion token must be issued before the current time.")
	case !o.spend(a.clientID(), claims.ID):
		return refuseClient("The client_assertion token has already been used.")
	}
	return nil
}

// spend remembers the id of an assertion, and reports whether it is new. One without an id can be used again.
func (o *Org) spend(clientID, id string) bool {
	if id == "" {
		return true
	}
	key := clientID + " " + id
	used := o.store.openID.assertions[key]
	o.store.openID.assertions[key] = true
	return !used
}

// refuseClient says why a client isn't let in.
func refuseClient(description string) *answer {
	return refuseOAuth(http.StatusUnauthorized, "invalid_client", description)
}

// refuseMethod refuses a client that authenticates in another way than it is registered for, or that may not authenticate at all.
func refuseMethod() *answer {
	return refuseClient("Client authentication failed. Either the client or the client credentials are invalid.")
}

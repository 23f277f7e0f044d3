package okta

import (
	"net/url"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// How long what the provider gives out is good for.
const (
	codeLifetime  = 5 * time.Minute
	tokenLifetime = time.Hour
)

// openIDState is what the OpenID provider remembers: who is signed in, what is under way, what was given out.
type openIDState struct {
	sessions map[string]*session
	// pushed are authorization requests that clients left beforehand.
	pushed   map[string]url.Values
	requests map[string]*authRequest
	codes    map[string]*authRequest
	tokens   map[string]*issuedToken
	// refresh are the grants by their refresh tokens.
	refresh map[string]*refreshGrant
	// assertions are the client assertions that were used: they are good for one request.
	assertions map[string]bool
}

func newOpenIDState() *openIDState {
	return &openIDState{
		sessions:   make(map[string]*session),
		pushed:     make(map[string]url.Values),
		requests:   make(map[string]*authRequest),
		codes:      make(map[string]*authRequest),
		tokens:     make(map[string]*issuedToken),
		refresh:    make(map[string]*refreshGrant),
		assertions: make(map[string]bool),
	}
}

// session is a browser in which somebody signed in.
type session struct {
	userID   string
	signedIn time.Time
}

// issuedToken is an access token.
type issuedToken struct {
	userID, clientID string
	scopes           []string
	issued, expires  time.Time
}

// authRequest is a sign-in under way: from the authorize request until its code is exchanged for tokens.
type authRequest struct {
	id       string
	request  *oidc.AuthRequest
	userID   string
	signedIn time.Time
	// code is the authorization code, which expires.
	code    string
	expires time.Time
	done    bool
}

func (a *authRequest) GetID() string          { return a.id }
func (a *authRequest) GetACR() string         { return "" }
func (a *authRequest) GetAMR() []string       { return []string{"pwd"} }
func (a *authRequest) GetAudience() []string  { return []string{a.request.ClientID} }
func (a *authRequest) GetAuthTime() time.Time { return a.signedIn }
func (a *authRequest) GetClientID() string    { return a.request.ClientID }
func (a *authRequest) GetNonce() string       { return a.request.Nonce }
func (a *authRequest) GetRedirectURI() string { return a.request.RedirectURI }
func (a *authRequest) GetScopes() []string    { return a.request.Scopes }
func (a *authRequest) GetState() string       { return a.request.State }
func (a *authRequest) GetSubject() string     { return a.userID }
func (a *authRequest) Done() bool             { return a.done }

func (a *authRequest) GetResponseType() oidc.ResponseType { return a.request.ResponseType }
func (a *authRequest) GetResponseMode() oidc.ResponseMode { return a.request.ResponseMode }

func (a *authRequest) GetCodeChallenge() *oidc.CodeChallenge {
	if a.request.CodeChallenge == "" {
		return nil
	}
	return &oidc.CodeChallenge{Challenge: a.request.CodeChallenge, Method: a.request.CodeChallengeMethod}
}

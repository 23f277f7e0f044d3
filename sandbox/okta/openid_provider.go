package okta

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// The paths of the provider's endpoints.
const (
	authorizePath  = "/oauth2/v1/authorize"
	callbackPath   = authorizePath + "/callback"
	tokenPath      = "/oauth2/v1/token"
	introspectPath = "/oauth2/v1/introspect"
	userinfoPath   = "/oauth2/v1/userinfo"
	keysPath       = "/oauth2/v1/keys"
	revokePath     = "/oauth2/v1/revoke"
	logoutPath     = "/oauth2/v1/logout"
	loginPath      = "/login"
)

// newProvider makes the part of the OpenID provider that a library does: codes, tokens, keys. What Okta does
// in its own way (sign-in, refusals) goes around it.
func newProvider(o *Org) (http.Handler, error) {
	config := &op.Config{CodeMethodS256: true, AuthMethodPost: true, GrantTypeRefreshToken: true}
	_, _ = rand.Read(config.CryptoKey[:]) // never fails: it ends the program instead
	issuer := func(bool) (op.IssuerFromRequest, error) {
		return func(*http.Request) string { return o.URL() }, nil
	}
	return op.NewProvider(config, storage{org: o}, issuer,
		op.WithCustomEndpoints(op.NewEndpoint(authorizePath), op.NewEndpoint(tokenPath), op.NewEndpoint(userinfoPath),
			op.NewEndpoint(revokePath), op.NewEndpoint(logoutPath), op.NewEndpoint(keysPath)),
		op.WithCustomIntrospectionEndpoint(op.NewEndpoint(introspectPath)),
	)
}

// openIDRoutes are the endpoints of the OpenID provider.
func (o *Org) openIDRoutes() map[string]http.Handler {
	authenticated := http.HandlerFunc(o.serveAuthenticated)
	return map[string]http.Handler{
		authorizePath:                          http.HandlerFunc(o.serveAuthorize),
		callbackPath:                           o.provider,
		loginPath:                              http.HandlerFunc(o.serveLogin),
		tokenPath:                              authenticated,
		introspectPath:                         authenticated,
		revokePath:                             authenticated,
		pushedPath:                             http.HandlerFunc(o.servePushed),
		userinfoPath:                           http.HandlerFunc(o.serveUserinfo),
		keysPath:                               o.provider,
		logoutPath:                             http.HandlerFunc(o.serveLogout),
		"/oauth2/{authServerId}/v1/introspect": http.HandlerFunc(o.serveCustomIntrospect),
	}
}

// oauthError is the body of a refusal by an OAuth endpoint.
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

func refuseOAuth(status int, code, description string) *answer {
	return &answer{status: status, body: oauthError{Error: code, Description: description}}
}

// serveAuthenticated lets the library answer a client that says who it is.
func (o *Org) serveAuthenticated(w http.ResponseWriter, r *http.Request) {
	clientID, refusal := o.admitClient(r)
	if refusal != nil {
		o.write(w, *refusal)
		return
	}
	w.Header().Set("Cache-Control", "no-cache, no-store")
	w.Header().Set("Pragma", "no-cache")
	if r.URL.Path == introspectPath {
		if said := o.introspect(clientID, r.PostForm.Get("token")); said != nil {
			o.write(w, success(said))
			return
		}
	}
	buffered := &bufferedWriter{header: http.Header{}, status: http.StatusOK}
	o.provider.ServeHTTP(buffered, r)
	if refusal := buffered.refusal(); refusal != nil {
		o.write(w, *refusal)
		return
	}
	if r.URL.Path == tokenPath {
		if err := o.reshape(buffered); err != nil {
			o.write(w, internalError())
			return
		}
	}
	buffered.send(w)
}

// serveCustomIntrospect answers for a custom authorization server, which gives out no tokens: none is active.
func (o *Org) serveCustomIntrospect(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	known := o.findAuthorizationServer(r.PathValue("authServerId")) != nil
	o.mu.Unlock()
	if !known {
		o.write(w, notFound(r.PathValue("authServerId"), "AuthorizationServer"))
		return
	}
	if _, refusal := o.admitClient(r); refusal != nil {
		o.write(w, *refusal)
		return
	}
	o.write(w, success(object{"active": false}))
}

func (o *Org) serveUserinfo(w http.ResponseWriter, r *http.Request) {
	buffered := &bufferedWriter{header: http.Header{}, status: http.StatusOK}
	o.provider.ServeHTTP(buffered, r)
	if buffered.status >= http.StatusBadRequest {
		w.Header().Set("WWW-Authenticate", `Bearer authorization_uri="`+o.URL()+authorizePath+
			`", realm="`+o.URL()+`", scope="openid", error="invalid_token", `+
			`error_description="The access token is invalid"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	buffered.send(w)
}

// bufferedWriter keeps back what the library answers, so that it can be told in Okta's words.
type bufferedWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (b *bufferedWriter) Header() http.Header            { return b.header }
func (b *bufferedWriter) WriteHeader(status int)         { b.status = status }
func (b *bufferedWriter) Write(data []byte) (int, error) { return b.body.Write(data) }

func (b *bufferedWriter) send(w http.ResponseWriter) {
	for name, values := range b.header {
		w.Header()[name] = values
	}
	w.WriteHeader(b.status)
	_, _ = w.Write(b.body.Bytes()) // a client that left is no concern of ours
}

// refusal is the library's refusal in Okta's words; nil if it is none.
func (b *bufferedWriter) refusal() *answer {
	var said oauthError
	if b.status < http.StatusBadRequest || json.Unmarshal(b.body.Bytes(), &said) != nil {
		return nil
	}
	switch {
	case strings.Contains(said.Description, "code_verifier"):
		said = oauthError{Error: "invalid_grant", Description: "PKCE verification failed."}
	case strings.Contains(said.Description, "redirect_uri"):
		said = oauthError{Error: "invalid_grant", Description: "The 'redirect_uri' does not match the redirection URI used in the authorization request."}
	case said.Error == "invalid_grant":
		said.Description = "The authorization code is invalid or has expired."
	}
	return &answer{status: b.status, body: said}
}

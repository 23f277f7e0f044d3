package okta

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// credentials are what a client shows of itself.
type credentials struct {
	id, secret string
	// inHeader tells that they came as basic authentication, and not in the form.
	inHeader bool
	// assertion stands in the place of the secret; nil where there is none.
	assertion *clientAssertion
}

// admitClient refuses a client that doesn't authenticate, or may not do what it asks for. An admitted one goes on with its
// credentials where the library looks for them.
func (o *Org) admitClient(r *http.Request) (id string, refusal *answer) {
	shown, refusal := o.authenticateClient(r)
	if refusal != nil {
		return "", refusal
	}
	if r.URL.Path == tokenPath {
		if refusal := o.checkTokenRequest(shown.id, r.PostForm); refusal != nil {
			return "", refusal
		}
	}
	if r.URL.Path != tokenPath && r.PostForm.Get("token") == "" {
		return "", refuseOAuth(http.StatusBadRequest, "invalid_request", "The token must be provided as a parameter.")
	}
	if !shown.inHeader && shown.secret != "" {
		r.SetBasicAuth(url.QueryEscape(shown.id), url.QueryEscape(shown.secret))
		for _, form := range []url.Values{r.Form, r.PostForm} {
			for _, key := range []string{"client_id", "client_secret", "client_assertion", "client_assertion_type"} {
				form.Del(key)
			}
		}
	}
	return shown.id, nil
}

// checkTokenRequest refuses a client that the token endpoint gives nothing to.
func (o *Org) checkTokenRequest(id string, form url.Values) *answer {
	grant := form.Get("grant_type")
	if refusal := o.checkGrant(id, grant); refusal != nil || grant != grantRefresh {
		return refusal
	}
	return o.checkRefresh(id, form)
}

// authenticateClient finds out which client sent a request. Of one that signs an assertion it gives the secret that it signed with.
func (o *Org) authenticateClient(r *http.Request) (credentials, *answer) {
	shown, refusal := readCredentials(r)
	if refusal != nil {
		return credentials{}, refusal
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	a := o.findClient(shown.id)
	switch {
	case a == nil && shown.assertion != nil:
		return credentials{}, refuseClient("The issuer claim for client_assertion is not a valid client_id.")
	case a == nil:
		unknown := refuse(http.StatusUnauthorized, "invalid_client", "Invalid value for 'client_id' parameter.")
		return credentials{}, &unknown
	case a.status != active:
		return credentials{}, refuseMethod()
	case shown.assertion != nil:
		shown.secret, refusal = o.checkAssertion(a, shown.assertion, o.url+r.URL.Path)
	default:
		refusal = checkSecretShown(a, shown.secret)
	}
	return shown, refusal
}

// checkSecretShown refuses what doesn't let an active app's client in. The header and the form are equally good for a secret.
func checkSecretShown(a *app, text string) *answer {
	method := a.tokenEndpointAuthMethod()
	switch {
	case method == "none" && text == "":
		return nil
	case text == "":
		return refuseClient("No client credentials found.")
	case method == secretJWT:
		return refuseMethod()
	case !a.accepts(text):
		return refuseClient("The client secret supplied for a confidential client is invalid.")
	}
	return nil
}

func readCredentials(r *http.Request) (credentials, *answer) {
	if r.Method != http.MethodPost {
		refusal := methodNotSupported()
		return credentials{}, &refusal
	}
	if err := r.ParseForm(); err != nil {
		return credentials{}, refuseOAuth(http.StatusBadRequest, "invalid_request", "The request body can't be read.")
	}
	id, secret, inHeader := r.BasicAuth()
	form := r.PostForm
	asserted := form.Has("client_assertion")
	var shown credentials
	var refusal *answer
	switch {
	case inHeader && (form.Get("client_secret") != "" || asserted), asserted && form.Get("client_secret") != "":
		return credentials{}, refuseOAuth(http.StatusBadRequest, "invalid_request",
			"Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization "+
				"header, credentials in the post body, or a client_assertion in the post body.")
	case asserted:
		shown, refusal = readAsserted(form)
	case inHeader:
		shown, refusal = readHeader(id, secret)
	default:
		shown = credentials{id: form.Get("client_id"), secret: form.Get("client_secret")}
	}
	if refusal == nil && shown.id == "" {
		refusal = refuseClient("No client credentials found.")
	}
	return shown, refusal
}

func readHeader(id, secret string) (credentials, *answer) {
	plainID, idErr := url.QueryUnescape(id)
	plainSecret, secretErr := url.QueryUnescape(secret)
	if idErr != nil || secretErr != nil {
		return credentials{}, refuseOAuth(http.StatusBadRequest, "invalid_request", "The Authorization header can't be read.")
	}
	return credentials{id: plainID, secret: plainSecret, inHeader: true}, nil
}

// readAsserted takes the client's id from what it signed.
func readAsserted(form url.Values) (credentials, *answer) {
	if form.Get("client_assertion_type") != assertionType {
		return credentials{}, refuseClient("No client credentials found.")
	}
	given, refusal := readAssertion(form.Get("client_assertion"))
	if refusal != nil {
		return credentials{}, refusal
	}
	if given.claims.Issuer == "" {
		return credentials{}, refuseClient("The issuer claim for client_assertion is not a valid client_id.")
	}
	return credentials{id: given.claims.Issuer, assertion: given}, nil
}

// grants are the grant types that Okta knows.
var grants = []string{
	"authorization_code", grantRefresh, "client_credentials", "password", "urn:ietf:params:oauth:grant-type:token-exchange",
	"urn:ietf:params:oauth:grant-type:device_code", "urn:ietf:params:oauth:grant-type:saml2-bearer",
}

// checkGrant refuses a grant that the client isn't configured for.
func (o *Org) checkGrant(clientID, grant string) *answer {
	o.mu.Lock()
	defer o.mu.Unlock()
	a := o.findClient(clientID)
	switch {
	case grant == "":
		return refuseOAuth(http.StatusBadRequest, "invalid_request", "The token request must specify a grant type.")
	case !slices.Contains(grants, grant):
		return refuseOAuth(http.StatusBadRequest, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server.")
	case a == nil:
		return refuseOAuth(http.StatusUnauthorized, "invalid_client", "Client authentication failed. Either the client or the client credentials are invalid.")
	}
	if configured := texts(a.body, "settings", "oauthClient", "grant_types"); !slices.Contains(configured, grant) {
		return refuseOAuth(http.StatusBadRequest, "unauthorized_client",
			"The client is not authorized to use the provided grant type. Configured grant types: ["+strings.Join(configured, ", ")+"].")
	}
	return nil
}

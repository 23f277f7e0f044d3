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
}

// admitClient refuses a client that doesn't authenticate. An admitted one goes on with its credentials where
// the library looks for them.
func (o *Org) admitClient(r *http.Request) *answer {
	shown, refusal := readCredentials(r)
	if refusal != nil {
		return refusal
	}
	if refusal := o.checkCredentials(shown); refusal != nil {
		return refusal
	}
	if r.URL.Path == tokenPath {
		if refusal := o.checkGrant(shown.id, r.PostForm.Get("grant_type")); refusal != nil {
			return refusal
		}
	}
	if r.URL.Path != tokenPath && r.PostForm.Get("token") == "" {
		return refuseOAuth(http.StatusBadRequest, "invalid_request", "The token must be provided as a parameter.")
	}
	if !shown.inHeader && shown.secret != "" {
		r.SetBasicAuth(url.QueryEscape(shown.id), url.QueryEscape(shown.secret))
		for _, form := range []url.Values{r.Form, r.PostForm} {
			form.Del("client_id")
			form.Del("client_secret")
		}
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
	shown := credentials{id: id, secret: secret, inHeader: inHeader}
	switch {
	case inHeader && r.PostForm.Get("client_secret") != "":
		return credentials{}, refuseOAuth(http.StatusBadRequest, "invalid_request",
			"Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization "+
				"header, credentials in the post body, or a client_assertion in the post body.")
	case inHeader:
		var idErr, secretErr error
		shown.id, idErr = url.QueryUnescape(id)
		shown.secret, secretErr = url.QueryUnescape(secret)
		if idErr != nil || secretErr != nil {
			return credentials{}, refuseOAuth(http.StatusBadRequest, "invalid_request", "The Authorization header can't be read.")
		}
	default:
		shown.id, shown.secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if shown.id == "" {
		return credentials{}, refuseOAuth(http.StatusUnauthorized, "invalid_client", "No client credentials found.")
	}
	return shown, nil
}

func (o *Org) checkCredentials(shown credentials) *answer {
	o.mu.Lock()
	defer o.mu.Unlock()
	a := o.findClient(shown.id)
	switch {
	case a == nil:
		refusal := refuse(http.StatusUnauthorized, "invalid_client", "Invalid value for 'client_id' parameter.")
		return &refusal
	case a.status != active:
		return refuseOAuth(http.StatusUnauthorized, "invalid_client",
			"Client authentication failed. Either the client or the client credentials are invalid.")
	case a.tokenEndpointAuthMethod() == "none" && shown.secret == "":
		return nil
	case shown.secret == "":
		return refuseOAuth(http.StatusUnauthorized, "invalid_client", "No client credentials found.")
	case !a.accepts(shown.secret):
		return refuseOAuth(http.StatusUnauthorized, "invalid_client",
			"The client secret supplied for a confidential client is invalid.")
	}
	return nil
}

// grants are the grant types that Okta knows.
var grants = []string{
	"authorization_code", "refresh_token", "client_credentials", "password", "urn:ietf:params:oauth:grant-type:token-exchange",
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

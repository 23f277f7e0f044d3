package okta

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// refusedSignIn is why an authorize request goes back to the client without a code.
type refusedSignIn struct {
	code, description string
}

// serveAuthorize begins a sign-in. What is wrong with the client or its redirect URI is told to the person,
// because nobody else can be trusted to hear it; all else is told to the client.
func (o *Org) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		renderError(w, "invalid_request", "The request can't be read.")
		return
	}
	o.unfold(r)
	o.mu.Lock()
	a := o.findClient(r.Form.Get("client_id"))
	var refused *refusedSignIn
	known := a != nil && a.status == active
	allowed := known && newClient(a).allowsRedirect(r.Form.Get("redirect_uri"))
	if allowed {
		refused = o.checkAuthorize(a, r)
	}
	o.mu.Unlock()
	switch {
	case !known:
		renderError(w, "invalid_client", "Invalid value for 'client_id' parameter.")
	case !allowed:
		renderError(w, "invalid_request",
			"The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.")
	case refused != nil:
		sendBack(w, r, r.Form.Get("redirect_uri"), r.Form.Get("state"), *refused)
	default:
		o.provider.ServeHTTP(w, r)
	}
}

// checkAuthorize refuses what Okta refuses before anybody signs in.
func (o *Org) checkAuthorize(a *app, r *http.Request) *refusedSignIn {
	form := r.Form
	scopes := strings.Fields(form.Get("scope"))
	known := []string{"openid", "email", "profile", "address", "phone", "offline_access", scopeGroups}
	unknown := func(scope string) bool { return !slices.Contains(known, scope) }
	pkce, _ := value(a.body, "credentials", "oauthClient", "pkce_required").(bool)
	responseTypes := texts(a.body, "settings", "oauthClient", "response_types")
	switch {
	case form.Get("state") == "":
		return &refusedSignIn{"invalid_request", "The authentication request has an invalid 'state' parameter."}
	case form.Get("response_type") == "":
		return &refusedSignIn{"invalid_request", "The 'response_type' parameter is required."}
	case form.Get("response_type") != "code" || !slices.Contains(responseTypes, "code"):
		return &refusedSignIn{
			"unsupported_response_type",
			"The response type is not supported by the authorization server. Configured response types: [code]",
		}
	case len(scopes) == 0:
		return &refusedSignIn{
			"invalid_scope",
			"The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
		}
	case slices.ContainsFunc(scopes, unknown) || !slices.Contains(scopes, "openid"):
		return &refusedSignIn{
			"invalid_scope", "One or more scopes are not configured for the authorization server resource.",
		}
	case form.Get("code_challenge") == "" && (pkce || a.tokenEndpointAuthMethod() == "none"):
		return &refusedSignIn{"invalid_request", "PKCE code challenge is required by the application."}
	case form.Get("code_challenge") != "" && form.Get("code_challenge_method") != "S256":
		return &refusedSignIn{"invalid_request", "The 'code_challenge_method' parameter must be 'S256'."}
	case form.Get("prompt") == "none" && !o.isFresh(o.sessionOf(r), seconds(form.Get("max_age"))):
		return &refusedSignIn{"login_required", "The client specified not to prompt, but the user is not logged in."}
	}
	return nil
}

// seconds reads a parameter; nil where it isn't a number.
func seconds(parameter string) *uint {
	number, err := strconv.ParseUint(parameter, 10, 32)
	if err != nil {
		return nil
	}
	whole := uint(number)
	return &whole
}

// sendBack sends the browser back to the client with an error.
func sendBack(w http.ResponseWriter, r *http.Request, redirect, state string, refused refusedSignIn) {
	description := strings.ReplaceAll(url.QueryEscape(refused.description), "%2C", ",")
	query := "error=" + refused.code + "&error_description=" + description
	if state != "" {
		query += "&state=" + url.QueryEscape(state)
	}
	separator := "?"
	if strings.Contains(redirect, "?") {
		separator = "&"
	}
	http.Redirect(w, r, redirect+separator+query, http.StatusFound)
}

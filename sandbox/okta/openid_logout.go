package okta

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// serveLogout ends the browser's session for whoever shows an ID token of this org, and sends the browser to a
// place that the token's client registered.
func (o *Org) serveLogout(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		renderError(w, "invalid_request", "The request can't be read.")
		return
	}
	hint, redirect := r.Form.Get("id_token_hint"), r.Form.Get("post_logout_redirect_uri")
	a := o.hintedApp(hint)
	switch {
	case hint == "":
		renderError(w, "invalid_request", "The 'id_token_hint' parameter is required.") // in our words: Okta's aren't recorded
	case a == nil:
		renderError(w, "invalid_token", "The id token is invalid.")
	case redirect != "" && !o.allowsLogout(a, redirect):
		renderError(w, "invalid_request",
			"The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app settings.")
	default:
		o.endSession(w, r)
		sendOn(w, r, redirect, r.Form.Get("state"))
	}
}

// hintedApp is the active app that an ID token was given to; nil where the token isn't this org's. An old one will do.
func (o *Org) hintedApp(hint string) *app {
	payload := o.signedBySelf(hint)
	var claims oidc.TokenClaims
	if payload == nil || json.Unmarshal(payload, &claims) != nil || len(claims.Audience) == 0 {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if a := o.findClient(claims.Audience[0]); a != nil && a.status == active {
		return a
	}
	return nil
}

// signedBySelf is what a token says that the org signed; nil where it didn't.
func (o *Org) signedBySelf(text string) []byte {
	key, err := o.keys.key()
	if err != nil {
		return nil
	}
	signed, err := jose.ParseSigned(text, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return nil
	}
	payload, err := signed.Verify(&key.PublicKey)
	if err != nil {
		return nil
	}
	return payload
}

func (o *Org) allowsLogout(a *app, redirect string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Contains(texts(a.body, "settings", "oauthClient", "post_logout_redirect_uris"), redirect)
}

func (o *Org) endSession(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(o.cookieName()); err == nil {
		o.mu.Lock()
		delete(o.store.openID.sessions, cookie.Value)
		o.mu.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: o.cookieName(), Path: "/", MaxAge: -1, HttpOnly: true, Secure: true})
}

// sendOn goes on after a sign-out. Without a place to go Okta shows its sign-in page; this org's is for apps alone.
func sendOn(w http.ResponseWriter, r *http.Request, redirect, state string) {
	if redirect == "" {
		renderPage(w, http.StatusOK, messagePage{Title: "Signed out", Message: "You have signed out."})
		return
	}
	if state != "" {
		separator := "?"
		if strings.Contains(redirect, "?") {
			separator = "&"
		}
		redirect += separator + "state=" + url.QueryEscape(state)
	}
	http.Redirect(w, r, redirect, http.StatusFound)
}

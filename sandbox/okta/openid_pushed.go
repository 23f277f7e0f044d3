package okta

import (
	"net/http"
	"net/url"
	"strings"
)

// pushedPath is where a client leaves an authorization request beforehand (RFC 9126): Okta checks its redirect URI and scopes
// there, without a browser.
const pushedPath = "/oauth2/v1/par"

// pushedPrefix starts what stands for a pushed request; pushedFor is how many seconds it stands.
const (
	pushedPrefix = "urn:okta:"
	pushedFor    = 300
)

// servePushed takes an authorization request of a client that says who it is.
func (o *Org) servePushed(w http.ResponseWriter, r *http.Request) {
	shown, refusal := o.authenticateClient(r)
	if refusal != nil {
		o.write(w, *refusal)
		return
	}
	o.write(w, o.push(shown.id, r))
}

// push keeps an authorization request of a client, unless signing in by it would be refused.
func (o *Org) push(clientID string, r *http.Request) answer {
	o.mu.Lock()
	defer o.mu.Unlock()
	a := o.findClient(clientID)
	if a == nil || !newClient(a).allowsRedirect(r.PostForm.Get("redirect_uri")) {
		return *refuseOAuth(http.StatusBadRequest, "invalid_request",
			"The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.")
	}
	if refused := o.checkAuthorize(a, r); refused != nil && refused.code != "login_required" { // nobody signs in here
		return *refuseOAuth(http.StatusBadRequest, refused.code, refused.description)
	}
	form := url.Values{}
	for name, values := range r.PostForm {
		form[name] = values
	}
	for _, key := range []string{"client_secret", "client_assertion", "client_assertion_type"} {
		form.Del(key)
	}
	form.Set("client_id", clientID)
	name := pushedPrefix + randomText(25)
	o.store.openID.pushed[name] = form
	return success(object{"request_uri": name, "expires_in": pushedFor})
}

// unfold puts a pushed request, which stands for one sign-in, in the place of what refers to it.
func (o *Org) unfold(r *http.Request) {
	name := r.Form.Get("request_uri")
	if !strings.HasPrefix(name, pushedPrefix) {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	form, known := o.store.openID.pushed[name]
	if !known || form.Get("client_id") != r.Form.Get("client_id") {
		return
	}
	delete(o.store.openID.pushed, name)
	r.Form = form
}

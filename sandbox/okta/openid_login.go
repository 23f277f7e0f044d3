package okta

import (
	"net/http"
	"net/url"
	"slices"
	"time"
)

// cookieName is the org's own: browsers keep the cookies of a host together, whatever the port.
func (o *Org) cookieName() string { return "sid_" + o.config.Name }

// sessionOf is the session of the browser that sent a request; nil if nobody is signed in there.
func (o *Org) sessionOf(r *http.Request) *session {
	cookie, err := r.Cookie(o.cookieName())
	if err != nil {
		return nil
	}
	return o.store.openID.sessions[cookie.Value]
}

// isFresh reports whether somebody is signed in, and did so no longer ago than the client's max_age, if it has one.
func (o *Org) isFresh(s *session, maxAge *uint) bool {
	if s == nil || maxAge == nil {
		return s != nil
	}
	most := time.Duration(*maxAge) * time.Second
	return most > 0 && o.clock().Sub(s.signedIn) <= most
}

// serveLogin shows the sign-in page, or goes past it where the browser is signed in, and takes what is
// entered there.
func (o *Org) serveLogin(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		renderError(w, "invalid_request", "The request can't be read.")
		return
	}
	request, current := o.pendingLogin(r)
	switch {
	case request == nil:
		renderError(w, "invalid_request", "The sign-in was finished already, or has expired.")
	case r.Method == http.MethodPost:
		o.takeLogin(w, r, request)
	case o.isFresh(current, request.request.MaxAge) && !slices.Contains(request.request.Prompt, "login"):
		o.finishLogin(w, r, request, current)
	default:
		renderLogin(w, http.StatusOK, loginPage{Org: o.config.Name, ID: request.id, Username: request.request.LoginHint})
	}
}

// pendingLogin is the sign-in that a request goes on with, if it isn't finished, and the browser's session, if
// there is one.
func (o *Org) pendingLogin(r *http.Request) (*authRequest, *session) {
	o.mu.Lock()
	defer o.mu.Unlock()
	request := o.store.openID.requests[r.Form.Get("id")]
	if request == nil || request.done {
		return nil, nil
	}
	return request, o.sessionOf(r)
}

func (o *Org) takeLogin(w http.ResponseWriter, r *http.Request, request *authRequest) {
	login := r.PostForm.Get("username")
	o.mu.Lock()
	person := o.signIn(login, r.PostForm.Get("password"))
	o.mu.Unlock()
	if person == nil {
		renderLogin(w, http.StatusUnauthorized, loginPage{
			Org: o.config.Name, ID: request.id, Username: login, Problem: "Unable to sign in",
		})
		return
	}
	id, begun := randomText(25), &session{userID: person.id, signedIn: o.clock()}
	o.mu.Lock()
	o.store.openID.sessions[id] = begun
	o.mu.Unlock()
	http.SetCookie(w, &http.Cookie{
		Name: o.cookieName(), Value: id, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	})
	o.finishLogin(w, r, request, begun)
}

// finishLogin sends the browser on to the client: with a code if the person may use the app, or else with an error.
func (o *Org) finishLogin(w http.ResponseWriter, r *http.Request, request *authRequest, s *session) {
	o.mu.Lock()
	a, person := o.findClient(request.request.ClientID), o.findUser(s.userID)
	known := a != nil && a.status == active
	allowed := known && person != nil && person.mayUse(a)
	refused := refusedSignIn{"access_denied", "User is not assigned to the client application."}
	if allowed && slices.Contains(request.request.Scopes, scopeGroups) && !a.tells(person) {
		// Okta documents the text; which code goes with it isn't recorded.
		allowed, refused = false, refusedSignIn{"server_error", "The '" + a.claim.name + "' user claim could not be evaluated."}
	}
	if allowed {
		request.userID, request.signedIn, request.done = s.userID, s.signedIn, true
	} else {
		delete(o.store.openID.requests, request.id)
	}
	o.mu.Unlock()
	switch {
	case !known:
		renderError(w, "invalid_client", "Invalid value for 'client_id' parameter.")
	case !allowed:
		sendBack(w, r, request.request.RedirectURI, request.request.State, refused)
	default:
		http.Redirect(w, r, callbackPath+"?id="+url.QueryEscape(request.id), http.StatusFound)
	}
}

package cloudflare

import (
	"encoding/json"
	"net/http"
)

// getIdentity tells who is signed in, as JSON.
func (x *Access) getIdentity(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	who, found := x.session(r)
	var answer any = resource{"err": "no app token set"}
	if found {
		answer = resource{
			"email": who.Email, "groups": who.Groups, "account_id": x.account,
			"idp": resource{"id": who.Provider, "type": who.ProviderType},
		}
	} else {
		w.WriteHeader(http.StatusBadRequest)
	}
	_ = json.NewEncoder(w).Encode(answer)
}

func (x *Access) session(r *http.Request) (identity, bool) {
	cookie, err := r.Cookie("CF_Authorization")
	if err != nil {
		return identity{}, false
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	who, found := x.sessions[cookie.Value]
	return who, found
}

// logout ends the session here; the one at the identity provider goes on.
func (x *Access) logout(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie("CF_Authorization"); err == nil {
		x.mutex.Lock()
		delete(x.sessions, cookie.Value)
		x.mutex.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: "CF_Authorization", Path: "/", MaxAge: -1, HttpOnly: true, Secure: true})
	showProblem(w, http.StatusOK, "Signed out", "You are signed out of Access. You may still be signed in at the identity provider.")
}

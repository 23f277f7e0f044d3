package cloudflare

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"
)

// sessionCookie has the token of who was let in, signed by the login domain.
const sessionCookie = "CF_Authorization"

// sessionDuration is the default of an organisation.
const sessionDuration = 24 * time.Hour

func newKey() (*jose.JSONWebKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make the key of the login domain: %w", err)
	}
	return &jose.JSONWebKey{Key: private, KeyID: randomHex(32), Algorithm: string(jose.RS256), Use: "sig"}, nil
}

// openSession lets the person in: with a token that an application can check against the certs.
func (x *Access) openSession(w http.ResponseWriter, account *account, application resource, who identity) error {
	key, err := x.key()
	if err != nil {
		return err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, nil)
	if err != nil {
		return fmt.Errorf("make a signer: %w", err)
	}
	now := x.api.clock()
	claims := jwt.Claims{
		Issuer: "https://" + account.authDomain, Subject: uuid.NewSHA1(uuid.NameSpaceURL, []byte(who.Email)).String(),
		IssuedAt: jwt.NewNumericDate(now), NotBefore: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(sessionDuration)),
	}
	kind := "org"
	if application != nil {
		kind, claims.Audience = "app", jwt.Audience{text(application, "aud")}
	}
	further := resource{"email": who.Email, "type": kind, "identity_nonce": randomHex(8)}
	token, err := jwt.Signed(signer).Claims(claims).Claims(map[string]any(further)).Serialize()
	if err != nil {
		return fmt.Errorf("sign a token: %w", err)
	}
	x.mutex.Lock()
	x.sessions[token] = who
	x.mutex.Unlock()
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: token, Path: "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode,
	})
	return nil
}

// certs are the keys that tokens are checked with.
func (x *Access) certs(w http.ResponseWriter, _ *http.Request) {
	key, err := x.key()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.Public()}})
}

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
	cookie, err := r.Cookie(sessionCookie)
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
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		x.mutex.Lock()
		delete(x.sessions, cookie.Value)
		x.mutex.Unlock()
	}
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: true})
	showProblem(w, http.StatusOK, "Signed out", "You are signed out of Access. You may still be signed in at the identity provider.")
}

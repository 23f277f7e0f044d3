package okta

import (
	"context"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

var (
	errNoSuchClient  = errors.New("no such active client")
	errNoSuchRequest = errors.New("no such authorization request")
	errNoSuchToken   = errors.New("no such token")
	errNotSupported  = errors.New("not supported")
)

// storage is the org as the OpenID library sees it.
type storage struct{ org *Org }

// locked runs a function under the org's lock.
func locked[T any](s storage, do func(*openIDState) (T, error)) (T, error) {
	s.org.mu.Lock()
	defer s.org.mu.Unlock()
	return do(s.org.store.openID)
}

// CreateAuthRequest remembers a sign-in that begins.
func (s storage) CreateAuthRequest(_ context.Context, request *oidc.AuthRequest, _ string) (op.AuthRequest, error) {
	return locked(s, func(state *openIDState) (op.AuthRequest, error) {
		a := &authRequest{id: randomText(32), request: request}
		state.requests[a.id] = a
		return a, nil
	})
}

// AuthRequestByID finds a sign-in under way.
func (s storage) AuthRequestByID(_ context.Context, id string) (op.AuthRequest, error) {
	return locked(s, func(state *openIDState) (op.AuthRequest, error) {
		if a, ok := state.requests[id]; ok {
			copied := *a // it is read without the lock
			return &copied, nil
		}
		return nil, errNoSuchRequest
	})
}

// AuthRequestByCode finds a sign-in by its code, unless the code is too old or the person lost the app.
func (s storage) AuthRequestByCode(_ context.Context, code string) (op.AuthRequest, error) {
	return locked(s, func(state *openIDState) (op.AuthRequest, error) {
		a, ok := state.codes[code]
		if !ok || !s.org.clock().Before(a.expires) {
			return nil, errNoSuchRequest
		}
		application, person := s.org.findClient(a.request.ClientID), s.org.findUser(a.userID)
		if application == nil || person == nil || !person.mayUse(application) {
			return nil, errNoSuchRequest
		}
		copied := *a
		return &copied, nil
	})
}

// SaveAuthCode gives a sign-in its code.
func (s storage) SaveAuthCode(_ context.Context, id, code string) error {
	_, err := locked(s, func(state *openIDState) (any, error) {
		a, ok := state.requests[id]
		if !ok {
			return nil, errNoSuchRequest
		}
		a.code, a.expires = code, s.org.clock().Add(codeLifetime)
		state.codes[code] = a
		return nil, nil
	})
	return err
}

// DeleteAuthRequest ends a sign-in: its code can't be used again.
func (s storage) DeleteAuthRequest(_ context.Context, id string) error {
	_, err := locked(s, func(state *openIDState) (any, error) {
		if a, ok := state.requests[id]; ok {
			delete(state.codes, a.code)
		}
		delete(state.requests, id)
		return nil, nil
	})
	return err
}

// CreateAccessToken remembers an access token that is given out.
func (s storage) CreateAccessToken(_ context.Context, request op.TokenRequest) (string, time.Time, error) {
	a, ok := request.(*authRequest)
	if !ok {
		return "", time.Time{}, errNotSupported
	}
	token := &issuedToken{userID: a.userID, clientID: a.request.ClientID, scopes: a.request.Scopes, issued: time.Now()}
	token.expires = token.issued.Add(tokenLifetime)
	id, err := locked(s, func(state *openIDState) (string, error) {
		id := "AT." + randomText(43)
		state.tokens[id] = token
		return id, nil
	})
	return id, token.expires, err
}

// token finds an access token.
func (s storage) token(state *openIDState, id string) (*issuedToken, *user, error) {
	token, ok := state.tokens[id]
	if !ok {
		return nil, nil, errNoSuchToken
	}
	person := s.org.findUser(token.userID)
	if person == nil {
		return nil, nil, errNoSuchToken
	}
	return token, person, nil
}

// RevokeToken makes an access token useless, or a refresh token and the access tokens that go with it.
func (s storage) RevokeToken(_ context.Context, id, _, _ string) *oidc.Error {
	_, _ = locked(s, func(state *openIDState) (any, error) {
		if g := state.refresh[id]; g != nil {
			state.endGrant(g)
		}
		delete(state.tokens, id)
		return nil, nil
	})
	return nil
}

// GetClientByClientID finds the client of an active app.
func (s storage) GetClientByClientID(_ context.Context, id string) (op.Client, error) {
	return locked(s, func(*openIDState) (op.Client, error) {
		if a := s.org.findClient(id); a != nil && a.status == active {
			return newClient(a), nil
		}
		return nil, errNoSuchClient
	})
}

// AuthorizeClientIDSecret lets a client in with any of its active secrets.
func (s storage) AuthorizeClientIDSecret(_ context.Context, id, secret string) error {
	_, err := locked(s, func(*openIDState) (any, error) {
		if a := s.org.findClient(id); a == nil || a.status != active || !a.accepts(secret) {
			return nil, errNoSuchClient
		}
		return nil, nil
	})
	return err
}

// SigningKey is what tokens are signed with.
func (s storage) SigningKey(context.Context) (op.SigningKey, error) { return s.org.keys.signing() }

// KeySet is what tokens are checked with.
func (s storage) KeySet(context.Context) ([]op.Key, error) { return s.org.keys.published() }

// SignatureAlgorithms are those that tokens are signed with.
func (s storage) SignatureAlgorithms(context.Context) ([]jose.SignatureAlgorithm, error) {
	return []jose.SignatureAlgorithm{jose.RS256}, nil
}

// Health is always good.
func (s storage) Health(context.Context) error { return nil }

// TerminateSession signs a person out of every browser.
func (s storage) TerminateSession(_ context.Context, userID, _ string) error {
	_, err := locked(s, func(state *openIDState) (any, error) {
		for id, session := range state.sessions {
			if session.userID == userID {
				delete(state.sessions, id)
			}
		}
		return nil, nil
	})
	return err
}

// What follows belongs to grants that the org doesn't give.

// GetKeyByIDAndClientID is for clients that sign their requests.
func (s storage) GetKeyByIDAndClientID(context.Context, string, string) (*jose.JSONWebKey, error) {
	return nil, errNotSupported
}

// ValidateJWTProfileScopes is for clients that sign their requests.
func (s storage) ValidateJWTProfileScopes(context.Context, string, []string) ([]string, error) {
	return nil, errNotSupported
}

package okta

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// grantRefresh is the grant type by which a client gets new tokens without the person.
const grantRefresh = "refresh_token"

const (
	// refreshLifetime is how long a refresh token of an org's own authorization server is good for. No one can set it.
	refreshLifetime = 90 * 24 * time.Hour
	// standardLeeway is how many seconds a rotated token goes on working where the app doesn't say.
	standardLeeway = 30
)

// refreshGrant is a person's leave for a client to get new tokens. It has one refresh token, or several one after the other.
type refreshGrant struct {
	id               string
	sequence         int
	userID, clientID string
	scopes           []string
	signedIn         time.Time
	created, updated time.Time
	// replaced says when a token was rotated: all of the grant's tokens but the newest.
	replaced map[string]time.Time
	// access are the access tokens that go with it.
	access []string
}

func (g *refreshGrant) expires() time.Time { return g.created.Add(refreshLifetime) }

// refreshRequest asks for new tokens by a grant, for some of its scopes.
type refreshRequest struct {
	grant  *refreshGrant
	scopes []string
}

func (r *refreshRequest) GetAMR() []string                 { return []string{"pwd"} }
func (r *refreshRequest) GetAudience() []string            { return []string{r.grant.clientID} }
func (r *refreshRequest) GetAuthTime() time.Time           { return r.grant.signedIn }
func (r *refreshRequest) GetClientID() string              { return r.grant.clientID }
func (r *refreshRequest) GetScopes() []string              { return r.scopes }
func (r *refreshRequest) GetSubject() string               { return r.grant.userID }
func (r *refreshRequest) SetCurrentScopes(scopes []string) { r.scopes = scopes }

// rotates reports whether every use of a refresh token replaces it, and how long the one before goes on working.
func (a *app) rotates() (leeway time.Duration, rotates bool) {
	settings, _ := value(a.body, "settings", "oauthClient", "refresh_token").(object)
	kind, seconds := text(settings, "rotation_type"), int64(standardLeeway)
	if number, ok := settings["leeway"].(json.Number); ok {
		seconds, _ = number.Int64() // checked when it was set
	}
	if kind == "" && text(a.body, "settings", "oauthClient", "application_type") == "browser" {
		kind = "ROTATE"
	}
	return time.Duration(seconds) * time.Second, kind == "ROTATE"
}

// checkRotation refuses settings for refresh tokens that Okta wouldn't take.
func checkRotation(body object) *answer {
	settings, given := value(body, "settings", "oauthClient", "refresh_token").(object)
	if !given {
		return nil
	}
	if kind := text(settings, "rotation_type"); kind != "ROTATE" && kind != "STATIC" {
		return invalidPointer("settings", "rotation_type: The value must be ROTATE or STATIC.")
	}
	if settings["leeway"] == nil {
		return nil
	}
	number, isNumber := settings["leeway"].(json.Number)
	if leeway, err := number.Int64(); !isNumber || err != nil || leeway < 0 || leeway > 60 {
		return invalidPointer("settings", "leeway: The value must be a number from 0 to 60.")
	}
	return nil
}

// checkRefresh refuses a refresh token that gets a client nothing.
func (o *Org) checkRefresh(clientID string, form url.Values) *answer {
	o.mu.Lock()
	defer o.mu.Unlock()
	given := form.Get("refresh_token")
	g := o.usableGrant(given)
	switch {
	case given == "":
		return refuseOAuth(http.StatusBadRequest, "invalid_request", "The 'refresh_token' parameter is required.") // in our words
	case g == nil:
		return refuseOAuth(http.StatusBadRequest, "invalid_grant", "The refresh token is invalid or expired.")
	case g.clientID != clientID:
		return refuseOAuth(http.StatusBadRequest, "invalid_grant",
			"The grant was issued to another client. Please make sure the 'client_id' matches the one used at the authorize request.")
	}
	denied := slices.DeleteFunc(strings.Fields(form.Get("scope")), func(scope string) bool { return slices.Contains(g.scopes, scope) })
	if len(denied) > 0 {
		return refuseOAuth(http.StatusBadRequest, "access_denied", "Some of the scopes requested for the refresh request were not granted "+
			"in the original authorize request. Denied scopes: "+strings.Join(denied, ", ")+".")
	}
	return nil
}

// usableGrant is the grant that a refresh token is good for now. A token that comes back after it was replaced ends its grant:
// someone else may have it.
func (o *Org) usableGrant(text string) *refreshGrant {
	g := o.store.openID.refresh[text]
	if g == nil {
		return nil
	}
	a, person := o.findClient(g.clientID), o.findUser(g.userID)
	if a == nil || person == nil || !person.mayUse(a) || !o.clock().Before(g.expires()) {
		return nil
	}
	leeway, _ := a.rotates()
	if replaced, ok := g.replaced[text]; ok && o.clock().Sub(replaced) > leeway {
		o.store.openID.endGrant(g)
		return nil
	}
	return g
}

// endGrant makes a grant's refresh tokens useless, and the access tokens that go with them.
func (s *openIDState) endGrant(g *refreshGrant) {
	for text, other := range s.refresh {
		if other == g {
			delete(s.refresh, text)
		}
	}
	for _, id := range g.access {
		delete(s.tokens, id)
	}
}

// CreateAccessAndRefreshTokens gives a client an access token and a refresh token: a new one, or that which it has already, if
// the app doesn't rotate them.
func (s storage) CreateAccessAndRefreshTokens(_ context.Context, request op.TokenRequest, current string) (id, refresh string, expires time.Time, err error) {
	token := &issuedToken{userID: request.GetSubject(), scopes: request.GetScopes(), issued: time.Now()}
	token.expires = token.issued.Add(tokenLifetime)
	id, refresh = "AT."+randomText(43), current
	_, err = locked(s, func(state *openIDState) (any, error) {
		g, err := s.grantOf(state, request)
		if err != nil {
			return nil, err
		}
		a := s.org.findClient(g.clientID)
		if a == nil {
			return nil, errNoSuchClient
		}
		if _, rotates := a.rotates(); rotates || refresh == "" {
			refresh = randomText(43)
			g.replace(current, s.org.clock())
			state.refresh[refresh] = g
		}
		token.clientID, g.updated = g.clientID, s.org.now()
		g.access = append(g.access, id)
		state.tokens[id] = token
		return nil, nil
	})
	return id, refresh, token.expires, err
}

// replace remembers when a token was replaced for the first time.
func (g *refreshGrant) replace(text string, now time.Time) {
	if _, already := g.replaced[text]; text != "" && !already {
		g.replaced[text] = now
	}
}

// grantOf is the grant that a token request goes by: a new one for a person who has just signed in.
func (s storage) grantOf(state *openIDState, request op.TokenRequest) (*refreshGrant, error) {
	switch request := request.(type) {
	case *refreshRequest:
		return request.grant, nil
	case *authRequest:
		g := &refreshGrant{
			userID: request.userID, clientID: request.request.ClientID, scopes: request.request.Scopes, signedIn: request.signedIn,
			created: s.org.clock(), replaced: make(map[string]time.Time),
		}
		g.id, g.sequence = s.org.newID("oar")
		return g, nil
	default:
		return nil, errNotSupported
	}
}

// TokenRequestByRefreshToken finds what a refresh token is good for.
func (s storage) TokenRequestByRefreshToken(_ context.Context, text string) (op.RefreshTokenRequest, error) {
	return locked(s, func(*openIDState) (op.RefreshTokenRequest, error) {
		if g := s.org.usableGrant(text); g != nil {
			return &refreshRequest{grant: g, scopes: g.scopes}, nil
		}
		return nil, op.ErrInvalidRefreshToken
	})
}

// GetRefreshTokenInfo reports whether a text is a refresh token of the client.
func (s storage) GetRefreshTokenInfo(_ context.Context, clientID, text string) (userID, tokenID string, err error) {
	userID, err = locked(s, func(state *openIDState) (string, error) {
		if g := state.refresh[text]; g != nil && g.clientID == clientID {
			return g.userID, nil
		}
		return "", op.ErrInvalidRefreshToken
	})
	return userID, text, err
}

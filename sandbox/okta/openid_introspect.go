package okta

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
)

// idTokenPrefix is how the id of an ID token starts.
const idTokenPrefix = "ID."

// introspect says about a refresh token or an ID token of the client what there is to say. It is nil for all else: the library
// knows access tokens.
func (o *Org) introspect(clientID, text string) object {
	if said := o.introspectRefresh(clientID, text); said != nil {
		return said
	}
	return o.introspectID(clientID, text)
}

// introspectRefresh says about a refresh token of the client what there is to say; nil where the text is none that is good.
func (o *Org) introspectRefresh(clientID, text string) object {
	o.mu.Lock()
	defer o.mu.Unlock()
	g := o.store.openID.refresh[text]
	if g == nil || g.clientID != clientID || o.usableGrant(text) == nil {
		return nil
	}
	person := o.findUser(g.userID)
	return object{
		"active": true, "scope": strings.Join(g.scopes, " "), "client_id": g.clientID, "username": person.seed.Login, "sub": person.seed.Login,
		"uid": g.userID, "iat": g.created.Unix(), "exp": g.expires().Unix(), "iss": o.url, "aud": o.url, "jti": g.id,
	}
}

// introspectID gives the claims of an ID token of the client that is still good.
func (o *Org) introspectID(clientID, text string) object {
	payload := o.signedBySelf(text)
	var standard oidc.TokenClaims
	claims := object{}
	if payload == nil || json.Unmarshal(payload, &standard) != nil || json.Unmarshal(payload, &claims) != nil {
		return nil
	}
	ours := strings.HasPrefix(standard.JWTID, idTokenPrefix) && slices.Contains(standard.Audience, clientID)
	if !ours || !time.Now().Before(standard.Expiration.AsTime()) { // tokens are of the machine's time, not of the org's clock
		return nil
	}
	claims["active"], claims["client_id"], claims["aud"] = true, clientID, clientID
	return claims
}

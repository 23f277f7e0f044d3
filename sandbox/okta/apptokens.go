package okta

import (
	"cmp"
	"net/http"
	"slices"
)

// grantsOf are the refresh grants that people gave the app's client, the oldest first.
func (o *Org) grantsOf(a *app) []*refreshGrant {
	var found []*refreshGrant
	for _, g := range o.store.openID.refresh {
		if g.clientID == a.clientID() && !slices.Contains(found, g) {
			found = append(found, g)
		}
	}
	slices.SortFunc(found, func(a, b *refreshGrant) int { return cmp.Compare(a.sequence, b.sequence) })
	return found
}

func (o *Org) listAppTokens(r *http.Request) answer {
	return o.withClient(r, func(a *app) answer {
		var entries []entry
		for _, g := range o.grantsOf(a) {
			entries = append(entries, entry{id: g.id, sequence: g.sequence, view: func(*http.Request) object { return o.grantView(a, g) }})
		}
		return o.page(r, pageLimits{standard: 20, most: 200}, "oar", entries)
	})
}

func (o *Org) grantView(a *app, g *refreshGrant) object {
	path := "/api/v1/apps/" + a.id
	return object{
		"id": g.id, "status": active, "created": timestamp(g.created), "lastUpdated": timestamp(g.updated), "expiresAt": timestamp(g.expires()),
		"issuer": o.url, "clientId": g.clientID, "userId": g.userID, "scopes": g.scopes,
		"_links": object{
			"app": o.href(path), "self": o.href(path + "/tokens/" + g.id), "revoke": o.href(path+"/tokens/"+g.id, "DELETE"),
			"client": o.href("/oauth2/v1/clients/" + g.clientID), "user": o.href("/api/v1/users/" + g.userID),
		},
	}
}

// withGrant serves an endpoint of one refresh token.
func (o *Org) withGrant(r *http.Request, serve func(*app, *refreshGrant) answer) answer {
	return o.withClient(r, func(a *app) answer {
		id := r.PathValue("tokenId")
		for _, g := range o.grantsOf(a) {
			if g.id == id {
				return serve(a, g)
			}
		}
		return notFound(id, "OAuth2RefreshToken")
	})
}

func (o *Org) getAppToken(r *http.Request) answer {
	return o.withGrant(r, func(a *app, g *refreshGrant) answer { return success(o.grantView(a, g)) })
}

func (o *Org) revokeAppToken(r *http.Request) answer {
	return o.withGrant(r, func(_ *app, g *refreshGrant) answer {
		o.store.openID.endGrant(g)
		return noContent()
	})
}

func (o *Org) revokeAppTokens(r *http.Request) answer {
	return o.withClient(r, func(a *app) answer {
		for _, g := range o.grantsOf(a) {
			o.store.openID.endGrant(g)
		}
		return noContent()
	})
}

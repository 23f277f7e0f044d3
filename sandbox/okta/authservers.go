package okta

import (
	"net/http"
	"slices"
	"time"
)

// authorizationServer is a custom authorization server. Its settings, claims, scopes and policies can be
// managed; tokens are given by the org's own server only.
type authorizationServer struct {
	id       string
	sequence int
	status   string
	standard bool
	body     object
	created  time.Time
	updated  time.Time
	claims   *collection
	scopes   *collection
	policies *collection
}

func (o *Org) authorizationServerRoutes() map[string]methods {
	const base = "/api/v1/authorizationServers"
	const server = base + "/{authServerId}"
	routes := map[string]methods{
		base: {"GET": o.listAuthorizationServers, "POST": o.createAuthorizationServer},
		server: {
			"GET": o.getAuthorizationServer, "PUT": o.replaceAuthorizationServer, "DELETE": o.deleteAuthorizationServer,
		},
		server + "/lifecycle/activate":   {"POST": o.setAuthorizationServerStatus(active)},
		server + "/lifecycle/deactivate": {"POST": o.setAuthorizationServerStatus(inactive)},
	}
	claims := func(s *authorizationServer, _ *http.Request) *collection { return s.claims }
	scopes := func(s *authorizationServer, _ *http.Request) *collection { return s.scopes }
	policies := func(s *authorizationServer, _ *http.Request) *collection { return s.policies }
	rules := func(s *authorizationServer, r *http.Request) *collection {
		return s.policies.rules[r.PathValue("policyId")]
	}
	o.addCollectionRoutes(routes, server+"/claims", claims)
	o.addCollectionRoutes(routes, server+"/scopes", scopes)
	o.addCollectionRoutes(routes, server+"/policies", policies)
	o.addCollectionRoutes(routes, server+"/policies/{policyId}/rules", rules)
	for _, byMethod := range routes {
		for method, serve := range byMethod {
			byMethod[method] = o.licensed(serve)
		}
	}
	return routes
}

// licensed serves an endpoint only where the org has API Access Management.
func (o *Org) licensed(serve endpoint) endpoint {
	return func(r *http.Request) answer {
		if !o.config.AuthorizationServers {
			return featureMissing()
		}
		return serve(r)
	}
}

// seedAuthorizationServers makes the server "default" that an org with the feature has from the start.
func (o *Org) seedAuthorizationServers() {
	if !o.config.AuthorizationServers {
		return
	}
	s := o.addAuthorizationServer(object{
		"name": "default", "description": "Default Authorization Server for your Applications",
		"audiences": []any{"api://default"}, "issuerMode": "ORG_URL",
	})
	s.id, s.standard = o.stableID("aus", "default"), true
}

func (o *Org) addAuthorizationServer(body object) *authorizationServer {
	s := &authorizationServer{status: active, created: o.now(), updated: o.now(), body: body}
	s.id, s.sequence = o.newID("aus")
	s.claims = &collection{kind: "ocl", resource: "OAuth2Claim", defaults: claimDefaults}
	s.scopes = &collection{kind: "scp", resource: "OAuth2Scope", defaults: scopeDefaults}
	s.policies = &collection{kind: "00p", resource: "Policy", defaults: policyDefaults, dated: true, rules: map[string]*collection{}}
	o.seedSystemItems(s)
	o.store.authorizationServers = append(o.store.authorizationServers, s)
	return s
}

// withAuthorizationServer serves an endpoint of one server, which "default" names too.
func (o *Org) withAuthorizationServer(r *http.Request, serve func(*authorizationServer) answer) answer {
	id := r.PathValue("authServerId")
	s := o.findAuthorizationServer(id)
	if s == nil {
		return notFound(id, "AuthorizationServer")
	}
	return serve(s)
}

func (o *Org) findAuthorizationServer(id string) *authorizationServer {
	for _, s := range o.store.authorizationServers {
		if s.id == id || s.standard && id == "default" {
			return s
		}
	}
	return nil
}

func (o *Org) authorizationServerView(s *authorizationServer) object {
	path, issuer := "/api/v1/authorizationServers/"+s.id, "/oauth2/"+s.id
	metadata := []object{}
	for _, name := range []string{"oauth-authorization-server", "openid-configuration"} {
		link := o.href(issuer+"/.well-known/"+name, "GET")
		link["name"] = name
		metadata = append(metadata, link)
	}
	links := object{
		"rotateKey": o.href(path+"/credentials/lifecycle/keyRotate", "POST"),
		"metadata":  metadata,
		"keys":      o.href(path+"/credentials/keys", "GET"),
		"claims":    o.href(path+"/claims", "GET", "POST"),
		"policies":  o.href(path+"/policies", "GET", "POST"),
		"scopes":    o.href(path+"/scopes", "GET", "POST"),
		"self":      o.href(path, "GET", "DELETE", "PUT"),
	}
	if s.status == active {
		links["deactivate"] = o.href(path+"/lifecycle/deactivate", "POST")
	} else {
		links["activate"] = o.href(path+"/lifecycle/activate", "POST")
	}
	return overlay(object{
		"description": "", "issuerMode": "ORG_URL",
		"credentials": object{"signing": object{
			"kid": o.keys.id, "rotationMode": "AUTO", "lastRotated": timestamp(s.created),
			"nextRotation": timestamp(s.created.AddDate(0, 0, 90)),
		}},
	}, overlay(clone(s.body), object{
		"id": s.id, "issuer": o.url + issuer, "status": s.status, "default": s.standard,
		"created": timestamp(s.created), "lastUpdated": timestamp(s.updated), "_links": links,
	}))
}

func (o *Org) listAuthorizationServers(r *http.Request) answer {
	var entries []entry
	q := r.URL.Query().Get("q")
	for _, s := range o.store.authorizationServers {
		if hasPrefixFold(text(s.body, "name"), q) {
			view := func(*http.Request) object { return o.authorizationServerView(s) }
			entries = append(entries, entry{id: s.id, name: text(s.body, "name"), sequence: s.sequence, view: view})
		}
	}
	return o.page(r, pageLimits{standard: 200, most: 200}, "aus", entries)
}

// readAuthorizationServer reads and checks a body.
func readAuthorizationServer(r *http.Request) (object, *answer) {
	body, err := readObject(r)
	if err != nil {
		refusal := malformed()
		return nil, &refusal
	}
	for _, key := range []string{"name", "audiences"} {
		if body[key] == nil {
			return nil, invalidPointer(key, key+": The field cannot be left blank")
		}
	}
	return body, nil
}

func (o *Org) createAuthorizationServer(r *http.Request) answer {
	body, refusal := readAuthorizationServer(r)
	if refusal != nil {
		return *refusal
	}
	return created(o.authorizationServerView(o.addAuthorizationServer(body)))
}

func (o *Org) getAuthorizationServer(r *http.Request) answer {
	return o.withAuthorizationServer(r, func(s *authorizationServer) answer {
		return success(o.authorizationServerView(s))
	})
}

func (o *Org) replaceAuthorizationServer(r *http.Request) answer {
	return o.withAuthorizationServer(r, func(s *authorizationServer) answer {
		body, refusal := readAuthorizationServer(r)
		if refusal != nil {
			return *refusal
		}
		s.body, s.updated = body, o.now()
		return success(o.authorizationServerView(s))
	})
}

func (o *Org) deleteAuthorizationServer(r *http.Request) answer {
	return o.withAuthorizationServer(r, func(s *authorizationServer) answer {
		o.store.authorizationServers = slices.DeleteFunc(o.store.authorizationServers,
			func(other *authorizationServer) bool { return other == s })
		return noContent()
	})
}

func (o *Org) setAuthorizationServerStatus(status string) endpoint {
	return func(r *http.Request) answer {
		return o.withAuthorizationServer(r, func(s *authorizationServer) answer {
			s.status, s.updated = status, o.now()
			return noContent()
		})
	}
}

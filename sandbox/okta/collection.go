package okta

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// collection holds what an authorization server consists of: claims, scopes, policies, or a policy's rules.
type collection struct {
	// kind starts an id, and resource is what Okta calls an item in a refusal.
	kind, resource string
	// defaults is an item as it is where nothing is said.
	defaults func() object
	items    []object
	// dated items tell when they were made and changed, and can be deactivated; claims and scopes neither.
	dated bool
	// rules are the rules of each policy, by its id; only a collection of policies has them.
	rules map[string]*collection
}

// finder finds the collection that a request is about; nil if there is none.
type finder func(*authorizationServer, *http.Request) *collection

func claimDefaults() object {
	return object{
		"status": active, "claimType": "RESOURCE", "conditions": object{"scopes": []any{}}, "system": false,
		"alwaysIncludeInToken": true, "apiResourceId": nil,
	}
}

func scopeDefaults() object {
	return object{
		"system": false, "default": false, "displayName": nil, "description": nil, "consent": "IMPLICIT",
		"metadataPublish": "NO_CLIENTS", "optional": false,
	}
}

func policyDefaults() object {
	return object{
		"status": active, "type": "OAUTH_AUTHORIZATION_POLICY", "priority": 1, "system": false,
		"conditions": object{"clients": object{"include": []any{"ALL_CLIENTS"}}},
	}
}

func ruleDefaults() object {
	return object{"status": active, "type": "RESOURCE_ACCESS", "priority": 1, "system": false}
}

// seedSystemItems puts in the scopes and claims that every server has.
func (o *Org) seedSystemItems(s *authorizationServer) {
	for scope, claims := range map[string][]string{
		"openid": nil, "offline_access": nil, "device_sso": nil,
		"profile": {
			"middle_name", "zoneinfo", "website", "birthdate", "gender", "profile", "preferred_username",
			"given_name", "family_name", "nickname", "name", "locale", "picture", "updated_at",
		},
		"email": {"email", "email_verified"}, "phone": {"phone_number"}, "address": {"address"},
	} {
		o.addItem(s.scopes, object{"name": scope, "system": true})
		for _, name := range claims {
			o.addItem(s.claims, object{
				"name": name, "system": true, "claimType": "IDENTITY", "valueType": "SYSTEM",
				"alwaysIncludeInToken": false, "conditions": object{"scopes": []any{scope}},
			})
		}
	}
	o.addItem(s.claims, object{
		"name": "sub", "system": true, "valueType": "EXPRESSION",
		"value": "(appuser != null) ? appuser.userName : app.clientId",
	})
	// Every order is as good as another, but it has to be the same each time.
	byName := func(a, b object) int { return strings.Compare(text(a, "name"), text(b, "name")) }
	slices.SortStableFunc(s.claims.items, byName)
	slices.SortStableFunc(s.scopes.items, byName)
}

func (o *Org) addItem(c *collection, body object) object {
	item := overlay(c.defaults(), body)
	item["id"], _ = o.newID(c.kind)
	if c.dated {
		item["created"], item["lastUpdated"] = timestamp(o.now()), timestamp(o.now())
	}
	c.items = append(c.items, item)
	if c.rules != nil {
		c.rules[text(item, "id")] = &collection{kind: "0pr", resource: "PolicyRule", defaults: ruleDefaults, dated: true}
	}
	return item
}

// addCollectionRoutes adds the endpoints of a collection and of its items.
func (o *Org) addCollectionRoutes(routes map[string]methods, path string, find finder) {
	routes[path] = methods{
		"GET": o.inCollection(find, func(r *http.Request, c *collection) answer {
			views := []object{}
			for _, item := range c.items {
				views = append(views, o.itemView(c, item, collectionPath(r, "")))
			}
			return success(views)
		}),
		"POST": o.inCollection(find, func(r *http.Request, c *collection) answer {
			body, err := readObject(r)
			if err != nil {
				return malformed()
			}
			if text(body, "name") == "" {
				return invalid("name", "name: The field cannot be left blank")
			}
			return created(o.itemView(c, o.addItem(c, body), collectionPath(r, "")))
		}),
	}
	routes[path+"/{itemId}"] = methods{
		"GET": o.inCollection(find, o.withItem(func(r *http.Request, c *collection, item object) answer {
			return success(o.itemView(c, item, collectionPath(r, text(item, "id"))))
		})),
		"PUT":    o.inCollection(find, o.withItem(o.replaceItem)),
		"DELETE": o.inCollection(find, o.withItem(deleteItem)),
	}
	for verb, status := range map[string]string{"activate": active, "deactivate": inactive} {
		routes[path+"/{itemId}/lifecycle/"+verb] = methods{"POST": o.inCollection(find, o.withItem(o.setItemStatus(status)))}
	}
}

func (o *Org) inCollection(find finder, serve func(*http.Request, *collection) answer) endpoint {
	return func(r *http.Request) answer {
		return o.withAuthorizationServer(r, func(s *authorizationServer) answer {
			c := find(s, r)
			if c == nil {
				return notFound(r.PathValue("policyId"), "Policy")
			}
			return serve(r, c)
		})
	}
}

func (o *Org) withItem(serve func(*http.Request, *collection, object) answer) func(*http.Request, *collection) answer {
	return func(r *http.Request, c *collection) answer {
		id := r.PathValue("itemId")
		index := slices.IndexFunc(c.items, func(item object) bool { return item["id"] == id })
		if index < 0 {
			return notFound(id, c.resource)
		}
		return serve(r, c, c.items[index])
	}
}

func (o *Org) replaceItem(r *http.Request, c *collection, item object) answer {
	body, err := readObject(r)
	if err != nil {
		return malformed()
	}
	replaced := overlay(c.defaults(), body)
	replaced["id"], replaced["system"] = item["id"], item["system"]
	if c.dated {
		replaced["created"], replaced["lastUpdated"] = item["created"], timestamp(o.now())
	}
	clear(item)
	maps.Copy(item, replaced)
	return success(o.itemView(c, item, collectionPath(r, text(item, "id"))))
}

func (o *Org) setItemStatus(status string) func(*http.Request, *collection, object) answer {
	return func(_ *http.Request, c *collection, item object) answer {
		if !c.dated {
			return pathNotFound()
		}
		item["status"], item["lastUpdated"] = status, timestamp(o.now())
		return noContent()
	}
}

func deleteItem(_ *http.Request, c *collection, item object) answer {
	if item["system"] == true {
		return accessDenied()
	}
	c.items = slices.DeleteFunc(c.items, func(other object) bool { return other["id"] == item["id"] })
	delete(c.rules, text(item, "id"))
	return noContent()
}

// collectionPath is the path of the collection, given the request's and the id that it ends with, if any.
func collectionPath(r *http.Request, id string) string {
	return strings.TrimSuffix(strings.TrimSuffix(r.URL.Path, id), "/")
}

func (o *Org) itemView(c *collection, item object, path string) object {
	view, path := clone(item), path+"/"+text(item, "id")
	links := object{"self": o.href(path, "GET", "PUT", "DELETE")}
	switch {
	case c.dated && item["status"] == active:
		links["deactivate"] = o.href(path+"/lifecycle/deactivate", "POST")
	case c.dated:
		links["activate"] = o.href(path+"/lifecycle/activate", "POST")
	}
	if c.rules != nil {
		links["rules"] = o.href(path+"/rules", "GET", "POST")
	}
	view["_links"] = links
	return view
}

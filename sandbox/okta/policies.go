package okta

import "net/http"

// defaultPolicy is the id of the sign-in policy that new apps get. A Classic org has none.
func (o *Org) defaultPolicy() string {
	if !o.config.OIE {
		return ""
	}
	return o.stableID("rst", "default app sign-in policy")
}

// passwordPolicy is the id of the other sign-in policy that an org has at the start.
func (o *Org) passwordPolicy() string { return o.stableID("rst", "password only") }

// policies are the sign-in policies that an Identity Engine org has at the start.
func (o *Org) policies() []object {
	all := []object{}
	if !o.config.OIE {
		return all
	}
	for at, seed := range []struct {
		id, name string
		system   bool
	}{{o.defaultPolicy(), "Any two factors", true}, {o.passwordPolicy(), "Password only", false}} {
		all = append(all, object{
			"id": seed.id, "name": seed.name, "description": "", "type": accessPolicy, "status": active, "system": seed.system, "priority": at + 1,
			"conditions": nil, "created": timestamp(o.store.created), "lastUpdated": timestamp(o.store.created),
			"_links": object{
				"self":  o.href("/api/v1/policies/"+seed.id, "GET", "PUT", "DELETE"),
				"rules": o.href("/api/v1/policies/"+seed.id+"/rules", "GET", "POST"),
			},
		})
	}
	return all
}

// accessPolicy is the type of the policies that say how people sign in to apps. The org has no others.
const accessPolicy = "ACCESS_POLICY"

func (o *Org) listPolicies(r *http.Request) answer {
	kind := r.URL.Query().Get("type")
	switch {
	case kind == "":
		return invalid("type", "type: The field cannot be left blank")
	case kind != accessPolicy:
		return success([]object{})
	}
	return success(o.policies())
}

func (o *Org) getPolicy(r *http.Request) answer {
	id := r.PathValue("policy")
	for _, policy := range o.policies() {
		if policy["id"] == id {
			return success(policy)
		}
	}
	return notFound(id, "Policy")
}

func (o *Org) assignPolicy(r *http.Request) answer {
	return o.withApp(r, func(a *app) answer {
		id := r.PathValue("policy")
		if !o.config.OIE || id != o.defaultPolicy() && id != o.passwordPolicy() {
			return notFound(id, "Policy")
		}
		a.policy, a.updated = id, o.now()
		return noContent()
	})
}

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

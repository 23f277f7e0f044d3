package okta

import (
	"net/http"
	"slices"
)

// What an org has beside groups and apps, and no step of the procedure touches: it is there to be read, and to be refused in
// Okta's words.

// listZones lists the network zones. The org has none.
func (o *Org) listZones(r *http.Request) answer {
	return o.page(r, pageLimits{standard: 20, most: 200}, "nzo", nil)
}

func (o *Org) getZone(r *http.Request) answer { return notFound(r.PathValue("zoneId"), "NetworkZone") }

// authenticators are what the org's people prove themselves with: those that every org has.
func (o *Org) authenticators() []object {
	all := []object{}
	for _, seed := range []struct{ key, name, kind string }{
		{"okta_email", "Email", "email"}, {"okta_password", "Password", "password"},
	} {
		id := o.stableID("aut", seed.key)
		all = append(all, object{
			"id": id, "key": seed.key, "name": seed.name, "type": seed.kind, "status": active,
			"created": timestamp(o.store.created), "lastUpdated": timestamp(o.store.created),
			"_links": object{"self": o.href("/api/v1/authenticators/"+id, "GET", "PUT")},
		})
	}
	return all
}

func (o *Org) listAuthenticators(*http.Request) answer { return success(o.authenticators()) }

// deactivateAuthenticator refuses: the org's default policy has every authenticator that it has.
func (o *Org) deactivateAuthenticator(r *http.Request) answer {
	id := r.PathValue("authenticatorId")
	if !slices.ContainsFunc(o.authenticators(), func(each object) bool { return each["id"] == id }) {
		return notFound(id, "Authenticator")
	}
	return refuse(http.StatusForbidden, "E0000148",
		"Cannot modify/disable this authenticator because it is enabled in one or more policies. To continue, disable the authenticator in these policies.",
		"Authenticator Enrollment Policies: Default Policy")
}

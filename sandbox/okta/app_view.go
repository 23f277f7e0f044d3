package okta

import (
	"maps"
	"slices"
)

// appView is an app as the API shows it. The client secret is shown where an app is created or replaced,
// and nowhere else.
func (o *Org) appView(a *app, withSecret bool) object {
	view := clone(a.body)
	maps.Copy(view, object{
		"id":              a.id,
		"orn":             "orn:okta:idp:" + o.orgID() + ":apps:" + a.name() + ":" + a.id,
		"status":          a.status,
		"created":         timestamp(a.created),
		"lastUpdated":     timestamp(a.updated),
		"universalLogout": o.universalLogout(a),
		"_links":          o.appLinks(a),
	})
	if newest := a.newestSecret(); withSecret && newest != nil {
		view["credentials"].(object)["oauthClient"].(object)["client_secret"] = newest.text
	}
	return view
}

func (o *Org) universalLogout(a *app) any {
	switch {
	case !o.config.UniversalLogout:
		return nil
	case a.system:
		return object{"status": "UNSUPPORTED"}
	default:
		return object{
			"status": "DISABLED", "supportType": "FULL", "identityStack": "NOT_SHARED",
			"protocol": "GLOBAL_TOKEN_REVOCATION",
		}
	}
}

func (o *Org) appLinks(a *app) object {
	path := "/api/v1/apps/" + a.id
	links := object{
		"uploadLogo":        o.href(path+"/logo", "POST"),
		"appLinks":          o.dashboardLinks(a),
		"profileEnrollment": o.href("/api/v1/policies/" + o.stableID("rst", "profile enrollment")),
		"policies":          o.href(path+"/policies", "PUT"),
		"groups":            o.href(path + "/groups"),
		"logo": []object{{
			"name": "medium", "href": o.url + "/assets/img/logos/default.png", "type": "image/png",
		}},
		"users": o.href(path + "/users"),
	}
	if !a.system {
		name := "secrets"
		if !a.usesSecret() {
			name = "jwks"
		}
		links["clientCredentials"] = []object{{"name": name, "href": o.url + path + "/credentials/" + name}}
	}
	if a.policy != "" {
		links["accessPolicy"] = o.href("/api/v1/policies/" + a.policy)
	}
	if a.status == active {
		links["deactivate"] = o.href(path + "/lifecycle/deactivate")
	} else {
		links["activate"] = o.href(path + "/lifecycle/activate")
	}
	return links
}

func (o *Org) dashboardLinks(a *app) []object {
	links := []object{}
	shown, _ := value(a.body, "visibility", "appLinks").(object)
	for _, name := range slices.Sorted(maps.Keys(shown)) {
		links = append(links, object{
			"name": name, "href": o.url + "/home/" + a.name() + "/" + a.id + "/" + a.link, "type": "text/html",
		})
	}
	return links
}

// seedSystemApps puts in the apps that every org has and that every plain list shows.
func (o *Org) seedSystemApps() {
	for _, seed := range []struct {
		name, label string
		links       object
		emOptIn     string
	}{
		{"saasure", "Okta Admin Console", object{"admin": true}, "ENABLED"},
		{"okta_enduser", "Okta Dashboard", object{}, "NONE"},
		{"okta_browser_plugin", "Okta Browser Plugin", object{}, "NONE"},
	} {
		a := &app{status: active, created: o.now(), updated: o.now(), system: true, link: "2", policy: o.defaultPolicy()}
		a.id, a.sequence = o.seedID("0oa", seed.name)
		a.body = completeApp(object{"name": seed.name, "label": seed.label, "signOnMode": "OPENID_CONNECT"}, o.keys.id)
		a.body["visibility"] = object{
			"autoSubmitToolbar": false, "hide": object{"iOS": false, "web": false}, "appLinks": seed.links,
		}
		settings := a.body["settings"].(object)
		settings["emOptInStatus"] = seed.emOptIn
		delete(settings, "notes")
		delete(settings, "oauthClient")
		delete(a.body["credentials"].(object), "oauthClient")
		o.store.apps = append(o.store.apps, a)
	}
}

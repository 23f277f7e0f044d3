package histories

import (
	"slices"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
)

// Hands are what somebody does at either side while nobody looks. They tell whether there was anything to do it to. The
// model is told of what they delete and of what they make.

// own finds the connection's thing of a kind, also one that a run has made which isn't over yet.
func (w *world) own(kind connection.Resource) string {
	for id, each := range w.things() {
		if _, others := w.model.others[id]; !others && each.kind == kind {
			return id
		}
	}
	return ""
}

// do tells the test of a mistake in itself.
func (w *world) do(err error) bool {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("change something by hand: %v", err)
	}
	return true
}

// onApp changes the connection's app.
func onApp(change func(w *world, id string) error) func(*world) bool {
	return func(w *world) bool {
		id := w.own(connection.ResourceApp)
		return id != "" && w.do(change(w, id))
	}
}

// onIdentityProvider and onPolicy change the connection's login method and policy.
func onIdentityProvider(change func(w *world, id string)) func(*world) bool {
	return func(w *world) bool {
		id := w.own(connection.ResourceIdentityProvider)
		if id != "" {
			change(w, id)
		}
		return id != ""
	}
}

func onPolicy(change func(w *world, id string)) func(*world) bool {
	return func(w *world) bool {
		id := w.own(connection.ResourcePolicy)
		if id != "" {
			change(w, id)
		}
		return id != ""
	}
}

// hands are all of them, by what somebody would say that they did.
var hands = map[string]func(*world) bool{
	"renamed the app":     onApp(func(w *world, id string) error { return w.org.RenameApp(id, "Renamed by hand") }),
	"deactivated the app": onApp(func(w *world, id string) error { return w.org.SetAppStatus(id, "INACTIVE") }),
	"added a redirect URI": onApp(func(w *world, id string) error {
		return w.org.EditApp(id, func(body map[string]any) {
			client := dig(body, "settings", "oauthClient")
			client["redirect_uris"] = append(slices.Clone(client["redirect_uris"].([]any)), "https://elsewhere.example/")
		})
	}),
	"changed the claim": onApp(func(w *world, id string) error { return w.org.SetGroupsClaim(id, "EQUALS", "Everyone") }),
	"took the claim":    onApp(func(w *world, id string) error { return w.org.SetGroupsClaim(id, "", "") }),
	"assigned Sales":    onApp(func(w *world, id string) error { return w.org.AssignGroup(id, w.org.GroupID("Sales")) }),
	"unassigned Engineering": onApp(func(w *world, id string) error {
		_ = w.org.UnassignGroup(id, w.org.GroupID("Engineering")) // it may not be assigned
		return nil
	}),
	"deleted the app": onApp(func(w *world, id string) error {
		w.forget(id)
		return w.org.DeleteApp(id)
	}),
	"made an app": func(w *world) bool { return w.made(w.org.CreateApp(strangeApp(w.spec.Okta.AppLabel))) },

	"renamed the identity provider": onIdentityProvider(func(w *world, id string) { w.api.RenameIdentityProvider(w.account, id, "Renamed by hand") }),
	"turned PKCE": onIdentityProvider(func(w *world, id string) {
		w.api.EditIdentityProvider(w.account, id, func(stored map[string]any) {
			config := stored["config"].(map[string]any)
			config["pkce_enabled"] = config["pkce_enabled"] != true
		})
	}),
	"deleted the identity provider": onIdentityProvider(func(w *world, id string) {
		w.forget(id)
		w.api.DeleteIdentityProvider(w.account, id)
	}),
	"made an identity provider": func(w *world) bool {
		return w.made(w.api.AddIdentityProvider(w.account, cloudflare.IdentityProvider{
			Name: w.spec.Cloudflare.IDPName, Type: "okta", Config: map[string]any{"client_id": "made-by-hand", "okta_account": "https://other.example"},
		}), nil)
	},

	"renamed the policy": onPolicy(func(w *world, id string) {
		w.api.EditPolicy(w.account, id, func(stored map[string]any) { stored["name"] = "Renamed by hand" })
	}),
	"let everyone in": onPolicy(func(w *world, id string) {
		w.api.EditPolicy(w.account, id, func(stored map[string]any) {
			stored["include"] = append(slices.Clone(stored["include"].([]any)), map[string]any{"everyone": map[string]any{}})
		})
	}),
	"loosened the policy": onPolicy(func(w *world, id string) {
		w.api.EditPolicy(w.account, id, func(stored map[string]any) { stored["require"] = []any{} })
	}),
	"deleted the policy": onPolicy(func(w *world, id string) {
		w.forget(id)
		w.api.DeletePolicy(w.account, id)
	}),
	"attached the policy": onPolicy(func(w *world, id string) {
		if application := w.api.Applications(w.account)[0]["id"].(string); !w.uses(application, id) {
			w.api.AttachPolicy(w.account, application, id)
		}
	}),
	"made a policy": func(w *world) bool {
		return w.made(w.api.AddPolicy(w.account, map[string]any{
			"name": w.spec.Policy.Name, "decision": "allow", "include": []any{map[string]any{"everyone": map[string]any{}}},
		}), nil)
	},
	"cleared up": func(w *world) bool { return w.clearedUp() },
}

// forget tells the model that somebody deletes a thing of the connection's.
func (w *world) forget(id string) {
	w.model.deleted = append(w.model.deleted, id)
	for _, own := range []*string{&w.model.app, &w.model.identityProvider, &w.model.policy} {
		if *own == id {
			*own = ""
		}
	}
}

// made tells the model of something of somebody's own.
func (w *world) made(id string, err error) bool {
	w.t.Helper()
	w.do(err)
	w.model.others[id] = w.things()[id].text
	return true
}

// clearedUp deletes what somebody made, so that a sequence comes out of its conflicts again.
func (w *world) clearedUp() (anything bool) {
	found := w.things()
	for id := range w.model.others {
		switch each := found[id]; {
		case each.name() == "One-time PIN":
			continue
		case each.kind == connection.ResourceApp:
			w.do(w.org.DeleteApp(id))
		case each.kind == connection.ResourceIdentityProvider:
			w.api.DeleteIdentityProvider(w.account, id)
		default:
			w.api.DeletePolicy(w.account, id)
		}
		delete(w.model.others, id)
		anything = true
	}
	return anything
}

// strangeApp is an app of somebody's own with the label.
func strangeApp(label string) map[string]any {
	return map[string]any{
		"name": "oidc_client", "label": label, "signOnMode": "OPENID_CONNECT",
		"credentials": map[string]any{"oauthClient": map[string]any{"token_endpoint_auth_method": "client_secret_basic"}},
		"settings": map[string]any{"oauthClient": map[string]any{
			"application_type": "web", "grant_types": []any{"authorization_code"}, "response_types": []any{"code"},
			"redirect_uris": []any{"https://elsewhere.example/callback"},
		}},
	}
}

package okta

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	active   = "ACTIVE"
	inactive = "INACTIVE"
)

// app is an OpenID Connect app, or one of the apps that Okta puts into every org.
type app struct {
	id       string
	sequence int
	status   string
	created  time.Time
	updated  time.Time
	// body is what the app was given, with Okta's defaults below it. It never holds the client secret.
	body object
	// link is the id of the app's link on the dashboard.
	link string
	// policy is the id of the app's sign-in policy.
	policy string
	// system tells an app of Okta's own, which has no OAuth client and can't be changed.
	system      bool
	secrets     []*secret
	claim       *claim
	assignments []*assignment
	users       []*appUser
	federated   []*federatedClaim
}

func (a *app) label() string    { return text(a.body, "label") }
func (a *app) name() string     { return text(a.body, "name") }
func (a *app) clientID() string { return text(a.body, "credentials", "oauthClient", "client_id") }

func (a *app) tokenEndpointAuthMethod() string {
	return text(a.body, "credentials", "oauthClient", "token_endpoint_auth_method")
}

// usesSecret tells whether the app's client authenticates with a secret.
func (a *app) usesSecret() bool {
	return strings.HasPrefix(a.tokenEndpointAuthMethod(), "client_secret_")
}

func (o *Org) findApp(id string) *app {
	for _, candidate := range o.store.apps {
		if candidate.id == id {
			return candidate
		}
	}
	return nil
}

// withApp serves an endpoint of one app.
func (o *Org) withApp(r *http.Request, serve func(*app) answer) answer {
	id := r.PathValue("appId")
	a := o.findApp(id)
	if a == nil {
		return notFound(id, "AppInstance")
	}
	return serve(a)
}

// withClient serves an endpoint of one app's OAuth client.
func (o *Org) withClient(r *http.Request, serve func(*app) answer) answer {
	return o.withApp(r, func(a *app) answer {
		if a.system {
			return notFound(a.id, "OAuth2AppInstance")
		}
		return serve(a)
	})
}

func (o *Org) createApp(r *http.Request) answer {
	body, err := readObject(r)
	if err != nil {
		return malformed()
	}
	status := active
	if r.URL.Query().Get("activate") == "false" {
		status = inactive
	}
	a, refusal := o.addApp(body, status)
	if refusal != nil {
		return *refusal
	}
	return success(o.appView(a, true))
}

// addApp checks what is asked for, and makes the app.
func (o *Org) addApp(body object, status string) (*app, *answer) {
	if refusal := checkApp(body); refusal != nil {
		return nil, refusal
	}
	if refusal := o.checkNewClient(body); refusal != nil {
		return nil, refusal
	}
	a := &app{status: status, created: o.now(), updated: o.now(), policy: o.defaultPolicy()}
	a.id, a.sequence = o.newID("0oa")
	a.link = "aln" + digestText(idLength-3, o.config.Name, "app link")
	secretText := text(body, "credentials", "oauthClient", "client_secret")
	a.body = completeApp(body, o.keys.id)
	if a.clientID() == "" {
		a.body["credentials"].(object)["oauthClient"].(object)["client_id"] = a.id
	}
	if a.usesSecret() {
		o.addSecret(a, secretText, active)
	}
	o.store.apps = append(o.store.apps, a)
	return a, nil
}

func (o *Org) getApp(r *http.Request) answer {
	return o.withApp(r, func(a *app) answer { return success(o.appView(a, false)) })
}

func (o *Org) listApps(r *http.Request) answer {
	filter, refusal := queryFilter(r, all([]string{"id", "status", "name", "credentials.signing.kid"}, []string{"eq"}))
	if refusal != nil {
		return *refusal
	}
	q := r.URL.Query().Get("q")
	var entries []entry
	for _, e := range o.listed(r, listOfApps, o.appEntries()) {
		if (hasPrefixFold(e.name, q) || hasPrefixFold(e.field("name"), q)) && filter.matches(e.field) {
			entries = append(entries, e)
		}
	}
	return o.page(r, pageLimits{standard: 20, most: 200}, "0oa", entries)
}

func (o *Org) appEntries() []entry {
	entries := []entry{}
	for _, a := range o.store.apps {
		entries = append(entries, o.appEntry(a))
	}
	return entries
}

func (o *Org) appEntry(a *app) entry {
	field := func(name string) string {
		return map[string]string{
			"id": a.id, "status": a.status, "name": a.name(), "credentials.signing.kid": o.keys.id,
		}[name]
	}
	view := func(*http.Request) object { return o.appView(a, false) }
	return entry{id: a.id, name: a.label(), sequence: a.sequence, field: field, view: view}
}

// replaceApp replaces everything that the caller may set: what the body leaves out is gone.
func (o *Org) replaceApp(r *http.Request) answer {
	return o.withApp(r, func(a *app) answer {
		body, err := readObject(r)
		if err != nil {
			return malformed()
		}
		if refusal := checkReplacement(a, body); refusal != nil {
			return *refusal
		}
		o.setApp(a, body)
		return success(o.appView(a, true))
	})
}

// setApp gives the app a new body. The client keeps its id, and its secret unless it is given another.
func (o *Org) setApp(a *app, body object) {
	clientID, rotation := a.clientID(), value(a.body, "settings", "oauthClient", "refresh_token")
	secretText := text(body, "credentials", "oauthClient", "client_secret")
	a.body = completeApp(body, o.keys.id)
	a.body["credentials"].(object)["oauthClient"].(object)["client_id"] = clientID
	client := a.body["settings"].(object)["oauthClient"].(object)
	if client["refresh_token"] == nil && rotation != nil {
		client["refresh_token"] = rotation // an update that doesn't say leaves it as it was
	}
	if _, given := client["participate_slo"]; !given {
		client["participate_slo"] = false // an update writes it out; a creation doesn't
	}
	a.updated = o.now()
	switch newest := a.newestSecret(); {
	case !a.usesSecret():
		a.secrets = nil
	case newest == nil:
		o.addSecret(a, secretText, active)
	case secretText != "" && secretText != newest.text:
		newest.text, newest.updated = secretText, o.now()
	}
}

func (o *Org) deleteApp(r *http.Request) answer {
	return o.withApp(r, func(a *app) answer {
		if a.system {
			return accessDenied()
		}
		if a.status == active {
			return refuse(http.StatusForbidden, "E0000056", "Delete application forbidden.",
				"The application must be deactivated before deletion.")
		}
		o.removeApp(a)
		return noContent()
	})
}

func (o *Org) removeApp(a *app) {
	o.store.deletedClients[a.clientID()] = true
	o.store.apps = slices.DeleteFunc(o.store.apps, func(other *app) bool { return other == a })
}

func (o *Org) activateApp(r *http.Request) answer   { return o.setStatus(r, active) }
func (o *Org) deactivateApp(r *http.Request) answer { return o.setStatus(r, inactive) }

// setStatus moves an app to a status. An app that is there already stays there, with the same answer.
func (o *Org) setStatus(r *http.Request, status string) answer {
	return o.withApp(r, func(a *app) answer {
		if a.system {
			return accessDenied()
		}
		if a.status != status {
			a.status, a.updated = status, o.now()
		}
		return success(object{})
	})
}

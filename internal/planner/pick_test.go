package planner_test

import (
	"fmt"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// picked writes what was picked in one line: the id, "adopted" where it was, and each conflict or duplicate with the reason.
func picked(id string, adopted bool, state planner.State) string {
	if id == "" {
		id = "none"
	}
	if adopted {
		id += " adopted"
	}
	words := []string{id}
	for _, other := range state.Strangers {
		kind := "conflict"
		if other.Made {
			kind = "duplicate"
		}
		words = append(words, strings.TrimSuffix(fmt.Sprintf("%s %s: %s", kind, other.ID, other.Why), ": "))
	}
	return strings.Join(words, "; ")
}

// The reasons that are given for a conflict or a duplicate.
const (
	another    = "the connection has another one already; there must be only one"
	otherName  = "the connection has one of its own, under another name"
	ofGlobex   = `it belongs to connection "globex"`
	noSecret   = "its client secret can't be read back and its app is not in this Okta org, so a rollback could not put it back"
	notOIDC    = "it is not an OpenID Connect web app"
	twoFit     = "2 fit"
	ourClient  = "accessbridge-acme-1"
	runsClient = "accessbridge-acme-0123abcd"
)

// adopting is the document with adopt: true.
func adopting() connection.Spec {
	spec := acme()
	spec.Adopt = true
	return spec
}

// listedApp is an OpenID Connect app in a list, with the declared label.
func listedApp(id, clientID string, changes ...func(*planner.ListedApp)) planner.ListedApp {
	app := planner.ListedApp{OpenIDConnect: true}
	app.ID, app.ClientID, app.Label = id, clientID, acme().Okta.AppLabel
	for _, change := range changes {
		change(&app)
	}
	return app
}

func labelled(label string) func(*planner.ListedApp) {
	return func(a *planner.ListedApp) { a.Label = label }
}

func marked(name string) func(*planner.ListedApp) {
	return func(a *planner.ListedApp) { a.Connection = name }
}

func notOpenIDConnect(a *planner.ListedApp) { a.OpenIDConnect = false }

// listedProvider is an identity provider in a list.
func listedProvider(id, name, clientID string) planner.ListedIdentityProvider {
	found := planner.ListedIdentityProvider{Type: planner.TypeOkta}
	found.ID, found.Name, found.ClientID = id, name, clientID
	return found
}

// remembers is a complete memory.
func remembers(identityProvider string, policies ...string) *planner.Memory {
	return &planner.Memory{IdentityProvider: identityProvider, Policies: policies}
}

package planner_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// ownApp is the connection's app, which remembers.
func ownApp(memory *planner.Memory) *planner.App {
	return &planner.App{ID: "0oa1", ClientID: ourClient, Connection: "acme", Memory: memory}
}

// adoptedApp is the app that an earlier run adopted: the client id is another's, the mark the connection's.
func adoptedApp(kept ...string) *planner.App {
	return &planner.App{ID: "0oa1", ClientID: "0oa9", Connection: "acme", Adopted: true, Kept: kept}
}

func TestPickIdentityProvider(t *testing.T) {
	t.Parallel()
	type providers = []planner.ListedIdentityProvider
	saml := listedProvider("1", "Okta", "")
	saml.Type = "saml"
	ours := listedProvider("1", "Okta", ourClient)
	theirs := listedProvider("1", "Okta", "0oa9")
	adoptable := []planner.ListedApp{listedApp("a", "0oa9", labelled("Wiki"))}
	for name, test := range map[string]struct {
		spec      connection.Spec
		app       *planner.App
		providers providers
		apps      []planner.ListedApp
		want      string
	}{
		"nothing":                              {acme(), nil, nil, nil, "none"},
		"generation, without an app":           {acme(), nil, providers{ours}, nil, "1"},
		"suffix of a run, without an app":      {acme(), nil, providers{listedProvider("1", "X", runsClient)}, nil, "1"},
		"client id, renamed by hand":           {acme(), ownApp(nil), providers{listedProvider("1", "Theirs", ourClient)}, nil, "1"},
		"memory":                               {acme(), ownApp(remembers("1")), providers{ours}, nil, "1"},
		"memory, renamed by hand and declared": {acme(), ownApp(remembers("1")), providers{listedProvider("1", "Theirs", ourClient)}, nil, "1"},
		"memory, another client id since":      {acme(), ownApp(remembers("1")), providers{listedProvider("1", "Theirs", "0oa9")}, nil, "1"},
		"memory before the client id":          {acme(), ownApp(remembers("2")), providers{ours, listedProvider("2", "Okta", ourClient)}, nil, "2; duplicate 1: " + another},
		"memory of something deleted":          {acme(), ownApp(remembers("gone")), providers{ours}, nil, "1"},
		"memory just begun":                    {acme(), ownApp(&planner.Memory{Run: "r"}), providers{ours}, nil, "1"},
		"profile taken away":                   {acme(), &planner.App{ID: "0oa1", ClientID: ourClient}, providers{ours}, nil, "1"},
		"client id of our adopted app":         {acme(), adoptedApp(), providers{listedProvider("1", "X", "0oa9")}, nil, "1"},
		"adopted by an earlier run":            {acme(), adoptedApp("1"), providers{listedProvider("1", "X", "0oa9")}, nil, "1 adopted"},
		"duplicate":                            {acme(), ownApp(nil), providers{ours, listedProvider("2", "Okta", ourClient)}, nil, "1; duplicate 2: " + another},
		"name beside ours":                     {acme(), ownApp(nil), providers{ours, listedProvider("2", "Okta", "0oa9")}, nil, "1"},
		"name beside ours to rename":           {adopting(), ownApp(nil), providers{listedProvider("1", "Old", ourClient), listedProvider("2", "Okta", "0oa9")}, adoptable, "1; conflict 2: " + otherName},
		"client id, but of another type":       {acme(), nil, providers{{IdentityProvider: planner.IdentityProvider{ID: "1", Name: "X", ClientID: ourClient}, Type: "oidc"}}, nil, "none"},
		"name":                                 {acme(), nil, providers{theirs}, adoptable, "none; conflict 1"},
		"name, adopt":                          {adopting(), nil, providers{theirs}, adoptable, "1 adopted"},
		"name of another type":                 {adopting(), nil, providers{saml}, nil, `none; conflict 1: its type is "saml", not okta`},
		"name, app of another org":             {adopting(), nil, providers{theirs}, nil, "none; conflict 1: " + noSecret},
		"name, app of another connection":      {adopting(), nil, providers{theirs}, []planner.ListedApp{listedApp("a", "0oa9", marked("globex"))}, "none; conflict 1: " + ofGlobex},
		"of the app that is adopted now": {
			adopting(), &planner.App{ID: "a", ClientID: "0oa9", Adopted: true}, providers{listedProvider("1", "Whatever", "0oa9")}, adoptable, "1 adopted",
		},
		"two for the app that is adopted now": {
			adopting(), &planner.App{ID: "a", ClientID: "0oa9", Adopted: true},
			providers{listedProvider("1", "X", "0oa9"), listedProvider("2", "Y", "0oa9")},
			adoptable,
			"none; conflict 1: " + twoFit + "; conflict 2: " + twoFit,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := planner.State{App: test.app}
			planner.PickIdentityProvider(test.spec, &state, planner.Listed{Apps: test.apps, IdentityProviders: test.providers})
			found := planner.IdentityProvider{}
			if state.IdentityProvider != nil {
				found = *state.IdentityProvider
			}
			if got := picked(found.ID, found.Adopted, state); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

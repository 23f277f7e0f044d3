package planner_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

func TestPickApp(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spec connection.Spec
		apps []planner.ListedApp
		want string
	}{
		"nothing":                      {acme(), nil, "none"},
		"another app":                  {acme(), []planner.ListedApp{listedApp("1", "0oa9", labelled("Wiki"))}, "none"},
		"generation":                   {acme(), []planner.ListedApp{listedApp("1", ourClient)}, "1"},
		"later generation":             {acme(), []planner.ListedApp{listedApp("1", "accessbridge-acme-7")}, "1"},
		"suffix of a run":              {acme(), []planner.ListedApp{listedApp("1", runsClient)}, "1"},
		"renamed by hand":              {acme(), []planner.ListedApp{listedApp("1", ourClient, labelled("Theirs"))}, "1"},
		"client id, though adopt":      {adopting(), []planner.ListedApp{listedApp("1", ourClient)}, "1"},
		"profile taken away":           {acme(), []planner.ListedApp{listedApp("1", ourClient, marked(""))}, "1"},
		"profile of another":           {acme(), []planner.ListedApp{listedApp("1", ourClient, marked("globex"))}, "1"},
		"of a longer name":             {acme(), []planner.ListedApp{listedApp("1", "accessbridge-acme-1-1")}, "none; conflict 1"},
		"mark of adopted":              {acme(), []planner.ListedApp{listedApp("1", "0oa9", marked("acme"), labelled("Theirs"))}, "1 adopted"},
		"mark, but no OpenID Connect":  {acme(), []planner.ListedApp{listedApp("1", "", marked("acme"), notOpenIDConnect)}, "none; conflict 1: " + notOIDC},
		"duplicate":                    {acme(), []planner.ListedApp{listedApp("1", ourClient), listedApp("2", "accessbridge-acme-2")}, "1; duplicate 2: " + another},
		"duplicate of an adopted one":  {acme(), []planner.ListedApp{listedApp("1", "0oa9", marked("acme")), listedApp("2", ourClient)}, "1 adopted; duplicate 2: " + another},
		"adopted beside our own":       {acme(), []planner.ListedApp{listedApp("1", ourClient), listedApp("2", "0oa9", marked("acme"))}, "1; conflict 2: " + another},
		"label beside ours":            {acme(), []planner.ListedApp{listedApp("1", ourClient), listedApp("2", "0oa9")}, "1"},
		"label beside ours to rename":  {adopting(), []planner.ListedApp{listedApp("1", ourClient, labelled("Old")), listedApp("2", "0oa9")}, "1; conflict 2: " + otherName},
		"label":                        {acme(), []planner.ListedApp{listedApp("1", "0oa9")}, "none; conflict 1"},
		"label, adopt":                 {adopting(), []planner.ListedApp{listedApp("1", "0oa9")}, "1 adopted"},
		"label of another connection":  {adopting(), []planner.ListedApp{listedApp("1", "0oa9", marked("globex"))}, "none; conflict 1: " + ofGlobex},
		"label without OpenID Connect": {adopting(), []planner.ListedApp{listedApp("1", "", notOpenIDConnect)}, "none; conflict 1: " + notOIDC},
		"two with the label":           {adopting(), []planner.ListedApp{listedApp("1", "0oa8"), listedApp("2", "0oa9")}, "none; conflict 1: " + twoFit + "; conflict 2: " + twoFit},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var state planner.State
			planner.PickApp(test.spec, &state, test.apps)
			app := planner.App{}
			if state.App != nil {
				app = *state.App
			}
			if got := picked(app.ID, app.Adopted, state); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestWantApp_RedirectURIs(t *testing.T) {
	t.Parallel()
	const callback, theirs = "https://acme.cloudflareaccess.com/cdn-cgi/access/callback", "https://other.example/callback"
	for name, test := range map[string]struct {
		have *planner.App
		want []string
	}{
		"new":                    {nil, []string{callback}},
		"ours: nothing else":     {&planner.App{RedirectURIs: []string{theirs, callback}}, []string{callback}},
		"adopted: added":         {&planner.App{Adopted: true, RedirectURIs: []string{theirs}}, []string{theirs, callback}},
		"adopted: there already": {&planner.App{Adopted: true, RedirectURIs: []string{callback, theirs}}, []string{callback, theirs}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			have := nothing()
			have.App = test.have
			if diff := cmp.Diff(test.want, planner.WantApp(acme(), have, ourClient).RedirectURIs); diff != "" {
				t.Errorf("redirect URIs (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWantApp_WhatIsAdopted_IsKeptInMind holds for what this run adopts and for what an earlier one did: a disconnect leaves it.
func TestWantApp_WhatIsAdopted_IsKeptInMind(t *testing.T) {
	t.Parallel()
	have := nothing()
	have.App = &planner.App{ID: "0oa1", Kept: []string{"idp1", "old"}}
	have.IdentityProvider = &planner.IdentityProvider{ID: "idp1", Adopted: true}
	have.Policy = &planner.AccessPolicy{ID: "policy1", Adopted: true}
	if diff := cmp.Diff([]string{"idp1", "old", "policy1"}, planner.WantApp(adopting(), have, "").Kept); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	have.IdentityProvider.Adopted, have.Policy.Adopted, have.App.Kept = false, false, nil
	if kept := planner.WantApp(acme(), have, "").Kept; kept != nil {
		t.Errorf("what the connection made is kept: %v", kept)
	}
}

func TestWantApp_Existing_KeepsItsClientID(t *testing.T) {
	t.Parallel()
	have := nothing()
	have.App = &planner.App{ID: "0oa1", ClientID: runsClient, IssuerMode: "DYNAMIC"}
	want := planner.WantApp(acme(), have, ourClient)
	if want.ClientID != runsClient || want.IssuerMode != "DYNAMIC" || want.ID != "0oa1" {
		t.Errorf("the app becomes %+v", want)
	}
}

// TestDiffWholeApp_ToldByEarlierVersions compares the memory too, which DiffApp leaves to a step of its own.
func TestDiffWholeApp_ToldByEarlierVersions(t *testing.T) {
	t.Parallel()
	state := connected(acme())
	state.Named = []planner.FoundApplication{{Entry: "wiki.example", IDs: []string{"wiki"}}}
	want := planner.RememberApplications(*state.App, state)
	if diff := cmp.Diff([]string{"wiki"}, want.Applications); diff != "" {
		t.Errorf("applications (-want +got):\n%s", diff)
	}
	if whole, alone := planner.DiffWholeApp(state.App, want), planner.DiffApp(state.App, want); whole.Action != connection.ActionUpdate || alone.Action != connection.ActionUnchanged {
		t.Errorf("the whole app is %s, the app alone %s", whole.Action, alone.Action)
	}
	if planner.SameApp(*state.App, want) || !planner.SameApp(want, want) {
		t.Error("SameApp doesn't tell the memories apart")
	}
}

// TestWantApp_RedirectURIAdded_LeavesTheSurveyAlone: it is what the app is put back to.
func TestWantApp_RedirectURIAdded_LeavesTheSurveyAlone(t *testing.T) {
	t.Parallel()
	have := nothing()
	surveyed := append(make([]string, 0, 9), "https://other.example/callback")
	have.App = &planner.App{Adopted: true, RedirectURIs: surveyed}
	planner.WantApp(adopting(), have, "")
	if beyond := surveyed[:2][1]; beyond != "" {
		t.Errorf("the list that was surveyed holds %q", beyond)
	}
}

func TestDiffApp_New_TellsEverySetting(t *testing.T) {
	t.Parallel()
	want := []connection.Field{
		{Name: "label", After: "Cloudflare Access"},
		{Name: "status", After: "ACTIVE"},
		{Name: "client_id", After: ourClient},
		{Name: "redirect_uris", After: "https://acme.cloudflareaccess.com/cdn-cgi/access/callback"},
		{Name: "profile.connection", After: "acme"},
	}
	if diff := cmp.Diff(want, planner.DiffApp(nil, planner.WantApp(acme(), nothing(), ourClient)).Fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

package planner_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// appOf is an app as a list has it.
func appOf(id, clientID, connection string, openIDConnect bool) planner.ListedApp {
	return planner.ListedApp{App: planner.App{ID: id, ClientID: clientID, Connection: connection}, OpenIDConnect: openIDConnect}
}

func TestConnectionsIn(t *testing.T) {
	t.Parallel()
	apps := []planner.ListedApp{
		appOf("key", "accessbridge-acme-1", "acme", true),
		appOf("key alone", "accessbridge-acme-2", "", true),
		appOf("earlier version", "accessbridge-acme-0123abcd", "acme", true),
		appOf("longer name", "accessbridge-acme-eu-12", "acme-eu", true),
		appOf("key against profile", "accessbridge-globex-1", "acme", true),
		appOf("adopted", "0oaTheirs", "acme", true),
		appOf("profile of another kind of app", "0oaSAML", "acme", false),
		appOf("no generation", "accessbridge-acme", "", true),
		appOf("generation zero", "accessbridge-acme-0", "", true),
		appOf("no name", "accessbridge--1", "", true),
		appOf("prefix alone", "accessbridge-", "", true),
		appOf("of others", "0oaOther", "", true),
	}
	before := slices.Clone(apps)
	for name, want := range map[string][]string{
		"":        {"key", "key alone", "earlier version", "longer name", "key against profile", "adopted"},
		"acme":    {"key", "key alone", "earlier version", "adopted"},
		"acme-eu": {"longer name"},
		"globex":  {"key against profile"},
		"nobody":  nil,
	} {
		var got []string
		for _, app := range planner.ConnectionsIn(apps, name) {
			got = append(got, app.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("connections of %q (-want +got):\n%s", name, diff)
		}
	}
	if diff := cmp.Diff(before, apps); diff != "" {
		t.Errorf("the list was changed:\n%s", diff)
	}
}

// toldOf is what the app of the whole connection acme tells after a change by hand.
func toldOf(hand func(*planner.ListedApp)) connection.Existing {
	state := connected(acme())
	app := planner.ListedApp{App: *state.App, OpenIDConnect: true}
	app.Memory.Run, app.Memory.Started = "run1", time.Unix(7, 0)
	hand(&app)
	return planner.Tell("prod", "https://acme.okta.com", app)
}

func TestTell_WholeConnection(t *testing.T) {
	t.Parallel()
	document := acme()
	document.Okta.Org = "prod" // where the app is, whatever the org was called when the document was written
	want := connection.Existing{
		Connection: "acme", Org: "prod", OktaURL: "https://acme.okta.com", Account: document.Cloudflare.Account, AppID: "0oa1", AppLabel: document.Okta.AppLabel,
		ClientID: "accessbridge-acme-0123abcd", IdentityProviderID: "idp1", PolicyIDs: []string{"policy1"}, Run: "run1", RunStarted: time.Unix(7, 0), Document: &document,
	}
	got := toldOf(func(*planner.ListedApp) {})
	// How a run goes about it isn't remembered; the defaults stand for it.
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

func TestTell_Adopted(t *testing.T) {
	t.Parallel()
	got := toldOf(func(app *planner.ListedApp) { app.ClientID = "0oaTheirs" })
	if !got.Adopted || got.Connection != "acme" || got.Document == nil {
		t.Errorf("told %+v", got)
	}
}

// TestTell_DocumentNotUnderstood_IsNotTold: a document that lacks what it declared would be worse than none.
func TestTell_DocumentNotUnderstood_IsNotTold(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hand func(*planner.ListedApp)
		why  string
	}{
		"the profile taken away": {func(a *planner.ListedApp) { a.Connection, a.Memory = "", nil }, "the app's profile doesn't tell any more"},
		"the memory taken away":  {func(a *planner.ListedApp) { a.Memory = nil }, "no run has finished connecting it"},
		"just created":           {func(a *planner.ListedApp) { a.Memory = &planner.Memory{Run: "run1"} }, "no run has finished connecting it"},
		"no document":            {func(a *planner.ListedApp) { a.Memory.Document = nil }, "the app's profile doesn't tell the document"},
		"no JSON":                {func(a *planner.ListedApp) { a.Memory.Document = json.RawMessage(`<html>`) }, "isn't understood"},
		"of a newer version":     {func(a *planner.ListedApp) { a.Memory.Document = json.RawMessage(`{"name":"acme","deny":["all"]}`) }, "a newer version may have written it"},
		"of another connection":  {func(a *planner.ListedApp) { a.Memory.Document = json.RawMessage(`{"name":"globex"}`) }, `tells of connection "globex"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := toldOf(test.hand)
			if got.Document != nil || got.Account != "" || !strings.Contains(got.Unknown, test.why) || got.Connection != "acme" || got.AppID != "0oa1" {
				t.Errorf("told %+v, want it unknown because %q", got, test.why)
			}
		})
	}
}

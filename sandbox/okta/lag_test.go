package okta_test

import (
	"net/url"
	"slices"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

var _ kit.Lister = (*okta.Org)(nil)

// serveLagging starts an org whose lists are late by 10 seconds, with whatever the fault says.
func serveLagging(t *testing.T, fault string) (*fixture, *clock) {
	t.Helper()
	c := &clock{}
	f := serve(t, func(config *okta.Config) { config.Clock = c.now })
	f.inject(t, fault)
	return f, c
}

// inject arms a fault, as someone would who has nothing of ours but an address.
func (f *fixture) inject(t *testing.T, fault string) {
	t.Helper()
	f.callAs(t, "", "POST", "/_sandbox/faults", rawJSON(fault)).must(t, 201)
}

type rawJSON string

func (r rawJSON) MarshalJSON() ([]byte, error) { return []byte(r), nil }

// listIDs are the ids in a list.
func (f *fixture) listIDs(t *testing.T, path string) []string {
	t.Helper()
	ids := []string{}
	for _, item := range f.call(t, "GET", path, nil).must(t, 200).list(t) {
		ids = append(ids, item["id"].(string))
	}
	return ids
}

func TestLag_EveryListIsLate_WhatHasAnIDIsNot(t *testing.T) {
	t.Parallel()
	f, c := serveLagging(t, `{"kind":"lag","delay":"10s"}`)
	app := f.createApp(t, "late app")
	group := f.call(t, "POST", "/api/v1/groups", map[string]any{"profile": map[string]any{"name": "Late"}}).must(t, 200).object(t)["id"].(string)
	f.call(t, "PUT", "/api/v1/apps/"+app+"/groups/"+group, map[string]any{}).must(t, 200)
	secrets := "/api/v1/apps/" + app + "/credentials/secrets"
	secret := f.call(t, "POST", secrets, map[string]any{}).must(t, 201).object(t)["id"].(string)
	query := func(name, value string) string { return "?" + url.Values{name: {value}}.Encode() }
	lists := map[string]string{
		"/api/v1/apps":             app,
		"/api/v1/apps?q=late":      app,
		"/api/v1/apps?limit=1&q=l": app,
		"/api/v1/apps" + query("filter", `status eq "ACTIVE"`): app,
		"/api/v1/apps/" + app + "/groups":                      group,
		"/api/v1/apps/" + app + "/groups?expand=group":         group,
		"/api/v1/groups":        group,
		"/api/v1/groups?q=Late": group,
		"/api/v1/groups" + query("search", `profile.name eq "Late"`): group,
		"/api/v1/groups" + query("filter", `type eq "OKTA_GROUP"`):   group,
		secrets: secret,
	}
	shown := func(want bool) {
		t.Helper()
		for path, id := range lists {
			if got := slices.Contains(f.listIDs(t, path), id); got != want {
				t.Errorf("%s after %d seconds: shown %v, want %v", path, c.seconds.Load(), got, want)
			}
		}
	}
	shown(false)
	if seeded := f.listIDs(t, "/api/v1/groups?q=Support"); len(seeded) != 1 {
		t.Errorf("what was there before isn't late, got %q", seeded)
	}
	for _, path := range []string{"/api/v1/apps/" + app, "/api/v1/groups/" + group, "/api/v1/apps/" + app + "/groups/" + group, secrets + "/" + secret} {
		f.call(t, "GET", path, nil).must(t, 200)
	}
	c.seconds.Add(9)
	shown(false)
	c.seconds.Add(1)
	shown(true)
	f.call(t, "POST", secrets+"/"+secret+"/lifecycle/deactivate", nil).must(t, 200)
	f.call(t, "DELETE", secrets+"/"+secret, nil).must(t, 204)
	f.call(t, "DELETE", "/api/v1/apps/"+app+"/groups/"+group, nil).must(t, 204)
	f.call(t, "DELETE", "/api/v1/groups/"+group, nil).must(t, 204)
	shown(true)
	f.call(t, "GET", "/api/v1/groups/"+group, nil).must(t, 404)
	f.kit.ClearFaults()
	delete(lists, "/api/v1/apps")
	delete(lists, "/api/v1/apps?q=late")
	delete(lists, "/api/v1/apps?limit=1&q=l")
	delete(lists, "/api/v1/apps"+query("filter", `status eq "ACTIVE"`))
	shown(false)
}

func TestLag_AfterUpdateOnly_TheOldAppIsFoundByWhatItWas(t *testing.T) {
	t.Parallel()
	f, c := serveLagging(t, `{"kind":"lag","path":"/api/v1/apps","after":["update"],"delay":"10s"}`)
	app := f.createApp(t, "before")
	if ids := f.listIDs(t, "/api/v1/apps?q=before"); !slices.Equal(ids, []string{app}) {
		t.Fatalf("a new app isn't late, found %q", ids)
	}
	if err := f.org.RenameApp(app, "after"); err != nil { // by hand
		t.Fatal(err)
	}
	if got := f.call(t, "GET", "/api/v1/apps/"+app, nil).object(t)["label"]; got != "after" {
		t.Errorf("by its id the app is called %v", got)
	}
	old := f.call(t, "GET", "/api/v1/apps?q=before", nil).list(t)
	if now := f.listIDs(t, "/api/v1/apps?q=after"); len(old) != 1 || old[0]["label"] != "before" || len(now) != 0 {
		t.Errorf("found %v by the old name and %q by the new one", old, now)
	}
	c.seconds.Add(10)
	if old, now := f.listIDs(t, "/api/v1/apps?q=before"), f.listIDs(t, "/api/v1/apps?q=after"); len(old) != 0 || len(now) != 1 {
		t.Errorf("10 seconds later, found %q by the old name and %q by the new one", old, now)
	}
}

func TestLag_AfterDeleteOnly_WithADropOnCreate(t *testing.T) {
	t.Parallel()
	f, c := serveLagging(t, `[{"kind":"lag","path":"*/apps","after":["delete"],"delay":"10s"},{"kind":"status_after","status":503,"method":"POST","path":"*/apps","count":1}]`)
	f.call(t, "POST", "/api/v1/apps", appBody("mine")).must(t, 503)
	ids := f.listIDs(t, "/api/v1/apps?q=mine")
	if len(ids) != 1 {
		t.Fatalf("what was created isn't late, found %q", ids)
	}
	f.call(t, "POST", "/api/v1/apps/"+ids[0]+"/lifecycle/deactivate", nil).must(t, 200)
	f.call(t, "DELETE", "/api/v1/apps/"+ids[0], nil).must(t, 204)
	if left := f.call(t, "GET", "/api/v1/apps?q=mine", nil).list(t); len(left) != 1 || left[0]["status"] != "INACTIVE" {
		t.Errorf("the deleted app must still be listed, as it was last: %v", left)
	}
	c.seconds.Add(10)
	if left := f.listIDs(t, "/api/v1/apps?q=mine"); len(left) != 0 {
		t.Errorf("10 seconds later, found %q", left)
	}
}

func TestLag_AResetOfTheOrg_IsNoChange(t *testing.T) {
	t.Parallel()
	f, _ := serveLagging(t, `{"kind":"lag","delay":"10s"}`)
	f.createApp(t, "before")
	f.org.Reset()
	f.createApp(t, "after")
	if groups, apps := f.listIDs(t, "/api/v1/groups?q=Support"), f.listIDs(t, "/api/v1/apps?q=after"); len(groups) != 1 || len(apps) != 0 {
		t.Errorf("found %q and %q, want what is seeded only", groups, apps)
	}
}

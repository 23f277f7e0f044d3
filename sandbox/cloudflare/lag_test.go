package cloudflare_test

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

var _ kit.Lister = (*cloudflare.API)(nil)

// clock goes on only when it is told to.
type clock struct{ seconds atomic.Int64 }

func (c *clock) now() time.Time {
	return time.Date(2026, 11, 25, 0, 0, int(c.seconds.Load()), 0, time.UTC)
}

func (c *clock) pass(seconds int64) { c.seconds.Add(seconds) }

func startWithClock(t *testing.T) (fixture, *clock) {
	t.Helper()
	c := &clock{}
	return start(t, func(config *cloudflare.Config) { config.Clock = c.now }), c
}

// names of what a list shows.
func (f fixture) names(t *testing.T, path string) []string {
	t.Helper()
	return names(f.must(t, 200, "GET", path, nil).results())
}

func TestLag_EveryListIsLate_WhatHasAnIDIsNot(t *testing.T) {
	t.Parallel()
	f, c := startWithClock(t)
	f.must(t, 201, "POST", "policies", policy("old", rule("everyone", m{})))
	f.Inject(kit.Fault{Kind: kit.KindLag, Delay: kit.Duration(10 * time.Second)})
	provider := f.must(t, 201, "POST", "identity_providers", okta("new")).id()
	reusable := f.must(t, 201, "POST", "policies", policy("new", rule("everyone", m{}))).id()
	application := f.must(t, 201, "POST", "apps", m{"type": "self_hosted", "name": "new", "domain": "new.example", "policies": []string{reusable}}).id()
	group := f.must(t, 201, "POST", "groups", m{"name": "new", "include": []m{rule("everyone", m{})}}).id()
	lists := map[string]string{"identity_providers": provider, "policies": reusable, "apps": application, "apps?name=new": application, "groups": group}
	shown := func(want bool) {
		t.Helper()
		for path := range lists {
			if got := slices.Contains(f.names(t, path), "new"); got != want {
				t.Errorf("%s after %d seconds: shown %v, want %v", path, c.seconds.Load(), got, want)
			}
		}
	}
	shown(false)
	if answer := f.must(t, 200, "GET", "policies", nil); answer.Body["result_info"].(m)["total_count"] != 1.0 || f.names(t, "policies")[0] != "old" {
		t.Errorf("what was there before isn't late, got %v", answer.Body)
	}
	for path, id := range map[string]string{"identity_providers/": provider, "policies/": reusable, "apps/": application, "groups/": group} {
		f.must(t, 200, "GET", path+id, nil)
	}
	c.pass(10)
	shown(true)
	for _, path := range []string{"apps/" + application, "policies/" + reusable, "identity_providers/" + provider, "groups/" + group} {
		f.must(t, 202, "DELETE", path, nil)
	}
	shown(true)
	f.must(t, 404, "GET", "identity_providers/"+provider, nil)
	c.pass(10)
	shown(false)
}

func TestLag_AfterUpdateOnly_ApplicationsShowTheOldPolicy(t *testing.T) {
	t.Parallel()
	f, c := startWithClock(t)
	f.Inject(kit.Fault{Kind: kit.KindLag, Path: "*/access/apps", After: []string{kit.AfterUpdate}, Delay: kit.Duration(10 * time.Second)})
	reusable := f.must(t, 201, "POST", "policies", policy("before", rule("everyone", m{}))).id()
	f.must(t, 201, "POST", "apps", m{"type": "self_hosted", "name": "wiki", "domain": "wiki.example", "policies": []string{reusable}})
	f.api.EditPolicy(account, reusable, func(stored map[string]any) { stored["name"] = "after" }) // by hand
	embedded := func() any {
		return f.must(t, 200, "GET", "apps", nil).results()[0]["policies"].([]any)[0].(m)["name"]
	}
	if got := embedded(); got != "before" {
		t.Errorf("the list shows %v at once", got)
	}
	if got := f.names(t, "policies"); got[0] != "after" {
		t.Errorf("another list must not be late, got %q", got)
	}
	c.pass(10)
	if got := embedded(); got != "after" {
		t.Errorf("10 seconds later the list shows %v", got)
	}
}

func TestLag_AResetOfTheAPI_IsNoChange(t *testing.T) {
	t.Parallel()
	f := start(t, func(config *cloudflare.Config) {
		config.Accounts[0].IdentityProviders = []cloudflare.IdentityProvider{{Name: "seeded", Type: "onetimepin"}}
	})
	f.Inject(kit.Fault{Kind: kit.KindLag, Delay: kit.Duration(time.Hour)})
	f.must(t, 201, "POST", "identity_providers", okta("before"))
	f.api.Reset()
	f.must(t, 201, "POST", "identity_providers", okta("after"))
	if got := f.names(t, "identity_providers"); !slices.Equal(got, []string{"seeded"}) {
		t.Errorf("got %q, want what is seeded only", got)
	}
}

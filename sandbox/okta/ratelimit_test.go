package okta_test

import (
	"net/http"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// clock is a time that moves when it is told to.
type clock struct{ seconds atomic.Int64 }

func (c *clock) now() time.Time { return time.Unix(1_800_000_000+c.seconds.Load(), 0) }

func TestRateLimit_EmptyBucket_RefusesUntilTheReset(t *testing.T) {
	t.Parallel()
	var now clock
	f := serve(t, func(c *okta.Config) {
		c.Clock = now.now
		c.Limits = map[string]int{okta.BucketApps: 2, okta.BucketGroups: -1}
	})
	first := f.call(t, "GET", "/api/v1/apps", nil).must(t, 200)
	now.seconds.Add(30)
	f.call(t, "GET", "/api/v1/apps/0oa/groups", nil).must(t, 404) // below an app: the same bucket
	refused := f.call(t, "GET", "/api/v1/apps", nil).must(t, 429)
	want := map[string]string{
		"X-Rate-Limit-Limit": "2", "X-Rate-Limit-Remaining": "0",
		"X-Rate-Limit-Reset": first.header.Get("X-Rate-Limit-Reset"),
		"Date":               now.now().UTC().Format(http.TimeFormat),
	}
	for name, value := range want {
		if got := refused.header.Get(name); got != value {
			t.Errorf("%s: %q, want %q", name, got, value)
		}
	}
	if refused.object(t)["errorCode"] != "E0000047" || refused.header.Get("X-Okta-Request-Id") == "" {
		t.Errorf("refused with %s", refused.body)
	}
	f.call(t, "GET", "/api/v1/apps/0oa", nil).must(t, 404) // the app itself: another bucket
	f.call(t, "GET", "/api/v1/groups", nil).must(t, 200)
	now.seconds.Add(30)
	f.call(t, "GET", "/api/v1/apps", nil).must(t, 200)
}

func TestRateLimit_Plan_GivesATokenHalf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		plan, path string
		limit      int
	}{
		{"integrator-free", "/api/v1/apps", 10},
		{"integrator-free", "/api/v1/apps/0oa", 50},
		{"one-app", "/api/v1/apps/0oa/credentials/secrets", 50},
		{"enterprise", "/api/v1/groups?q=x", 300},
		{"workforce", "/api/v1/groups/00g", 500},
		{"workforce", "/api/v1/internal/apps/0oa/settings/oauth/idToken", 600},
		{"", "/oauth2/v1/clients/some-client", 50},
	} {
		f := serve(t, func(c *okta.Config) { c.Plan, c.Limits = test.plan, nil })
		if got := f.call(t, "GET", test.path, nil).header.Get("X-Rate-Limit-Limit"); got != strconv.Itoa(test.limit) {
			t.Errorf("%s %s: limit %s, want %d", test.plan, test.path, got, test.limit)
		}
	}
	if _, err := okta.New(okta.Config{Name: "acme", Plan: "gold"}); err == nil {
		t.Error("an unknown plan was taken")
	}
	if _, err := okta.New(okta.Config{Name: "acme", Limits: map[string]int{"/api/v2": 1}}); err == nil {
		t.Error("a limit for an unknown bucket was taken")
	}
}

func TestRateLimit_TwoTokens_ShareTheOrg(t *testing.T) {
	t.Parallel()
	var now clock
	f := serve(t, func(c *okta.Config) {
		c.Clock, c.Plan, c.Limits, c.Tokens = now.now, "integrator-free", nil, []string{"second", "third"}
	})
	count := func(token string) (served int) {
		for f.callAs(t, "SSWS "+token, "GET", "/api/v1/apps", nil).status == 200 {
			served++
		}
		return served
	}
	// Each may make 10 of the org's 20 calls.
	if first, second, third := count(token), count("second"), count("third"); first != 10 || second != 10 || third != 0 {
		t.Errorf("served %d, %d and %d calls, want 10, 10 and 0", first, second, third)
	}
}

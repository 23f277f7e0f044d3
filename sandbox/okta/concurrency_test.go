package okta_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

var _ kit.Gate = (*okta.Org)(nil)

// hold makes so many requests, and keeps them under way until it is told to let them go.
func (f *fixture) hold(t *testing.T, path string, count int) (release func()) {
	t.Helper()
	held, let := make(chan struct{}), make(chan struct{})
	f.kit.Inject(kit.Fault{Kind: kit.KindHand, Path: path, Count: count, Act: func(*http.Request, *kit.Answer) {
		held <- struct{}{}
		<-let
	}})
	var calls sync.WaitGroup
	for range count {
		calls.Go(func() {
			request := httptest.NewRequest("GET", path, nil)
			request.Header.Set("Authorization", "SSWS "+token)
			answer := httptest.NewRecorder()
			f.kit.ServeHTTP(answer, request)
			if answer.Code != 200 {
				t.Errorf("a request that was kept waiting was answered %d: %s", answer.Code, answer.Body)
			}
		})
		<-held
	}
	return func() {
		close(let)
		calls.Wait()
	}
}

func TestConcurrency_Plan_RefusesOneMore(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, plan string
		concurrent int
		limit      int
	}{
		{"integrator-free", "integrator-free", 0, 15},
		{"one-app", "one-app", 0, 35},
		{"enterprise", "enterprise", 0, 75},
		{"workforce", "", 0, 75},
		{"given", "integrator-free", 2, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var now clock
			f := serve(t, func(c *okta.Config) {
				c.Clock, c.Plan, c.Concurrent = now.now, test.plan, test.concurrent
				c.Limits = map[string]int{okta.BucketGroups: 1000}
			})
			release := f.hold(t, "/api/v1/groups", test.limit)
			refused := f.call(t, "GET", "/api/v1/groups", nil).must(t, 429)
			want := map[string]string{
				"X-Rate-Limit-Limit": strconv.Itoa(test.limit), "X-Rate-Limit-Remaining": "0",
				"X-Rate-Limit-Reset": strconv.FormatInt(now.now().Unix()+1, 10),
			}
			for name, value := range want {
				if got := refused.header.Get(name); got != value {
					t.Errorf("%s: %q, want %q", name, got, value)
				}
			}
			if refused.object(t)["errorCode"] != "E0000047" {
				t.Errorf("refused with %s", refused.body)
			}
			// Signing in is not of the management API.
			f.call(t, "GET", "/.well-known/openid-configuration", nil).must(t, 200)
			release()
			// Neither those that are over nor the one that was refused count any more.
			served := f.call(t, "GET", "/api/v1/groups", nil).must(t, 200)
			if got, want := served.header.Get("X-Rate-Limit-Remaining"), strconv.Itoa(1000-test.limit-1); got != want {
				t.Errorf("%s calls remain in the bucket, want %s: the refused one takes none", got, want)
			}
		})
	}
}

func TestConcurrency_NoLimit_ServesAll(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*okta.Config){
		"unlimited": func(c *okta.Config) { c.Limits = okta.Unlimited },
		"given":     func(c *okta.Config) { c.Limits, c.Concurrent = map[string]int{okta.BucketGroups: 1000}, -1 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t, edit)
			release := f.hold(t, "/api/v1/groups", 80)
			defer release()
			f.call(t, "GET", "/api/v1/groups", nil).must(t, 200)
		})
	}
}

func TestConcurrency_ByHand_IsNotCounted(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) { c.Concurrent = 1 })
	release := f.hold(t, "/api/v1/groups", 1)
	defer release()
	f.call(t, "GET", "/api/v1/groups", nil).must(t, 429)
	if answer := f.kit.ByHand(kit.HandRequest{Method: "GET", Path: "/api/v1/groups"}); answer.Status != 200 {
		t.Errorf("by hand: status %d: %s", answer.Status, answer.Body)
	}
}

// TestConcurrency_WithoutAKit_IsCounted serves the org itself.
func TestConcurrency_WithoutAKit_IsCounted(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) { c.Concurrent = 1 })
	release := f.hold(t, "/api/v1/groups", 1)
	request := httptest.NewRequest("GET", "/api/v1/groups", nil)
	request.Header.Set("Authorization", "SSWS "+token)
	for _, want := range []int{429, 200} {
		answer := httptest.NewRecorder()
		f.org.ServeHTTP(answer, request)
		if answer.Code != want {
			t.Errorf("status %d, want %d", answer.Code, want)
		}
		if want == 429 {
			release()
		}
	}
}

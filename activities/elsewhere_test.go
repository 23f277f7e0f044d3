package activities_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	oktasandbox "github.com/accessbridge/accessbridge/sandbox/okta"
)

// anotherOrg gives the worker credentials of a second org, in which the connection has an app.
func (w *world) anotherOrg() *kit.Server {
	w.t.Helper()
	org, err := oktasandbox.New(oktasandbox.Config{Name: "globex", Token: "00other", Limits: oktasandbox.Unlimited, OIE: true})
	if err != nil {
		w.t.Fatal(err)
	}
	server := kit.Wrap(org)
	serving := serve(w.t, server)
	org.SetURL(serving.URL)
	w.hold("globex", serving)
	if _, err := org.CreateApp(map[string]any{
		"name": "oidc_client", "label": "Access", "signOnMode": "OPENID_CONNECT",
		"credentials": map[string]any{"oauthClient": map[string]any{"client_id": "accessbridge-acme-1", "token_endpoint_auth_method": "client_secret_basic"}},
		"settings":    map[string]any{"oauthClient": map[string]any{"application_type": "web", "grant_types": []any{"authorization_code"}, "response_types": []any{"code"}, "redirect_uris": []any{"https://elsewhere.example/callback"}}},
	}); err != nil {
		w.t.Fatal(err)
	}
	return server
}

// hold gives the worker credentials of the other org under a name.
func (w *world) hold(name string, other *httptest.Server) {
	w.t.Helper()
	client, err := okta.New(other.URL, secret.New("00other"), withBase(transport.Options{}, other, "okta.orgs."+name+".api_token"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.steps.Orgs[name] = client
}

// TestSurvey_ManyOtherOrgs_AreAskedAFewAtATime: a worker can hold the credentials of hundreds.
func TestSurvey_ManyOtherOrgs_AreAskedAFewAtATime(t *testing.T) {
	t.Parallel()
	const orgs, most = 60, 16
	w := newWorld(t)
	var at, busiest, asked atomic.Int64
	more := make(chan struct{}, orgs)
	serving := serve(t, http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		now := at.Add(1)
		defer at.Add(-1)
		for before := busiest.Load(); now > before && !busiest.CompareAndSwap(before, now); before = busiest.Load() {
		}
		if now > most {
			more <- struct{}{}
		}
		select { // whether one more comes than may
		case <-more:
		case <-time.After(200 * time.Millisecond):
		}
		answer.Header().Set("Content-Type", "application/json")
		_, _ = answer.Write([]byte("[]"))
	}))
	for i := range orgs {
		w.hold(fmt.Sprintf("org%d", i), serving)
	}
	if state := w.survey(answeredBy(&fakeServer{})); len(state.Elsewhere)+len(state.Unasked) != 0 {
		t.Errorf("they told %+v, not asked %q", state.Elsewhere, state.Unasked)
	}
	if asked.Load() != orgs || busiest.Load() < 2 || busiest.Load() > most {
		t.Errorf("%d were asked, %d at the same time; want %d, at most %d", asked.Load(), busiest.Load(), orgs, most)
	}
}

// TestSurvey_ConnectionInAnotherOrg_IsLookedForWhereNothingElseTells where the connection is: no call is spent on it otherwise.
func TestSurvey_ConnectionInAnotherOrg_IsLookedForWhereNothingElseTells(t *testing.T) {
	t.Parallel()
	ended := func(state connection.RunState) func(*world, *kit.Server) []earlier {
		return func(*world, *kit.Server) []earlier {
			return []earlier{{id: "run0", status: completed, result: connection.Result{State: state}}}
		}
	}
	for name, test := range map[string]struct {
		before        func(*world, *kit.Server) []earlier
		asked         int
		found, silent bool
	}{
		"no run is known":             {before: func(*world, *kit.Server) []earlier { return nil }, asked: 1, found: true},
		"the run before was undone":   {before: ended(connection.RunRolledBack), asked: 1, found: true},
		"the run before disconnected": {before: ended(connection.RunDisconnected)},
		"the run before connected":    {before: ended(connection.RunConnected)},
		"its app is here":             {before: func(w *world, _ *kit.Server) []earlier { w.createApp(); return nil }},
		"the org is the same":         {before: func(w *world, _ *kit.Server) []earlier { w.steps.Orgs["globex"] = w.steps.Orgs["acme"]; return nil }},
		"the other org doesn't answer": {before: func(_ *world, other *kit.Server) []earlier {
			other.Inject(kit.Fault{Kind: kit.KindStatus, Status: 403, Path: "/api/v1/apps"})
			return nil
		}, asked: 1, silent: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			other := w.anotherOrg()
			runs := test.before(w, other)
			state := w.survey(answeredBy(&fakeServer{runs: runs}))
			if calls := len(other.Requests()); calls != test.asked {
				t.Errorf("the other org was asked %d times, want %d", calls, test.asked)
			}
			if found := len(state.Elsewhere) == 1 && state.Elsewhere[0].Org == "globex" && state.Elsewhere[0].AppLabel == "Access"; found != test.found {
				t.Errorf("found elsewhere: %+v", state.Elsewhere)
			}
			if silent := strings.HasPrefix(strings.Join(state.Unasked, "\n"), "globex ("); silent != test.silent {
				t.Errorf("not asked: %q", state.Unasked)
			}
		})
	}
}

package activities_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// budgeted is an attempt after so long a wait, of a step with a budget of two minutes.
func budgeted(number int32, waited time.Duration) func(*attempt) {
	return func(a *attempt) { a.number, a.waited, a.budget = number, waited, 2*time.Minute }
}

// TestBudget_StepFails_GoesOnWhileThereIsTime, the wait for the next attempt included. What a rate limit takes doesn't count.
func TestBudget_StepFails_GoesOnWhileThereIsTime(t *testing.T) {
	t.Parallel()
	const unavailable, limited, out = "okta.unavailable", "okta.rate_limited", "OutOfTime"
	for name, test := range map[string]struct {
		status  int
		how     []func(*attempt)
		want    string
		retried bool
	}{
		"there is time":                   {503, []func(*attempt){budgeted(3, time.Minute)}, unavailable, true},
		"the time is over":                {503, []func(*attempt){budgeted(3, 2*time.Minute-time.Millisecond)}, out, false},
		"no time for the next":            {503, []func(*attempt){budgeted(3, 2*time.Minute-4*time.Second)}, out, false},
		"just time for the next":          {503, []func(*attempt){budgeted(3, 2*time.Minute-20*time.Second)}, unavailable, true},
		"the pauses stop growing":         {503, []func(*attempt){budgeted(60, time.Minute)}, unavailable, true},
		"it never has a budget":           {503, []func(*attempt){budgeted(3, time.Hour), func(a *attempt) { a.budget = 0 }}, unavailable, true},
		"a rate limit":                    {429, []func(*attempt){budgeted(3, 2*time.Minute-time.Millisecond)}, limited, true},
		"after a rate limit":              {503, []func(*attempt){budgeted(9, time.Hour), left(beat{"held": 59 * time.Minute})}, unavailable, true},
		"after a rate limit, time over":   {503, []func(*attempt){budgeted(9, time.Hour), left(beat{"held": 58*time.Minute + 10*time.Second})}, out, false},
		"right after a rate limit":        {503, []func(*attempt){budgeted(9, time.Hour), left(beat{"held_since": noon.Add(-59 * time.Minute)})}, unavailable, true},
		"for good, though there was time": {403, []func(*attempt){budgeted(3, time.Minute)}, "okta.forbidden", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: test.status, Count: 1})
			heard := &beats{}
			told := wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app(), append(test.how, heard.hear)...), test.want, test.retried)
			if test.want == out && (!strings.HasPrefix(told.Message, `Step didn't succeed within its time budget (2m0s); last: create Okta app "Cloudflare Access": okta: POST /api/v1/apps answered 503`) ||
				told.Provider != "okta" || !told.Lost) {
				t.Errorf("the run is told %+v", told.Detail)
			}
			if test.want == limited && (told.Limit != "Okta's rate limit for /api/v1/apps" || !heard.last().HeldSince.Equal(noon)) {
				t.Errorf("the run is told %+v, the next attempt %+v", told.Detail, heard.last())
			}
			if name == "right after a rate limit" && (heard.last().Held != 59*time.Minute || !heard.last().HeldSince.IsZero()) {
				t.Errorf("the next attempt is told %+v", heard.last())
			}
		})
	}
}

func left(what beat) func(*attempt) { return func(a *attempt) { a.left = what } }

// TestBudget_OverBeforeTheAttempt_NothingIsAsked: the attempt before died, or there was just no time any more for this one.
func TestBudget_OverBeforeTheAttempt_NothingIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asked := left(beat{"until": times(time.Second)})
	told := wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app(), budgeted(2, 2*time.Minute), asked), "OutOfTime", false)
	if !strings.Contains(told.Message, "its worker died or lost touch") || !told.Lost || len(told.Until) != 1 || told.Attempt != 2 {
		t.Errorf("the run is told %+v", told.Detail)
	}
	said := left(beat{"last": map[string]any{"message": "answered 503", "attempt": 1, "lost": true}})
	told = wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app(), budgeted(2, 2*time.Minute), said), "OutOfTime", false)
	if !strings.HasSuffix(told.Message, "last: answered 503") || !told.Lost || told.Attempt != 1 {
		t.Errorf("the run is told %+v", told.Detail)
	}
	if told = wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app(), budgeted(1, 2*time.Minute)), "OutOfTime", false); told.Lost {
		t.Errorf("nobody took the step before, and the run is told %+v", told.Detail)
	}
	if requests := w.okta.Requests(); len(requests) != 0 {
		t.Errorf("%d requests were sent", len(requests))
	}
}

// TestBudget_TestMeetsARateLimit_WaitsForIt, as every other step does.
func TestBudget_TestMeetsARateLimit_WaitsForIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	w.cf.Inject(kit.Fault{Kind: kit.KindStatus, Status: 429, Headers: map[string]string{"Retry-After": "9"}, Path: "*/access/identity_providers", Count: 1})
	told := wantFailure(t, refused(w, w.steps.TestConnection, test, budgeted(9, 2*time.Minute-time.Millisecond)), "ConnectionTestFailed", true)
	if told.Limit != "Cloudflare's rate limit" || told.delay != 9*time.Second {
		t.Errorf("the run is told %+v, to be tried again after %s", told.Detail, told.delay)
	}
}

// TestBudget_RateLimit_TheRunIsToldOfItByTheAttemptThatMetIt, and not once more by the next one.
func TestBudget_RateLimit_TheRunIsToldOfItByTheAttemptThatMetIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := &fakeServer{}
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: 429, Count: 1})
	refused(w, w.steps.CreateOktaApp, w.app(), budgeted(1, time.Second), answeredBy(server))
	if len(server.told) != 1 || server.told[0].Limit != "Okta's rate limit for /api/v1/apps" || server.told[0].Attempt != 2 {
		t.Errorf("the run is told %+v", server.told)
	}
	w.okta.ClearFaults()
	must(w, w.steps.SetGroupsClaim, w.claim(w.createApp()), budgeted(2, time.Minute), left(beat{"held_since": noon.Add(-time.Second)}), answeredBy(server))
	if len(server.told) != 1 {
		t.Errorf("the run is told again: %+v", server.told)
	}
}

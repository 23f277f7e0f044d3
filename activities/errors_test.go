package activities_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// TestFail_RateLimited_IsRepeatedAtTheProvidersOwnTime, whatever the step's retry policy says.
func TestFail_RateLimited_IsRepeatedAtTheProvidersOwnTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, provider := w.register()
	const seconds = 17
	limited := kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: 429, Body: `{}`, Headers: map[string]string{"Retry-After": "17"}}
	w.okta.Inject(limited)
	w.cf.Inject(limited)
	for kind, err := range map[string]error{
		"okta": refused(w, w.steps.CreateOktaApp, w.app()), "cloudflare": refused(w, w.steps.CreateAccessPolicy, w.policy(provider)),
	} {
		told := wantFailure(t, err, kind+".rate_limited", true)
		if told.delay != seconds*time.Second || told.Lost || told.Until != nil || told.Provider != kind {
			t.Errorf("%s: it is repeated after %s, and the run is told %+v", kind, told.delay, told.Detail)
		}
	}
	// What is held back because nothing is left of a limit was not asked for at all, and has its time too.
	if told := wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app()), "okta.rate_limited", true); told.delay <= 0 || told.delay > seconds*time.Second {
		t.Errorf("it is repeated after %s", told.delay)
	}
}

// TestFail_SaysWhatToDo for each refusal that a person can do something about.
func TestFail_SaysWhatToDo(t *testing.T) {
	t.Parallel()
	const forOkta, forPolicies, forProviders = "okta", "cloudflare", "cloudflare's identity providers"
	for name, test := range map[string]struct {
		of     string
		status int
		body   string
		kind   string
		advice string
	}{
		"token refused":             {forOkta, 401, `{"errorCode":"E0000011"}`, "okta.unauthorized", "the API token is wrong, expired or revoked"},
		"access token of OAuth":     {forOkta, 401, `{"errorCode":"E0000005"}`, "okta.unauthorized", "Okta takes nothing but an API token for this"},
		"feature missing":           {forOkta, 401, `{"errorCode":"E0000015"}`, "okta.forbidden", "lacks the feature"},
		"unknown endpoint":          {forOkta, 405, `{"errorCode":"E0000008"}`, "okta.invalid", "a newer accessbridge"},
		"role missing":              {forOkta, 403, `{"errorCode":"E0000006"}`, "okta.forbidden", "Application Administrator"},
		"invalid":                   {forOkta, 400, `{"errorCode":"E0000003"}`, "okta.invalid", ""},
		"in use":                    {forPolicies, 409, `{"success":false,"errors":[{"code":12130}]}`, "cloudflare.conflict", "still uses it"},
		"permission for policies":   {forPolicies, 403, `{"success":false,"errors":[{"code":10000}]}`, "cloudflare.forbidden", "Access: Apps and Policies Write"},
		"permission for providers":  {forProviders, 403, `{"success":false,"errors":[{"code":10000}]}`, "cloudflare.forbidden", "Access: Organizations, Identity Providers, and Groups Write"},
		"Cloudflare's token":        {forPolicies, 401, `{"success":false,"errors":[{"code":1000}]}`, "cloudflare.unauthorized", "the API token is wrong, expired or revoked"},
		"Zero Trust is not enabled": {forPolicies, 400, `{"success":false,"errors":[{"code":9999}]}`, "", "enable Zero Trust once"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			app, provider := w.register()
			fault := kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: test.status, Body: test.body}
			w.okta.Inject(fault)
			w.cf.Inject(fault)
			var err error
			switch test.of {
			case forOkta:
				err = refused(w, w.steps.SetGroupsClaim, w.claim(app))
			case forPolicies:
				err = refused(w, w.steps.CreateAccessPolicy, w.policy(provider))
			default:
				err = refused(w, w.steps.RegisterIdentityProvider, w.provider(app))
			}
			kind := test.kind
			if kind == "" {
				kind = typeOf(err)
			}
			if told := wantFailure(t, err, kind, false); !strings.Contains(told.Advice, test.advice) || test.advice == "" && told.Advice != "" || told.Lost {
				t.Errorf("the run is told %+v, want advice %q", told.Detail, test.advice)
			}
		})
	}
}

// TestFail_AnswerOfAnUnexpectedForm is for good, and whether it was done isn't known.
func TestFail_AnswerOfAnUnexpectedForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.memory(w.createApp().Want.ID, "idp-0001", "policy-0001")
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Path: "/api/v1/apps/" + move.Have.ID, Status: 200, Body: `{"label":"no settings"}`})
	if told := wantFailure(t, refused(w, w.steps.WriteMemory, move), "Unexpected", false); !told.Lost || !strings.Contains(told.Message, "it has no OAuth 2.0 settings") {
		t.Errorf("the run is told %+v", told.Detail)
	}
}

// TestFail_CreatedWithoutAnID is asked again: the client id finds what was made.
func TestFail_CreatedWithoutAnID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.okta.Inject(kit.Fault{Kind: kit.KindStatusAfter, Method: http.MethodPost, Status: 201, Body: `{"label":"no id"}`, Count: 1})
	err := refused(w, w.steps.CreateOktaApp, w.app())
	if told := wantFailure(t, err, typeOf(err), true); !told.Lost || !strings.Contains(told.Message, "without an id") {
		t.Errorf("the run is told %+v", told.Detail)
	}
	made := must(w, w.steps.CreateOktaApp, w.app(), again(2, time.Second))
	wantIDs(t, "apps", w.apps(), made.ID)
}

// TestFail_LaterAttempt_MayHaveBeenCarriedOutBefore although the refusal itself is clear.
func TestFail_LaterAttempt_MayHaveBeenCarriedOutBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: 403})
	for number, want := range map[int32]bool{1: false, 2: true} {
		if told := wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app(), again(number)), "okta.forbidden", false); told.Lost != want || told.Attempt != int(number) {
			t.Errorf("at attempt %d the run is told %+v", number, told.Detail)
		}
	}
}

// TestLookAgain_OftenAtFirst, later at longer intervals, and never past the time when nothing can come any more.
func TestLookAgain_OftenAtFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, test := range map[string]struct {
		ago    []time.Duration
		waited time.Duration
		want   time.Duration
	}{
		"just asked":                 {[]time.Duration{0}, 0, late / 60},
		"a while ago":                {[]time.Duration{20 * time.Second}, 20 * time.Second, 5 * time.Second},
		"nearly over":                {[]time.Duration{56 * time.Second}, 56 * time.Second, 4 * time.Second},
		"the latest counts":          {[]time.Duration{late, 52 * time.Second}, time.Minute, 8 * time.Second},
		"says a clock an hour ahead": {[]time.Duration{-time.Hour}, 0, late / 60},
	} {
		move := w.app()
		move.Uncertain = lost(test.ago...)
		told := wantFailure(t, refused(w, w.steps.RevertOktaApp, move, func(a *attempt) { a.waited = test.waited }), "AnswerLost", true)
		if off := test.want - told.delay; off < -2*time.Second || off > 2*time.Second || told.delay < late/60 {
			t.Errorf("%s: it looks again after %s, want %s", name, told.delay, test.want)
		}
		if !told.Lost || len(told.Until) != len(test.ago) || !strings.Contains(told.Message, "looking for it until 12:0") {
			t.Errorf("%s: the run is told %+v", name, told.Detail)
		}
	}
}

// TestFail_LedToAnotherHost is for good, names the host, and may have been carried out.
func TestFail_LedToAnotherHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: 307, Headers: map[string]string{"Location": "https://portal.example/sign-in"}})
	told := wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app()), "okta.misdirected", false)
	if !strings.Contains(told.Message, "portal.example") || !strings.Contains(told.Advice, "whether a proxy stands between") || !told.Lost {
		t.Errorf("the run is told %+v", told.Detail)
	}
}

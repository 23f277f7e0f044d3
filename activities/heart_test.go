package activities_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// TestHeart_AttemptIsNoLongerThisWorkers_NothingIsUntil: a machine may have been paused while another took the step over.
func TestHeart_AttemptIsNoLongerThisWorkers_NothingIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, provider := w.register()
	before := len(changesIn(w.okta)) + len(changesIn(w.cf))
	server := &fakeServer{refuses: map[string]error{"heartbeat": serviceerror.NewNotFound("invalid activityID or activity already timed out")}}
	for kind, step := range map[string]func() error{
		"okta":       func() error { return refused(w, w.steps.CreateOktaApp, w.app(), answeredBy(server)) },
		"cloudflare": func() error { return refused(w, w.steps.CreateAccessPolicy, w.policy(provider), answeredBy(server)) },
	} {
		told := wantFailure(t, step(), kind+".withheld", true)
		if told.Lost || told.Until != nil || !strings.Contains(told.Message, "still this worker's") {
			t.Errorf("the run is told %+v", told.Detail)
		}
	}
	if asked := len(changesIn(w.okta)) + len(changesIn(w.cf)) - before; asked != 0 {
		t.Errorf("%d changes were asked for", asked)
	}
}

// beat is what a heartbeat says.
type beat = map[string]any

// TestHeart_EveryChange_IsNotedBeforehand, with Temporal's answer awaited, and taken out again when its answer came.
func TestHeart_EveryChange_IsNotedBeforehand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := &fakeServer{}
	w.okta.Inject(kit.Fault{Kind: kit.KindHand, Method: http.MethodPost, Path: createApps, Act: func(*http.Request, *kit.Answer) {
		if asked := server.asked(); len(asked) != 1 || len(asked[0]) != 1 || asked[0][0].Before(noon) {
			t.Errorf("when it is asked for, Temporal knows of %v", asked)
		}
	}})
	last := &beats{}
	must(w, w.steps.CreateOktaApp, w.app(), answeredBy(server), last.hear)
	if asked := last.last().Until; len(asked) != 0 {
		t.Errorf("after the answer, %v got none", asked)
	}
	w.okta.ClearFaults()
	drop(w.okta, kit.KindDropBefore, "*/idToken")
	app := w.app()
	app.Want.ID = w.apps()[0]
	refused(w, w.steps.SetGroupsClaim, w.claim(app), answeredBy(server), last.hear, again(2, time.Second))
	if asked := last.last().Until; len(asked) != 2 {
		t.Errorf("after two answers were lost, %v got none", asked)
	}
}

// TestHeart_OfAnEarlierVersion holds a number alone.
// TestHeart_WorkerWasPausedSinceTemporalsWord_NothingIsAsked has a heartbeat time-out that is over before any request can be sent.
func TestHeart_WorkerWasPausedSinceTemporalsWord_NothingIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	paused := func(a *attempt) { a.heartbeat = 2 * time.Nanosecond }
	told := wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app(), paused), "okta.withheld", true)
	if !strings.Contains(told.Message, "this worker was paused") || told.Lost {
		t.Errorf("it says %+v", told.Detail)
	}
	w.createApp()
}

func TestHeart_OfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if made := must(w, w.steps.CreateOktaApp, w.app(), func(a *attempt) { a.left = 3 }); made.Until != nil {
		t.Errorf("made %+v", made)
	}
}

// TestHeart_WithoutAClient: a test's worker has none, and nobody else can have the attempt.
func TestHeart_WithoutAClient(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w, w.steps.CreateOktaApp, w.app(), func(a *attempt) { a.server = nil })
}

// TestHeart_Beats while the step is at work, as often as its heartbeat time-out needs.
func TestHeart_Beats(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	heard, count := make(chan struct{}), 0
	w.okta.Inject(kit.Fault{Kind: kit.KindHand, Path: "/api/v1/apps", Count: 1, Act: func(*http.Request, *kit.Answer) {
		select {
		case <-heard:
		case <-time.After(10 * time.Second):
			t.Error("there is no heartbeat")
		}
	}})
	w.survey(func(a *attempt) {
		a.heartbeat = 40 * time.Millisecond
		a.beats = func(any) {
			if count++; count == 3 {
				close(heard)
			}
		}
	})
}

// TestHeart_Cancelled_NothingMoreIsAsked, and what the run is told says what got no answer.
func TestHeart_Cancelled_NothingMoreIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := refused(w, w.steps.CreateOktaApp, w.app(), within(ctx), again(2, time.Second))
	var cancelled *temporal.CanceledError
	var told activities.Detail
	if !errors.As(err, &cancelled) || cancelled.Details(&told) != nil || !told.Lost || len(told.Until) != 1 || told.Attempt != 2 {
		t.Errorf("the step ended with %v, and tells %+v", err, told)
	}
	wantIDs(t, "apps", w.apps())
}

// TestHeart_CancelledMeanwhile_TheAnswerCounts: a change is never cut short, it would be carried out all the same.
func TestHeart_CancelledMeanwhile_TheAnswerCounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.okta.Inject(kit.Fault{Kind: kit.KindHand, Method: http.MethodPost, Path: createApps, Act: func(*http.Request, *kit.Answer) { cancel() }})
	made := must(w, w.steps.CreateOktaApp, w.app(), within(ctx))
	wantIDs(t, "apps", w.apps(), made.ID)
}

func within(ctx context.Context) func(*attempt) { return func(a *attempt) { a.ctx = ctx } }

// beats hear what the SDK is given to send.
type beats struct {
	mutex sync.Mutex
	heard []any
}

func (b *beats) hear(a *attempt) {
	a.beats = func(details any) {
		b.mutex.Lock()
		defer b.mutex.Unlock()
		b.heard = append(b.heard, details)
	}
}

func (b *beats) last() read {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if len(b.heard) == 0 {
		return read{}
	}
	return readBeat(b.heard[len(b.heard)-1])
}

// TestTell_OfRetries_OnceEach: the attempt that failed tells, or where it could not, the next one.
func TestTell_OfRetries_OnceEach(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: 503, Count: 2})
	server, heard := &fakeServer{}, &beats{}
	refused(w, w.steps.CreateOktaApp, w.app(), answeredBy(server), heard.hear)
	if len(server.told) != 1 || server.told[0].Attempt != 2 || server.told[0].Step != "Step" || !strings.Contains(server.told[0].LastError, "answered 503") {
		t.Errorf("the run is told %+v", server.told)
	}
	if heard.last().Told != 1 {
		t.Errorf("the next attempt is left %+v", heard.last())
	}
	must(w, w.steps.SetGroupsClaim, w.claim(w.createAppDespite(1)), answeredBy(server), func(a *attempt) { a.number, a.left = 2, beat{"told": 1} })
	if len(server.told) != 1 {
		t.Errorf("the run is told again: %+v", server.told)
	}
	app := w.app()
	app.Want.ID = w.apps()[0]
	must(w, w.steps.SetGroupsClaim, w.claim(app), answeredBy(server), again(3)) // the one before died
	if len(server.told) != 2 || server.told[1].Attempt != 3 || server.told[1].LastError != "" {
		t.Errorf("the run is told %+v", server.told)
	}
}

// createAppDespite creates the app after so many failures.
func (w *world) createAppDespite(failures int) activities.AppMove {
	for range failures {
		refused(w, w.steps.CreateOktaApp, w.app())
	}
	return w.createApp()
}

// TestTell_Nothing where none follows, where the history is long, or where the signal doesn't arrive; the step fails all the same.
func TestTell_Nothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		server *fakeServer
		status int
	}{
		"for good":               {&fakeServer{}, 403},
		"the history is long":    {&fakeServer{length: 10_001}, 503},
		"the signal is refused":  {&fakeServer{refuses: map[string]error{"signal": errors.New("no")}}, 503},
		"the run isn't there":    {&fakeServer{refuses: map[string]error{"describe": errors.New("no")}}, 503},
		"the history is as long": {&fakeServer{length: 10_000}, 503},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, heard := newWorld(t), &beats{}
			w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: test.status})
			refused(w, w.steps.CreateOktaApp, w.app(), answeredBy(test.server), heard.hear)
			want := 0
			if name == "the history is as long" {
				want = 1
			}
			if len(test.server.told) != want || heard.last().Told != int32(want) {
				t.Errorf("the run is told %+v, the next attempt %+v", test.server.told, heard.last())
			}
		})
	}
}

// TestFail_Untrusted says what to do: nothing was sent.
func TestFail_Untrusted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	client, err := okta.New(w.org.URL(), secret.New("00token"), transport.Options{})
	if err != nil {
		t.Fatal(err)
	}
	w.steps.Orgs["acme"] = client
	if told := wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app()), "okta.untrusted", false); !strings.Contains(told.Advice, "ca_file") {
		t.Errorf("the advice is %q", told.Advice)
	}
}

// TestHeart_HowLongAFailedChangeMayTurnUp: one that was cut may be carried out later; one that the provider itself answered is over, and
// lists may be behind at the most.
func TestHeart_HowLongAFailedChangeMayTurnUp(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault kit.Fault
		want  time.Duration
	}{
		"cut":                 {kit.Fault{Kind: kit.KindDropBefore}, window},
		"not in time":         {kit.Fault{Kind: kit.KindLate, Delay: kit.Duration(3 * time.Second)}, window},
		"a gateway's answer":  {kit.Fault{Kind: kit.KindStatus, Status: 502, Body: `{"errorCode":"E0000009"}`}, window},
		"an answer of no one": {kit.Fault{Kind: kit.KindStatus, Status: 503, Body: `{}`}, window},
		"Okta's answer":       {kit.Fault{Kind: kit.KindStatus, Status: 500, Body: `{"errorCode":"E0000009"}`}, lag},
		"a rate limit":        {kit.Fault{Kind: kit.KindStatus, Status: 429, Body: `{"errorCode":"E0000047"}`}, 0},
		"a refusal":           {kit.Fault{Kind: kit.KindStatus, Status: 403, Body: `{"errorCode":"E0000006"}`}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(s *setup) { s.options.Timeout = time.Second })
			if name != "not in time" {
				w = newWorld(t)
			}
			test.fault.Method, test.fault.Path, test.fault.Count = http.MethodPost, createApps, 1
			w.okta.Inject(test.fault)
			err, heard := error(nil), &beats{}
			err = refused(w, w.steps.CreateOktaApp, w.app(), heard.hear)
			until := heard.last().Until
			if test.want == 0 {
				if len(until) != 0 {
					t.Errorf("it may turn up until %v", until)
				}
				return
			}
			if len(until) != 1 || until[0].Before(noon.Add(test.want)) || until[0].After(noon.Add(test.want+8*time.Second)) {
				t.Errorf("it may turn up until %v, want some %s after noon", until, test.want)
			}
			if told := wantFailure(t, err, typeOf(err), true); !told.Lost || len(told.Until) != 1 {
				t.Errorf("the run is told %+v", told.Detail)
			}
		})
	}
}

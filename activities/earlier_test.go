package activities_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

const (
	completed  = enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED
	failed     = enumspb.WORKFLOW_EXECUTION_STATUS_FAILED
	cancelled  = enumspb.WORKFLOW_EXECUTION_STATUS_CANCELED
	terminated = enumspb.WORKFLOW_EXECUTION_STATUS_TERMINATED
	timedOut   = enumspb.WORKFLOW_EXECUTION_STATUS_TIMED_OUT
	running    = enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
)

var applicationSeed = cloudflare.Application{Name: "Other", Domain: "other.acme.example"}

// TestSurvey_RunBefore tells of an app that no list shows.
func TestSurvey_RunBefore_IsAHint(t *testing.T) {
	t.Parallel()
	other := earlier{id: "run0", status: completed}
	for name, test := range map[string]struct {
		runs  func(result connection.Result) []earlier
		found bool
	}{
		"connected": {func(r connection.Result) []earlier { return []earlier{{id: "run0", status: completed, result: r}} }, true},
		"this run is none": {func(r connection.Result) []earlier {
			return []earlier{{id: "this", status: running}, {id: "run0", status: completed, result: r}}
		}, true},
		"one that was never begun doesn't": {func(r connection.Result) []earlier {
			return []earlier{{id: "untaken", status: terminated, closed: noon, untaken: true}, {id: "run0", status: completed, result: r}}
		}, true},
		"the newest counts": {func(r connection.Result) []earlier {
			return []earlier{other, {id: "old", status: completed, result: r}}
		}, false},
		"forgotten ones don't": {func(r connection.Result) []earlier {
			return []earlier{{id: "gone", forgotten: true}, {id: "run0", status: completed, result: r}}
		}, true},
		"one that is still open": {func(r connection.Result) []earlier { return []earlier{{id: "run0", status: running, result: r}} }, false},
		"rolled back": {func(r connection.Result) []earlier {
			return []earlier{{id: "run0", status: failed, err: temporal.NewNonRetryableApplicationError("x", connection.ErrorRolledBack, nil, r)}}
		}, true},
		"failed without a word": {func(connection.Result) []earlier {
			return []earlier{{id: "run0", status: failed, err: errors.New("panic")}}
		}, false},
		"cancelled": {func(r connection.Result) []earlier {
			return []earlier{{id: "run0", status: cancelled, err: temporal.NewCanceledError(r)}}
		}, true},
		"cancelled at once": {func(connection.Result) []earlier {
			return []earlier{{id: "run0", status: cancelled, err: temporal.NewCanceledError()}}
		}, false},
		"none": {func(connection.Result) []earlier { return nil }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.okta.Inject(kit.Fault{Kind: kit.KindLag, Path: "/api/v1/apps", Delay: forever})
			result := connection.Result{AppID: w.createApp().Want.ID}
			state := w.survey(answeredBy(&fakeServer{runs: test.runs(result)}))
			if found := state.App != nil; found != test.found {
				t.Errorf("found: %v, want %v", found, test.found)
			}
		})
	}
}

// TestSurvey_RunBeforeThatMayStillHaveSomethingCarriedOut_IsWaitedFor: what is found now would not be what there is.
func TestSurvey_RunBeforeThatMayStillHaveSomethingCarriedOut_IsWaitedFor(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) *time.Time { return new(noon.Add(window - d)) }
	for name, test := range map[string]struct {
		before earlier
		wait   time.Duration
	}{
		"terminated just now":            {earlier{status: terminated, closed: noon}, window},
		"terminated a while ago":         {earlier{status: terminated, closed: noon.Add(-window / 4)}, window * 3 / 4},
		"terminated long ago":            {earlier{status: terminated, closed: noon.Add(-window)}, 0},
		"terminated, says another clock": {earlier{status: terminated, closed: noon.Add(time.Hour)}, window},
		"never begun":                    {earlier{status: terminated, closed: noon, untaken: true}, 0},
		"never begun, out of time":       {earlier{status: timedOut, closed: noon, untaken: true}, 0},
		"never begun after a reset":      {earlier{status: terminated, closed: noon, untaken: true, resetFrom: "run00"}, window},
		"out of time":                    {earlier{status: timedOut, closed: noon}, window},
		"an answer lost":                 {earlier{status: completed, closed: noon, result: connection.Result{UnsettledUntil: ago(window / 4)}}, window * 3 / 4},
		"an answer lost, says another clock": {
			earlier{status: completed, closed: noon, result: connection.Result{UnsettledUntil: ago(-time.Hour)}}, window,
		},
		"an answer lost long ago": {earlier{status: completed, closed: noon, result: connection.Result{UnsettledUntil: ago(window)}}, 0},
		"nothing lost":            {earlier{status: completed, closed: noon}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			test.before.id = "run0"
			server := answeredBy(&fakeServer{runs: []earlier{test.before}})
			if test.wait == 0 {
				w.survey(server)
				return
			}
			told := wantFailure(t, refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}, server), "Unsettled", true)
			if over := test.wait - told.delay; over < 0 || over > 10*time.Second || !strings.Contains(told.Message, "waiting until 12:0") {
				t.Errorf("it waits %s, want %s: %s", told.delay, test.wait, told.Message)
			}
			if asked := len(w.okta.Requests()) + len(w.cf.Requests()); asked != 0 {
				t.Errorf("%d requests were sent", asked)
			}
		})
	}
}

// TestSurvey_RunsCannotBeListed: a worker that may not, or a server without it, goes on without the hint; anything else is repeated.
func TestSurvey_RunsCannotBeListed(t *testing.T) {
	t.Parallel()
	refuses := func(what string, err error) func(*attempt) {
		return answeredBy(&fakeServer{refuses: map[string]error{what: err}, runs: []earlier{{id: "run0", status: completed}}})
	}
	w := newWorld(t)
	unread := &fakeServer{refuses: map[string]error{"history": serviceerror.NewUnavailable("away")}, runs: []earlier{{id: "run0", status: terminated, closed: noon, untaken: true}}}
	wantFailure(t, refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}, answeredBy(unread)), "Unsettled", true)
	w.survey(refuses("list", serviceerror.NewPermissionDenied("no", "")))
	w.survey(refuses("list", serviceerror.NewUnimplemented("no")))
	for what, words := range map[string]string{"list": "list the earlier runs", "describe": "read the earlier run run0"} {
		err := refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}, refuses(what, serviceerror.NewUnavailable("away")))
		var told *temporal.ApplicationError
		if !errors.As(err, &told) || told.NonRetryable() || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", what, err)
		}
	}
	w.survey(func(a *attempt) { a.server = nil }) // a worker in a test has no client
}

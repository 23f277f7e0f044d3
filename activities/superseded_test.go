package activities_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	enumspb "go.temporal.io/api/enums/v1"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// wasReset is the fence of a run that was reset: it has the ID that the run had before.
func (w *world) wasReset() activities.Fence {
	fence := w.fence
	fence.Run = "original"
	return fence
}

// after and before are when another run began.
func after(d time.Duration) time.Time  { return noon.Add(d) }
func before(d time.Duration) time.Time { return noon.Add(-d) }

// TestSuperseded_ARunThatWasResetAfterAnotherBegan_AsksNothing, in no step: what it surveyed is long gone.
func TestSuperseded_ARunThatWasResetAfterAnotherBegan_AsksNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server := &fakeServer{runs: []earlier{{id: "later", began: after(time.Second)}, {id: "original", began: noon, resetTo: "this"}}}
	for name, step := range w.everyStep(w.wasReset(), answeredBy(server)) {
		if told := wantFailure(t, step(), connection.ErrorSuperseded, false); !told.Superseded || told.Advice == "" {
			t.Errorf("%s: the run is told %+v", name, told.Detail)
		}
	}
	if asked := len(w.okta.Requests()) + len(w.cf.Requests()); asked != 0 {
		t.Errorf("%d requests were sent", asked)
	}
}

func TestSuperseded_ByLaterRunsAlone(t *testing.T) {
	t.Parallel()
	original := earlier{id: "original", began: noon, resetTo: "this"}
	for name, test := range map[string]struct {
		runs       []earlier
		superseded bool
	}{
		"no other":                           {[]earlier{{id: "this", began: after(time.Hour)}, original}, false},
		"a later run":                        {[]earlier{{id: "later", began: after(time.Second)}, original}, true},
		"an earlier run":                     {[]earlier{original, {id: "older", began: before(time.Hour)}}, false},
		"one that began with it":             {[]earlier{{id: "twin", began: noon}, original}, false},
		"this run was reset before":          {[]earlier{{id: "this"}, {id: "between", began: after(time.Second), resetTo: "this"}, {id: "original", began: noon, resetTo: "between"}}, false},
		"twice before":                       {[]earlier{{id: "2", began: after(2), resetTo: "this"}, {id: "1", began: after(1), resetTo: "2"}, {id: "original", resetTo: "1"}}, false},
		"a later run that was reset as well": {[]earlier{{id: "later's", began: after(2)}, {id: "later", began: after(1), resetTo: "later's"}, original}, true},
		"resets in a circle":                 {[]earlier{{id: "a", began: after(1), resetTo: "b"}, {id: "b", began: before(1), resetTo: "a"}}, true},
		"a later run that is forgotten":      {[]earlier{{id: "gone", began: after(time.Second), forgotten: true}, original}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			move := w.app()
			move.Fence = w.wasReset()
			_, err := try(w, w.steps.CreateOktaApp, move, answeredBy(&fakeServer{runs: test.runs, began: after(time.Hour)}))
			if superseded := typeOf(err) == connection.ErrorSuperseded; superseded != test.superseded || !superseded && err != nil {
				t.Errorf("the step ended with %v", err)
			}
		})
	}
}

// TestSuperseded_NotReset: one run of a connection is open at a time, so that nothing is asked.
func TestSuperseded_NotReset(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must(w, w.steps.CreateOktaApp, w.app(), answeredBy(&fakeServer{runs: []earlier{{id: "later", began: after(time.Second)}}}))
}

// TestSuperseded_RunsCannotBeRead is tried again; a worker that may not list them goes on, and looks at the memory alone.
func TestSuperseded_RunsCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.app()
	move.Fence = w.wasReset()
	for what, err := range map[string]error{"list": serviceerror.NewUnavailable("away"), "describe": serviceerror.NewUnavailable("away")} {
		server := answeredBy(&fakeServer{refuses: map[string]error{what: err}, runs: []earlier{{id: "later"}}})
		var told *temporal.ApplicationError
		if failed := refused(w, w.steps.CreateOktaApp, move, server); !errors.As(failed, &told) || told.NonRetryable() {
			t.Errorf("%s: the step ended with %v", what, failed)
		}
	}
	wantIDs(t, "apps", w.apps())
	must(w, w.steps.CreateOktaApp, move, answeredBy(&fakeServer{refuses: map[string]error{"list": serviceerror.NewPermissionDenied("no", "")}, runs: []earlier{{id: "later", began: after(1)}}}))
}

// TestSuperseded_ByTheMemorysWriter: Temporal may have forgotten the later run, which the app remembers.
func TestSuperseded_ByTheMemorysWriter(t *testing.T) {
	t.Parallel()
	const ours, theirs = "accessbridge-acme-1", "accessbridge-globex-1"
	for name, test := range map[string]struct {
		clientID, connection string
		memory               *planner.Memory
		superseded           bool
	}{
		"a later run":                     {ours, "acme", &planner.Memory{Run: "later", Started: after(time.Second)}, true},
		"a later run, profile half taken": {ours, "", nil, false},
		"a later run, in an adopted app":  {"0oatheirs", "acme", &planner.Memory{Run: "later", Started: after(time.Second)}, true},
		"an earlier run":                  {ours, "acme", &planner.Memory{Run: "older", Started: before(time.Second)}, false},
		"the run itself":                  {ours, "acme", &planner.Memory{Run: "original", Started: after(time.Second)}, false},
		"a later run of another's":        {theirs, "globex", &planner.Memory{Run: "later", Started: after(time.Second)}, false},
		"nothing remembered":              {ours, "acme", nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			app := planner.WantApp(w.spec, w.state(), test.clientID)
			app.Connection, app.Memory = test.connection, test.memory
			made, err := w.steps.Orgs["acme"].CreateApp(t.Context(), app)
			if err != nil {
				t.Fatal(err)
			}
			own := made.ID
			if test.clientID == theirs {
				own = w.createApp().Want.ID
			}
			ref := activities.AppRef{Fence: w.wasReset(), Org: "acme", AppID: own}
			if _, err := try(w, w.steps.ReadClientCredentials, ref); (typeOf(err) == connection.ErrorSuperseded) != test.superseded || !test.superseded && err != nil {
				t.Errorf("the step ended with %v", err)
			}
			must(w, w.steps.ReadClientCredentials, activities.AppRef{Fence: w.fence, Org: "acme", AppID: own}) // one that wasn't reset
		})
	}
}

// TestReset_LooksForWhatItMayHaveAskedFor: nobody knows any more what that was, nor that it was the first attempt.
func TestReset_LooksForWhatItMayHaveAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, provider := w.register()
	move := w.policy(provider)
	id := w.copyPolicy(move.Want)
	move.Fence = w.wasReset()
	found := must(w, w.steps.CreateAccessPolicy, move, answeredBy(&fakeServer{began: noon}))
	if found.ID != id {
		t.Errorf("found %s, there is %s", found.ID, id)
	}
	wantIDs(t, "policies", w.policies(), id)
	w.api.DeletePolicy(accountID, id)
	told := wantFailure(t, refused(w, w.steps.CreateAccessPolicy, move, answeredBy(&fakeServer{began: before(window / 4)})), "AnswerLost", true)
	if len(told.Until) != 1 || !told.Until[0].Equal(before(window/4).Add(window)) {
		t.Errorf("the run is told %+v", told.Detail)
	}
	server := answeredBy(&fakeServer{refuses: map[string]error{"describe": errors.New("away")}})
	if err := refused(w, w.steps.CreateAccessPolicy, move, server); typeOf(err) == "AnswerLost" {
		t.Errorf("when it was reset isn't known, and yet it ends with %v", err)
	}
	must(w, w.steps.CreateAccessPolicy, move, answeredBy(&fakeServer{began: before(window)}))
}

// turnID is the workflow ID of a turn.
const turnID = connection.WorkflowIDPrefix + "application/" + accountID + "/0f0e0d0c-0001"

func TestTurnHolder(t *testing.T) {
	t.Parallel()
	globex := connection.WorkflowID("globex")
	for name, each := range map[string]struct {
		turn    enumspb.WorkflowExecutionStatus
		others  map[string]enumspb.WorkflowExecutionStatus
		refuses string
		want    string
		ended   bool
		fails   bool
	}{
		"its run is open":             {turn: running, others: map[string]enumspb.WorkflowExecutionStatus{globex: running}, want: "globex"},
		"it is over":                  {turn: completed, others: map[string]enumspb.WorkflowExecutionStatus{globex: running}},
		"its run was reset and ended": {turn: running, others: map[string]enumspb.WorkflowExecutionStatus{globex: completed}, ended: true},
		"its run is forgotten":        {turn: running, ended: true},
		"Temporal can't tell":         {turn: running, others: map[string]enumspb.WorkflowExecutionStatus{globex: running}, refuses: "describe other", fails: true},
		"it can't be ended":           {turn: running, others: map[string]enumspb.WorkflowExecutionStatus{globex: completed}, refuses: "signal", ended: true, fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			server := &fakeServer{runs: []earlier{{id: "of-turn", status: each.turn, parent: globex}}, others: each.others}
			server.newest = map[string]string{turnID: "of-turn"}
			server.refuses = map[string]error{each.refuses: errors.New("away")}
			if each.fails {
				refused(w, w.steps.TurnHolder, turnID, answeredBy(server))
			} else if holder := must(w, w.steps.TurnHolder, turnID, answeredBy(server)); holder != each.want {
				t.Errorf("the turn is of %q, want %q", holder, each.want)
			}
			if ended := slices.Equal(server.ended, []string{"of-turn"}); ended != each.ended {
				t.Errorf("ended: %q, want it ended: %v", server.ended, each.ended)
			}
		})
	}
	w := newWorld(t)
	refused(w, w.steps.TurnHolder, turnID, answeredBy(&fakeServer{}))
}

package activities_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// TestRevertOktaApp_DeletesWhatTheRunMadeAlone: by the id that a create answered with, or by the client id that only a run of the
// connection gives together with this run's mark.
func TestRevertOktaApp_DeletesWhatTheRunMadeAlone(t *testing.T) {
	t.Parallel()
	const ours, theirs = "accessbridge-acme-1", "accessbridge-globex-1"
	mine, others := &planner.Memory{Run: "this"}, &planner.Memory{Run: "run0"}
	for name, test := range map[string]struct {
		clientID string
		memory   *planner.Memory
		known    bool // the create answered with the id
		byRun    string
		deleted  bool
	}{
		"by its id":                           {ours, mine, true, "this", true},
		"by its id, whatever it remembers":    {ours, others, true, "this", true},
		"by client id and run":                {ours, mine, false, "this", true},
		"of a later generation":               {"accessbridge-acme-2", mine, false, "this", true},
		"profile taken away":                  {ours, nil, false, "this", true},
		"another run's":                       {ours, others, false, "this", false},
		"another client id with our mark":     {theirs, mine, false, "this", false},
		"another client id, profile taken":    {theirs, nil, false, "this", false},
		"by an earlier version":               {ours, nil, false, "", true},
		"by an earlier version, another's":    {theirs, nil, false, "", false},
		"by an earlier version, a later mark": {ours, others, false, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.copyApp(test.clientID, test.memory)
			move := w.app()
			move.Fence.Run, move.Uncertain = test.byRun, lost(2*late)
			if test.known {
				move.Want.ID = id
			}
			if left := must(w, w.steps.RevertOktaApp, move); left.Left != nil {
				t.Errorf("left %q", left.Left)
			}
			if deleted := len(w.apps()) == 0; deleted != test.deleted {
				t.Errorf("deleted: %v, want %v", deleted, test.deleted)
			}
		})
	}
}

func TestRevertOktaApp_Inactive_IsDeletedToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.createApp()
	if err := w.org.SetAppStatus(move.Want.ID, "INACTIVE"); err != nil {
		t.Fatal(err)
	}
	must(w, w.steps.RevertOktaApp, move)
	wantIDs(t, "apps", w.apps())
	must(w, w.steps.RevertOktaApp, move) // it can be repeated
}

// TestRevertOktaApp_AnswerLost_LooksUntilNothingCanComeAnyMore, and deletes at once what it finds.
func TestRevertOktaApp_AnswerLost_LooksUntilNothingCanComeAnyMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.app()
	move.Uncertain = lost(time.Second)
	wantFailure(t, refused(w, w.steps.RevertOktaApp, move), "AnswerLost", true)
	id := w.copyApp("accessbridge-acme-1", &planner.Memory{Run: "this"})
	wantIDs(t, "apps", w.apps(), id)
	must(w, w.steps.RevertOktaApp, move)
	wantIDs(t, "apps", w.apps())
	move.Uncertain = lost(late)
	must(w, w.steps.RevertOktaApp, move)
}

func TestRevertOktaApp_TwoAnswersLost_OneFound_LooksForTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.copyApp("accessbridge-acme-1", &planner.Memory{Run: "this"})
	move := w.app()
	move.Uncertain = lost(time.Second, 2*time.Second)
	wantFailure(t, refused(w, w.steps.RevertOktaApp, move), "AnswerLost", true)
	wantIDs(t, "apps", w.apps())
}

func TestRevertOktaApp_Existing_IsPutBack(t *testing.T) {
	t.Parallel()
	type hand = func(w *world, id string) error
	none := func(*world, string) error { return nil }
	for name, test := range map[string]struct {
		hand  hand
		left  string
		label string
	}{
		"nobody else touched it": {none, "", "Before"},
		"renamed since":          {func(w *world, id string) error { return w.org.RenameApp(id, "Theirs") }, "the label of Okta app", "Theirs"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.createApp().Want.ID
			if err := errors.Join(w.org.RenameApp(id, "Before"), w.org.SetAppStatus(id, "INACTIVE")); err != nil {
				t.Fatal(err)
			}
			have := w.theApp(id).App
			move := activities.AppMove{Fence: w.fence, Org: "acme", Have: &have, Want: have}
			move.Want.Label, move.Want.Status = "Given", planner.AppActive
			must(w, w.steps.CreateOktaApp, move)
			if err := test.hand(w, id); err != nil {
				t.Fatal(err)
			}
			reverted := must(w, w.steps.RevertOktaApp, move)
			if test.left != "" {
				wantLeft(t, reverted, test.left)
			} else if reverted.Left != nil {
				t.Errorf("left %q", reverted.Left)
			}
			if now := w.theApp(id); now.Label != test.label || now.Status != "INACTIVE" {
				t.Errorf("the app is %+v", now)
			}
			move.Uncertain = lost(time.Second) // a request whose answer was lost can undo the undoing
			wantFailure(t, refused(w, w.steps.RevertOktaApp, move), "AnswerLost", true)
		})
	}
}

func TestRevertOktaApp_DeletedByOthers_IsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	have := w.theApp(w.createApp().Want.ID).App
	if err := w.org.DeleteApp(have.ID); err != nil {
		t.Fatal(err)
	}
	reverted := must(w, w.steps.RevertOktaApp, activities.AppMove{Fence: w.fence, Org: "acme", Have: &have, Want: have})
	wantLeft(t, reverted, `Okta app "Cloudflare Access" was deleted by someone else since`)
}

// TestRevertOktaApp_DeletedMeanwhile_IsNoFailure: between the look and the deactivation.
func TestRevertOktaApp_DeletedMeanwhile_IsNoFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.createApp()
	w.okta.Inject(kit.Fault{Kind: kit.KindHand, Method: http.MethodPost, Path: "*/lifecycle/deactivate", Act: func(*http.Request, *kit.Answer) {
		if err := w.org.DeleteApp(move.Want.ID); err != nil {
			t.Error(err)
		}
	}})
	must(w, w.steps.RevertOktaApp, move)
	wantIDs(t, "apps", w.apps())
}

// TestRevertOktaApp_ActivatedMeanwhile_IsTriedAgain: Okta refuses to delete an active app.
func TestRevertOktaApp_ActivatedMeanwhile_IsTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.createApp()
	w.okta.Inject(kit.Fault{Kind: kit.KindHand, Method: http.MethodDelete, Count: 1, Act: func(*http.Request, *kit.Answer) {
		if err := w.org.SetAppStatus(move.Want.ID, "ACTIVE"); err != nil {
			t.Error(err)
		}
	}})
	wantFailure(t, refused(w, w.steps.RevertOktaApp, move), "okta.forbidden", true)
	must(w, w.steps.RevertOktaApp, move, again(2))
	wantIDs(t, "apps", w.apps())
}

// TestRevertOktaApp_ClientIDIsChecked before an app is deleted: the id alone may be of any app, where an answer was mixed up.
func TestRevertOktaApp_ClientIDIsChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	theirs := w.copyApp("accessbridge-globex-1", nil)
	move := w.app()
	move.Want.ID = theirs
	must(w, w.steps.RevertOktaApp, move)
	wantIDs(t, "apps", w.apps(), theirs)
}

// TestRevertOktaApp_NoAnswerLost_DeletesOneAlone, whatever another one's profile tells.
func TestRevertOktaApp_NoAnswerLost_DeletesOneAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.createApp()
	copied := w.copyApp("accessbridge-acme-2", &planner.Memory{Run: w.fence.Run})
	must(w, w.steps.RevertOktaApp, move)
	wantIDs(t, "apps", w.apps(), copied)
}

func TestRevertOktaApp_InactiveBefore_IsDeactivatedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	have := w.theApp(w.createApp().Want.ID).App
	move := activities.AppMove{Fence: w.fence, Org: "acme", Have: &have, Want: have}
	have.Status = "INACTIVE"
	must(w, w.steps.RevertOktaApp, move)
	if now := w.theApp(have.ID); now.Status != "INACTIVE" {
		t.Errorf("the app is %s", now.Status)
	}
}

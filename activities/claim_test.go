package activities_test

import (
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// claim is the move that sets the claim of an app.
func (w *world) claim(app activities.AppMove) activities.ClaimMove {
	return activities.ClaimMove{Fence: w.fence, Org: "acme", AppID: app.Want.ID, IssuerMode: "ORG_URL", Want: app.Want.Claim}
}

// theClaim is the claim as it is at Okta.
func (w *world) theClaim(appID string) *planner.Claim {
	w.t.Helper()
	claim, err := w.steps.Orgs["acme"].Claim(w.t.Context(), appID)
	if err != nil {
		w.t.Fatal(err)
	}
	return claim
}

func TestSetGroupsClaim_AndBack(t *testing.T) {
	t.Parallel()
	type by = func(w *world, appID string) error
	untouched := func(*world, string) error { return nil }
	starts := &planner.Claim{Name: "groups", ValueType: "GROUPS", Filter: "STARTS_WITH", Value: "x"}
	for name, test := range map[string]struct {
		have *planner.Claim
		hand by
		want *planner.Claim
		left string
	}{
		"none before":         {nil, untouched, nil, ""},
		"another before":      {starts, untouched, starts, ""},
		"taken away since":    {starts, func(w *world, id string) error { return w.org.SetGroupsClaim(id, "", "") }, nil, "the setting of groups claim"},
		"changed since":       {nil, func(w *world, id string) error { return w.org.SetGroupsClaim(id, "STARTS_WITH", "x") }, starts, "the setting of groups claim"},
		"put back by someone": {starts, func(w *world, id string) error { return w.org.SetGroupsClaim(id, "STARTS_WITH", "x") }, starts, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			move := w.claim(w.createApp())
			move.Have = test.have
			must(w, w.steps.SetGroupsClaim, move)
			if now := w.theClaim(move.AppID); !planner.SameClaim(now, move.Want) {
				t.Errorf("the claim is %+v", now)
			}
			if err := test.hand(w, move.AppID); err != nil {
				t.Fatal(err)
			}
			reverted := must(w, w.steps.RevertGroupsClaim, move)
			if test.left != "" {
				wantLeft(t, reverted, test.left)
			} else if reverted.Left != nil {
				t.Errorf("left %q", reverted.Left)
			}
			if now := w.theClaim(move.AppID); !planner.SameClaim(now, test.want) {
				t.Errorf("the claim is %+v, want %+v", now, test.want)
			}
			before := len(changesIn(w.okta))
			must(w, w.steps.RevertGroupsClaim, move)
			if changes := changesIn(w.okta)[before:]; len(changes) > 0 {
				t.Errorf("a second undoing changes %v", changes)
			}
			move.Uncertain = lost(time.Second)
			wantFailure(t, refused(w, w.steps.RevertGroupsClaim, move), "AnswerLost", true)
		})
	}
}

func TestRevertGroupsClaim_AppDeletedByOthers_IsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.claim(w.createApp())
	if err := w.org.DeleteApp(move.AppID); err != nil {
		t.Fatal(err)
	}
	wantLeft(t, must(w, w.steps.RevertGroupsClaim, move), `groups claim "groups" was deleted by someone else since`)
}

// TestSetGroupsClaim_AppNotSeenYet: what was created moments ago may be unknown for some time, and no longer than lists may be behind.
func TestSetGroupsClaim_AppNotSeenYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.claim(w.createApp())
	move.AppID = "0oaunknown"
	wantFailure(t, refused(w, w.steps.SetGroupsClaim, move), "okta.not_found", true)
	wantFailure(t, refused(w, w.steps.SetGroupsClaim, move, func(a *attempt) { a.number, a.waited = 6, lag/2 }), "okta.not_found", true)
	wantFailure(t, refused(w, w.steps.SetGroupsClaim, move, func(a *attempt) { a.number, a.waited = 5, 2*lag }), "okta.not_found", true)
	wantFailure(t, refused(w, w.steps.SetGroupsClaim, move, settledAgain), "okta.not_found", false)
}

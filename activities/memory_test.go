package activities_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// memory is the move that has an app remember the connection.
func (w *world) memory(appID, identityProviderID, policyID string) activities.MemoryMove {
	have := w.theApp(appID).App
	have.Memory = nil // as surveyed: there was none
	state := w.state()
	state.Named = []planner.FoundApplication{{Entry: "wiki.acme.example", IDs: []string{"wiki-app"}}}
	return activities.MemoryMove{
		Fence: w.fence, Org: "acme", Have: have,
		Want: planner.WantMemory(w.spec, state, have, identityProviderID, policyID, planner.HandedSecret{ID: "ocs0001", Hash: "h1"}),
	}
}

func TestWriteMemory_SaysWhoWroteIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.memory(w.createApp().Want.ID, "idp-0001", "policy-0001")
	must(w, w.steps.WriteMemory, move)
	now := w.theApp(move.Have.ID)
	if diff := cmp.Diff([]string{"wiki-app"}, now.Applications); diff != "" {
		t.Errorf("applications (-want +got):\n%s", diff)
	}
	if memory := now.Memory; memory.Run != "this" || !memory.Started.Equal(noon) || memory.IdentityProvider != "idp-0001" || memory.Secret.Hash != "h1" {
		t.Errorf("it remembers %+v", memory)
	}
	if now.Label != move.Have.Label || len(now.RedirectURIs) != 1 {
		t.Errorf("something else of the app was changed: %+v", now)
	}
}

func TestRevertMemory(t *testing.T) {
	t.Parallel()
	const theirs, none = "theirs-01", ""
	remember := func(identityProvider string) func(*world, activities.MemoryMove) {
		return func(w *world, move activities.MemoryMove) {
			app := move.Want
			app.Memory = &planner.Memory{Run: "run2", IdentityProvider: identityProvider}
			if err := w.steps.Orgs["acme"].Remember(w.t.Context(), app, nil); err != nil {
				w.t.Error(err)
			}
		}
	}
	for name, test := range map[string]struct {
		have *planner.Memory
		hand func(*world, activities.MemoryMove)
		want string // the identity provider that it remembers
		left string
	}{
		"none before":         {nil, func(*world, activities.MemoryMove) {}, none, ""},
		"another before":      {&planner.Memory{IdentityProvider: "before-01"}, func(*world, activities.MemoryMove) {}, "before-01", ""},
		"another run's since": {nil, remember(theirs), theirs, "the memory of Okta app"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			move := w.memory(w.createApp().Want.ID, "idp-0001", "policy-0001")
			move.Have.Memory = test.have
			must(w, w.steps.WriteMemory, move)
			test.hand(w, move)
			reverted := must(w, w.steps.RevertMemory, move)
			if test.left != "" {
				wantLeft(t, reverted, test.left)
			} else if reverted.Left != nil {
				t.Errorf("left %q", reverted.Left)
			}
			now := w.theApp(move.Have.ID)
			got := ""
			if now.Memory != nil {
				got = now.Memory.IdentityProvider
			}
			if got != test.want || now.Applications != nil && test.left == "" {
				t.Errorf("it remembers %q and applications %v, want %q", got, now.Applications, test.want)
			}
			before := len(changesIn(w.okta))
			must(w, w.steps.RevertMemory, move)
			if changes := changesIn(w.okta)[before:]; len(changes) > 0 {
				t.Errorf("a second undoing changes %v", changes)
			}
			move.Uncertain = lost(time.Second)
			wantFailure(t, refused(w, w.steps.RevertMemory, move), "AnswerLost", true)
		})
	}
}

func TestRevertMemory_AppDeletedByOthers_IsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.memory(w.createApp().Want.ID, "idp-0001", "policy-0001")
	if err := w.org.DeleteApp(move.Have.ID); err != nil {
		t.Fatal(err)
	}
	wantLeft(t, must(w, w.steps.RevertMemory, move), "was deleted by someone else since")
}

// TestWriteMemory_UpdateOfTheAppWhoseAnswerWasLost_IsWaitedFor: carried out late, it would take away what is written now.
func TestWriteMemory_UpdateOfTheAppWhoseAnswerWasLost_IsWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.memory(w.createApp().Want.ID, "idp-0001", "policy-0001")
	before := len(changesIn(w.okta))
	move.Uncertain = lost(time.Second)
	wantFailure(t, refused(w, w.steps.WriteMemory, move), "AnswerLost", true)
	if changes := changesIn(w.okta)[before:]; len(changes) > 0 {
		t.Errorf("it is written all the same: %v", changes)
	}
	move.Uncertain = lost(late)
	must(w, w.steps.WriteMemory, move)
}

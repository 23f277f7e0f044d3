package activities_test

import (
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

const policiesPath = "*/access/policies"

// copyPolicy makes a policy by hand.
func (w *world) copyPolicy(want planner.AccessPolicy) string {
	w.t.Helper()
	id, err := w.steps.Accounts["acme"].CreatePolicy(w.t.Context(), want)
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// thePolicy is the policy as it is at Cloudflare.
func (w *world) thePolicy(id string) *planner.AccessPolicy {
	w.t.Helper()
	policy, err := w.steps.Accounts["acme"].ReadPolicy(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return policy
}

func TestCreateAccessPolicy_AnswerLost_OneAllTheSame(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, provider := w.register()
	move := w.policy(provider)
	drop(w.cf, kit.KindDropAfter, policiesPath)
	if told := wantFailure(t, refused(w, w.steps.CreateAccessPolicy, move), "cloudflare.disconnected", true); !told.Lost || len(told.Until) != 1 {
		t.Errorf("the run is told %+v", told.Detail)
	}
	found := must(w, w.steps.CreateAccessPolicy, move, again(2, time.Second))
	wantIDs(t, "policies", w.policies(), found.ID)
	if found.Until != nil {
		t.Errorf("something else may turn up: %+v", found)
	}
}

func TestCreateAccessPolicy_AnswerLostAndNothingFound_WaitsBeforeItAsksAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, provider := w.register()
	move := w.policy(provider)
	wantFailure(t, refused(w, w.steps.CreateAccessPolicy, move, again(2, time.Second)), "AnswerLost", true)
	wantIDs(t, "policies", w.policies())
	made := must(w, w.steps.CreateAccessPolicy, move, again(3, late))
	wantIDs(t, "policies", w.policies(), made.ID)
}

// TestCreateAccessPolicy_Duplicates_AreDeletedOnlyAfterALostAnswer, and only those that are to the letter what was asked for.
func TestCreateAccessPolicy_Duplicates_AreDeletedOnlyAfterALostAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, provider := w.register()
	move := w.policy(provider)
	loose := move.Want
	loose.Include = append(loose.Include, planner.EmailDomainRule("example.com"))
	first, theirs, second := w.copyPolicy(move.Want), w.copyPolicy(loose), w.copyPolicy(move.Want)
	made := must(w, w.steps.CreateAccessPolicy, move)
	wantIDs(t, "at the first attempt", w.policies(), first, theirs, second, made.ID)
	found := must(w, w.steps.CreateAccessPolicy, move, again(2, time.Second))
	wantIDs(t, "after a lost answer", w.policies(), found.ID, theirs)
}

// TestCreateAccessPolicy_IdentityProviderNotSeenYet: Cloudflare refuses a rule for one that was created moments ago.
func TestCreateAccessPolicy_IdentityProviderNotSeenYet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, provider := w.register()
	provider.Want.ID = "6f1e4d0c-0000-4000-8000-000000000000"
	move := w.policy(provider)
	wantFailure(t, refused(w, w.steps.CreateAccessPolicy, move), "cloudflare.invalid", true)
	wantFailure(t, refused(w, w.steps.CreateAccessPolicy, move, settledAgain, func(a *attempt) { a.left = map[string]any{"until": times(late)} }), "cloudflare.invalid", false)
}

func TestCreateAccessPolicy_Existing_IsUpdated(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, _, move := w.allow()
	have := move.Want
	move.Have, move.Want.Name = &have, "New"
	if made := must(w, w.steps.CreateAccessPolicy, move, again(2, time.Second)); made.ID != have.ID {
		t.Errorf("made %+v", made)
	}
	wantIDs(t, "policies", w.policies(), have.ID)
	if now := w.thePolicy(have.ID); now.Name != "New" {
		t.Errorf("it is %+v", now)
	}
}

func TestRevertAccessPolicy_DeletesWhatTheRunMadeAlone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lost, known bool
		gone        string
	}{
		"by its id":                    {known: true, gone: "made"},
		"by its id, an answer lost":    {lost: true, known: true, gone: "made duplicate"},
		"an answer lost":               {lost: true, gone: "made duplicate"},
		"no answer lost, nothing made": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, _, move := w.allow()
			loose := move.Want
			loose.Include = append(loose.Include, planner.EmailDomainRule("example.com"))
			ids := map[string]string{"made": move.Want.ID, "duplicate": w.copyPolicy(move.Want), "theirs": w.copyPolicy(loose)}
			if test.lost {
				move.Uncertain = lost(late)
			}
			if !test.known {
				move.Want.ID = ""
			}
			must(w, w.steps.RevertAccessPolicy, move)
			var want []string
			for _, which := range []string{"made", "duplicate", "theirs"} {
				if !strings.Contains(test.gone, which) {
					want = append(want, ids[which])
				}
			}
			wantIDs(t, "policies", w.policies(), want...)
		})
	}
}

func TestRevertAccessPolicy_AnswerLost_LooksForAsManyAsWereAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, provider := w.register()
	move := w.policy(provider)
	move.Uncertain = lost(time.Second)
	wantFailure(t, refused(w, w.steps.RevertAccessPolicy, move), "AnswerLost", true)
	w.copyPolicy(move.Want)
	must(w, w.steps.RevertAccessPolicy, move)
	wantIDs(t, "policies", w.policies())
	w.copyPolicy(move.Want)
	move.Uncertain = lost(time.Second, time.Second/2)
	wantFailure(t, refused(w, w.steps.RevertAccessPolicy, move), "AnswerLost", true)
	wantIDs(t, "policies", w.policies())
}

// TestRevertAccessPolicy_ListStillShowsWhatWasDeleted: it is none of those that were asked for without an answer.
func TestRevertAccessPolicy_ListStillShowsWhatWasDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, _, move := w.allow()
	w.cf.Inject(kit.Fault{Kind: kit.KindLag, Path: policiesPath, Delay: forever, After: []string{kit.AfterDelete}})
	move.Uncertain = lost(time.Second)
	wantFailure(t, refused(w, w.steps.RevertAccessPolicy, move), "AnswerLost", true)
	wantIDs(t, "policies", w.policies())
}

// TestRevertAccessPolicy_InUse_IsWaitedFor a while, and left to a person then.
func TestRevertAccessPolicy_InUse_IsWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, _, move := w.allow()
	w.api.AttachPolicy(accountID, idsOf(w.api.Applications(accountID))[0], move.Want.ID)
	wantFailure(t, refused(w, w.steps.RevertAccessPolicy, move), "cloudflare.conflict", true)
	told := wantFailure(t, refused(w, w.steps.RevertAccessPolicy, move, settledAgain), "cloudflare.conflict", false)
	if !strings.Contains(told.Advice, "still uses it") {
		t.Errorf("the advice is %q", told.Advice)
	}
	wantIDs(t, "policies", w.policies(), move.Want.ID)
}

func TestRevertAccessPolicy_Existing_IsPutBack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hand func(w *world, have planner.AccessPolicy)
		name string
		left string
	}{
		"nobody else touched it": {func(*world, planner.AccessPolicy) {}, "Old", ""},
		"renamed since": {func(w *world, have planner.AccessPolicy) {
			w.api.EditPolicy(accountID, have.ID, func(stored map[string]any) { stored["name"] = "Theirs" })
		}, "Theirs", "the name of Access policy"},
		"deleted since": {func(w *world, have planner.AccessPolicy) { w.api.DeletePolicy(accountID, have.ID) }, "", `Access policy "Old" was deleted by someone else since`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, _, move := w.allow()
			have := move.Want
			have.Name = "Old"
			move.Have, move.Want.Include = &have, []planner.Rule{planner.EmailRule("new@acme.example")}
			must(w, w.steps.CreateAccessPolicy, move)
			test.hand(w, have)
			reverted := must(w, w.steps.RevertAccessPolicy, move)
			if test.left != "" {
				wantLeft(t, reverted, test.left)
			} else if reverted.Left != nil {
				t.Errorf("left %q", reverted.Left)
			}
			if now := w.thePolicy(have.ID); test.name != "" && (now.Name != test.name || !planner.SameRules(now.Include, have.Include)) {
				t.Errorf("it is %+v", now)
			}
		})
	}
}

// TestRevertAccessPolicy_RulesAboutSomethingDeleted_LetNobodyIn, now as before: Cloudflare takes no rule for an identity provider that
// doesn't exist.
func TestRevertAccessPolicy_RulesAboutSomethingDeleted_LetNobodyIn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		now  []planner.Rule // the rules that the run gave
		name string
	}{
		"the rules of now are about others":     {[]planner.Rule{planner.EmailRule("new@acme.example")}, "Old"},
		"the rules of now are about it as well": {nil, "Okta staff"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, provider, move := w.allow()
			have := move.Want
			have.Name = "Old"
			move.Have = &have
			if test.now != nil { // no document declares such rules
				move.Want.Include, move.Want.Require = test.now, nil
			}
			if err := w.steps.Accounts["acme"].UpdatePolicy(t.Context(), move.Want); err != nil {
				t.Fatal(err)
			}
			w.api.DeleteIdentityProvider(accountID, provider.Want.ID)
			wantLeft(t, must(w, w.steps.RevertAccessPolicy, move), "were about an identity provider that someone deleted")
			if now := w.thePolicy(have.ID); now.Name != test.name || !planner.SameRules(now.Include, move.Want.Include) {
				t.Errorf("it is %+v", now)
			}
		})
	}
}

func TestRevertAccessPolicy_UpdateWhoseAnswerWasLost_IsWaitedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, _, move := w.allow()
	have := move.Want
	move.Have, move.Want.Name, move.Uncertain = &have, "Given", lost(time.Second)
	before := len(changesIn(w.cf))
	if told := wantFailure(t, refused(w, w.steps.RevertAccessPolicy, move), "AnswerLost", true); !strings.Contains(told.Message, "an update of Access policy") {
		t.Errorf("it says %s", told.Message)
	}
	move.Uncertain = activities.Uncertain{}
	must(w, w.steps.RevertAccessPolicy, move)
	if changes := changesIn(w.cf)[before:]; len(changes) > 0 {
		t.Errorf("what is as before is changed: %v", changes)
	}
}

package activities_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/rules"
)

// another has another worker carry out what follows: one that remembers nothing.
func (w *world) another() {
	w.steps = &activities.Activities{Orgs: w.steps.Orgs, Accounts: w.steps.Accounts, Waits: w.steps.Waits, Rules: w.steps.Rules}
}

// reads are how often a provider was asked for something since the last time.
func (w *world) reads() int {
	count := 0
	for _, request := range append(w.okta.Requests(), w.cf.Requests()...) {
		if request.Method == http.MethodGet {
			count++
		}
	}
	return count
}

// attached are the steps that follow the policy.
func (w *world) attached(app activities.AppMove, provider activities.IdentityProviderMove, policy activities.PolicyMove) (activities.Attachment, activities.MemoryMove) {
	attachment := activities.Attachment{Fence: w.fence, Account: "acme", ApplicationID: idsOf(w.api.Applications(accountID))[0], PolicyID: policy.Want.ID, Place: planner.AtTheEnd}
	memory := activities.MemoryMove{Fence: w.fence, Org: "acme", Have: w.theApp(app.Want.ID).App, Want: w.theApp(app.Want.ID).App}
	memory.Want.Memory = &planner.Memory{IdentityProvider: provider.Want.ID, Policies: []string{policy.Want.ID}}
	return attachment, memory
}

// TestOurs_EachStepByAnotherWorker: one that has seen nothing of the connection asks the providers whose a thing is.
func TestOurs_EachStepByAnotherWorker(t *testing.T) {
	t.Parallel()
	for name, which := range map[string]rules.Rules{
		"without rules": nil,
		"protected":     {{Connections: []string{"acme"}, Orgs: []string{"acme"}, Accounts: []string{"acme"}, Applications: []string{"*"}, PreventDisconnect: []string{"*"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.steps.Rules = which
			w.fence.Run = "default-test-run-id"
			app := w.createApp()
			w.another()
			must(w, w.steps.SetGroupsClaim, activities.ClaimMove{Fence: w.fence, Org: "acme", AppID: app.Want.ID, IssuerMode: "ORG_URL", Want: app.Want.Claim})
			w.another()
			provider := w.provider(app)
			provider.Identify(must(w, w.steps.RegisterIdentityProvider, provider))
			w.another()
			assignment := activities.Assignment{Fence: w.fence, Org: "acme", AppID: app.Want.ID, GroupID: w.org.GroupID("Engineering")}
			must(w, w.steps.AssignGroup, assignment)
			w.another()
			policy := w.policy(provider)
			policy.Identify(must(w, w.steps.CreateAccessPolicy, policy))
			w.another()
			attachment, memory := w.attached(app, provider, policy)
			must(w, w.steps.AttachPolicy, attachment)
			w.another()
			must(w, w.steps.WriteMemory, memory)
			w.another()
			must(w, w.steps.DetachPolicy, attachment)
			w.another()
			must(w, w.steps.RevertAccessPolicy, policy)
			w.another()
			must(w, w.steps.UnassignGroup, assignment)
			w.another()
			must(w, w.steps.RevertIdentityProvider, provider)
			w.another()
			must(w, w.steps.RevertOktaApp, app)
			wantIDs(t, "apps", w.apps())
			wantIDs(t, "identity providers", w.providers())
			wantIDs(t, "policies", w.policies())
		})
	}
}

// TestOurs_WhatASurveyFound_IsNotAskedForAgain by the steps that follow it in the same worker.
func TestOurs_WhatASurveyFound_IsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app, provider, policy := w.allow()
	attachment, memory := w.attached(app, provider, policy)
	must(w, w.steps.WriteMemory, memory)
	assignment := activities.Assignment{Fence: w.fence, Org: "acme", AppID: app.Want.ID, GroupID: w.org.GroupID("Engineering")}
	spend := func() int {
		before := w.reads()
		must(w, w.steps.AssignGroup, assignment)
		must(w, w.steps.AttachPolicy, attachment)
		must(w, w.steps.DetachPolicy, attachment)
		return w.reads() - before
	}
	w.another()
	unknown := spend()
	w.another()
	must(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec})
	if known := spend(); known >= unknown {
		t.Errorf("after a survey the steps read %d times, without one %d times", known, unknown)
	}
}

// TestOurs_WhatIsRemembered_MustBeOurs: a step that could make the memory tell of others' things would bring them into reach.
func TestOurs_WhatIsRemembered_MustBeOurs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app, provider, policy := w.allow()
	_, memory := w.attached(app, provider, policy)
	memory.Want.Memory.Policies = []string{w.copyPolicy(planner.AccessPolicy{Name: "Theirs", Decision: "allow", Include: []planner.Rule{planner.EmailRule("a@b.example")}})}
	if told := wantFailure(t, refused(w, w.steps.WriteMemory, memory), activities.ErrorNotOurs, true); !strings.Contains(told.Message, `Access policy "Theirs"`) {
		t.Errorf("it says %s", told.Message)
	}
}

// TestOurs_SurveyedSideIsNotHeld_AnotherWorkerDecides: this one can't know whose a thing is, so that it must not say that it is nobody's.
func TestOurs_SurveyedSideIsNotHeld_AnotherWorkerDecides(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app := w.createApp()
	provider := w.provider(app)
	provider.Want.ClientID = "of-an-adopted-app"
	provider.Want.ID = w.copyProvider(provider.Want)
	w.another()
	policy := w.policy(provider)
	wantFailure(t, refused(w, w.steps.CreateAccessPolicy, policy), activities.ErrorNotOurs, true)
	policy.OktaURL = "https://another.okta.example"
	told := wantFailure(t, refused(w, w.steps.CreateAccessPolicy, policy), "OtherConfiguration", true)
	if want := "no Okta org of this worker is https://another.okta.example, but the run surveyed that"; told.Message != want {
		t.Errorf("it says %q, want %q", told.Message, want)
	}
	memory := activities.MemoryMove{Fence: w.fence, Org: "acme", Have: w.theApp(app.Want.ID).App, Want: w.theApp(app.Want.ID).App}
	memory.Want.Memory = &planner.Memory{IdentityProvider: provider.Want.ID}
	memory.AccountID = "00000000000000000000000000000000"
	wantFailure(t, refused(w, w.steps.WriteMemory, memory), "OtherConfiguration", true)
}

package activities_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// steps are all that work on what was surveyed, each with an input of a run.
func (w *world) everyStep(fence activities.Fence, how ...func(*attempt)) map[string]func() error {
	app, memory := planner.App{ID: "0oa1", Memory: &planner.Memory{}}, planner.App{ID: "0oa1", Memory: &planner.Memory{}}
	claim := activities.ClaimMove{Fence: fence, Org: "acme", AppID: "0oa1"}
	provider := activities.IdentityProviderMove{Fence: fence, Org: "acme", Account: "acme", AppID: "0oa1"}
	policy := activities.PolicyMove{Fence: fence, Account: "acme"}
	remember := activities.MemoryMove{Fence: fence, Org: "acme", Have: app, Want: memory}
	assignment := activities.Assignment{Fence: fence, Org: "acme", AppID: "0oa1", GroupID: "00g1"}
	attachment := activities.Attachment{Fence: fence, Account: "acme", ApplicationID: "application-0001", PolicyID: "policy-0001"}
	a := w.steps
	return map[string]func() error{
		"CreateOktaApp": func() error {
			return refused(w, a.CreateOktaApp, activities.AppMove{Fence: fence, Org: "acme"}, how...)
		},
		"RevertOktaApp": func() error {
			return refused(w, a.RevertOktaApp, activities.AppMove{Fence: fence, Org: "acme"}, how...)
		},
		"SetGroupsClaim":    func() error { return refused(w, a.SetGroupsClaim, claim, how...) },
		"RevertGroupsClaim": func() error { return refused(w, a.RevertGroupsClaim, claim, how...) },
		"ReadClientCredentials": func() error {
			return refused(w, a.ReadClientCredentials, activities.AppRef{Fence: fence, Org: "acme", AppID: "0oa1"}, how...)
		},
		"RegisterIdentityProvider": func() error { return refused(w, a.RegisterIdentityProvider, provider, how...) },
		"RevertIdentityProvider":   func() error { return refused(w, a.RevertIdentityProvider, provider, how...) },
		"AssignGroup":              func() error { return refused(w, a.AssignGroup, assignment, how...) },
		"UnassignGroup":            func() error { return refused(w, a.UnassignGroup, assignment, how...) },
		"CreateAccessPolicy":       func() error { return refused(w, a.CreateAccessPolicy, policy, how...) },
		"RevertAccessPolicy":       func() error { return refused(w, a.RevertAccessPolicy, policy, how...) },
		"AttachPolicy":             func() error { return refused(w, a.AttachPolicy, attachment, how...) },
		"DetachPolicy":             func() error { return refused(w, a.DetachPolicy, attachment, how...) },
		"WriteMemory":              func() error { return refused(w, a.WriteMemory, remember, how...) },
		"RevertMemory":             func() error { return refused(w, a.RevertMemory, remember, how...) },
		"TestConnection": func() error {
			return refused(w, a.TestConnection, activities.ConnectionTest{Fence: fence, Org: "acme", Account: "acme"}, how...)
		},
	}
}

// TestFence_AnotherOrgOrAccountThanWasSurveyed_NothingIsAsked. Another worker may be configured as the one that surveyed, so it is tried
// again.
func TestFence_AnotherOrgOrAccountThanWasSurveyed_NothingIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	elsewhere := w.fence
	elsewhere.OktaURL, elsewhere.AccountID = "https://other.okta.com", "fedcba9876543210fedcba9876543210"
	for name, step := range w.everyStep(elsewhere) {
		if told := wantFailure(t, step(), "OtherConfiguration", true); told.Advice == "" {
			t.Errorf("%s: the run is told %+v", name, told.Detail)
		}
	}
	for _, one := range []func(*activities.Fence){func(f *activities.Fence) { f.OktaURL = elsewhere.OktaURL }, func(f *activities.Fence) { f.AccountID = elsewhere.AccountID }} {
		fence := w.fence
		one(&fence)
		for _, name := range []string{"RegisterIdentityProvider", "RevertIdentityProvider", "TestConnection"} { // those that work on both sides
			wantFailure(t, w.everyStep(fence)[name](), "OtherConfiguration", true)
		}
	}
	if asked := len(w.okta.Requests()) + len(w.cf.Requests()); asked != 0 {
		t.Errorf("%d requests were sent", asked)
	}
}

// TestFence_OfEarlierVersions doesn't say what was surveyed, or has an org's URL as it was written.
func TestFence_OfEarlierVersions(t *testing.T) {
	t.Parallel()
	for name, fence := range map[string]func(activities.Fence) activities.Fence{
		"nothing":         func(activities.Fence) activities.Fence { return activities.Fence{} },
		"URL in capitals": func(f activities.Fence) activities.Fence { f.OktaURL = strings.ToUpper(f.OktaURL); return f },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			move := w.app()
			move.Fence = fence(w.fence)
			must(w, w.steps.CreateOktaApp, move)
		})
	}
}

func TestNoCredentials_NameWhatIsMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := func(org, account, missing string) {
		t.Helper()
		told := wantFailure(t, refused(w, w.steps.TestConnection, activities.ConnectionTest{Org: org, Account: account}), "NoCredentials", false)
		if want := "this worker holds no credentials under " + missing; told.Message != want || told.Advice == "" {
			t.Errorf("the run is told %+v, want %s", told.Detail, want)
		}
	}
	test("acme", "nowhere", "cloudflare.accounts.nowhere")
	test("nowhere", "acme", "okta.orgs.nowhere")
	test("nowhere", "neither", "okta.orgs.nowhere and cloudflare.accounts.neither")
}

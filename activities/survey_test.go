package activities_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// survey surveys the connection.
func (w *world) survey(how ...func(*attempt)) planner.State {
	w.t.Helper()
	return must(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}, how...).State
}

// remembered makes a whole connection whose app remembers it.
func (w *world) remembered() activities.ConnectionTest {
	w.t.Helper()
	w.spec.Policy.Applications = []string{"wiki.acme.example"}
	test := w.connected()
	app := w.theApp(test.AppID).App
	state := w.state()
	state.Named = []planner.FoundApplication{{Entry: "wiki.acme.example", IDs: test.Applications}}
	move := activities.MemoryMove{Fence: w.fence, Org: "acme", Have: app, Want: planner.WantMemory(w.spec, state, app, test.IdentityProvider.ID, test.PolicyID, planner.HandedSecret{})}
	must(w, w.steps.WriteMemory, move)
	return test
}

// wantUnchanged fails unless the survey finds the whole connection, with nothing to do.
func wantUnchanged(t *testing.T, w *world, state planner.State) {
	t.Helper()
	if state.App == nil || state.IdentityProvider == nil || state.Policy == nil || state.Strangers != nil {
		t.Fatalf("found app %v, identity provider %v, policy %v, conflicts %v", state.App, state.IdentityProvider, state.Policy, state.Strangers)
	}
	if moves := planner.Diff(w.spec, state, "").Moves(); moves != nil {
		t.Errorf("moves: %+v", moves)
	}
}

func TestSurvey_Nothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	state := w.survey()
	if state.App != nil || state.IdentityProvider != nil || state.Policy != nil || state.Applications != nil {
		t.Errorf("found %+v", state)
	}
	if state.OktaURL != w.org.URL() || state.AccountID != accountID || state.AuthDomain != authDomain || len(state.Groups) != 1 || state.Groups[0].IDs[0] != w.org.GroupID("Engineering") {
		t.Errorf("found %+v", state)
	}
}

func TestSurvey_Connected_HasNothingToDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.remembered()
	wantUnchanged(t, w, w.survey())
}

// TestSurvey_EachListIsBehind_HasNothingToDo all the same: what the app remembers, and what the run before told of, is read by its id.
func TestSurvey_EachListIsBehind_HasNothingToDo(t *testing.T) {
	t.Parallel()
	const apps, assignments = "/api/v1/apps", "*/apps/*/groups"
	for name, test := range map[string]struct {
		okta   []string // the lists that show nothing of what was created
		cf     []string
		before bool // the run before is known
		app    bool // and tells of the app alone: the rest follows from what that remembers
	}{
		"identity providers":         {cf: []string{"*/identity_providers*"}},
		"policies":                   {cf: []string{"*/access/policies*"}},
		"the applications' policies": {cf: []string{"*/access/apps*"}},
		"groups assigned":            {okta: []string{assignments}},
		"all of Cloudflare's":        {cf: []string{"*"}},
		"apps":                       {okta: []string{apps}, before: true},
		"all":                        {okta: []string{apps, assignments}, cf: []string{"*"}, before: true},
		"all, the app is known":      {okta: []string{apps, assignments}, cf: []string{"*"}, before: true, app: true},
		"none, and the run is known": {before: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for server, paths := range map[*kit.Server][]string{w.okta: test.okta, w.cf: test.cf} {
				for _, path := range paths {
					server.Inject(kit.Fault{Kind: kit.KindLag, Path: path, Delay: forever})
				}
			}
			made, server := w.remembered(), &fakeServer{}
			if test.before {
				server.runs = []earlier{{id: "run0", status: completed, result: connection.Result{AppID: made.AppID, IdentityProviderID: made.IdentityProvider.ID, PolicyID: made.PolicyID}}}
			}
			if test.app {
				server.runs[0].result = connection.Result{AppID: made.AppID}
			}
			wantUnchanged(t, w, w.survey(answeredBy(server)))
		})
	}
}

// TestSurvey_AppThatAStepFound_IsReadByItsID: the list doesn't show it yet.
func TestSurvey_AppThatAStepFound_IsReadByItsID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.okta.Inject(kit.Fault{Kind: kit.KindLag, Path: "/api/v1/apps", Delay: forever})
	id := w.createApp().Want.ID
	if state := w.survey(); state.App != nil {
		t.Fatalf("the list shows %+v", state.App)
	}
	found := must(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec, Unseen: id}).State
	if found.App == nil || found.App.ID != id {
		t.Errorf("found %+v", found.App)
	}
}

// TestSurvey_ListsStillShowWhatIsGone: nothing is found that can't be read.
func TestSurvey_ListsStillShowWhatIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.remembered()
	for _, server := range []*kit.Server{w.okta, w.cf} {
		server.Inject(kit.Fault{Kind: kit.KindLag, Delay: forever, After: []string{kit.AfterDelete}})
	}
	w.api.DeletePolicy(accountID, test.PolicyID)
	w.api.DeleteIdentityProvider(accountID, test.IdentityProvider.ID)
	if state := w.survey(settledAgain); state.App == nil || state.IdentityProvider != nil || state.Policy != nil || state.Strangers != nil {
		t.Errorf("found %+v", state)
	}
	if err := w.org.DeleteApp(test.AppID); err != nil {
		t.Fatal(err)
	}
	if state := w.survey(settledAgain); state.App != nil || state.Strangers != nil {
		t.Errorf("found %+v", state)
	}
}

// TestSurvey_ListsShowWhatWasBefore: things are judged by what they are, not by what a list says that they were.
func TestSurvey_ListsShowWhatWasBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.remembered()
	for _, server := range []*kit.Server{w.okta, w.cf} {
		server.Inject(kit.Fault{Kind: kit.KindLag, Delay: forever, After: []string{kit.AfterUpdate}})
	}
	w.rename("policy", test.PolicyID, "By hand")
	w.rename("identity provider", test.IdentityProvider.ID, "By hand")
	if err := w.org.RenameApp(test.AppID, "By hand"); err != nil {
		t.Fatal(err)
	}
	if state := w.survey(); state.App.Label != "By hand" || state.IdentityProvider.Name != "By hand" || state.Policy.Name != "By hand" {
		t.Errorf("found app %q, identity provider %q, policy %q", state.App.Label, state.IdentityProvider.Name, state.Policy.Name)
	}
}

// TestSurvey_GroupsAndApplications_DifferFromTheMemory: someone changed them, or a list is behind; each is read.
func TestSurvey_GroupsAndApplications_DifferFromTheMemory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.remembered()
	if err := w.org.UnassignGroup(test.AppID, test.Groups[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := w.steps.Accounts["acme"].DetachPolicy(t.Context(), test.Applications[0], test.PolicyID, nil); err != nil {
		t.Fatal(err)
	}
	var moved []connection.Resource
	for _, move := range planner.Diff(w.spec, w.survey(), "").Moves() {
		moved = append(moved, move.Resource)
	}
	if len(moved) != 2 || moved[0] != connection.ResourceGroupAssignment || moved[1] != connection.ResourceAttachment {
		t.Errorf("moves of %v", moved)
	}
}

// TestSurvey_ListHasTheSignInOfBefore: an application that seems to offer others alone is read by its id.
func TestSurvey_ListHasTheSignInOfBefore(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.remembered()
	w.api.AllowIdentityProviders(accountID, test.Applications[0], w.oneTimePIN())
	w.cf.Inject(kit.Fault{Kind: kit.KindLag, Delay: forever, After: []string{kit.AfterUpdate}})
	if moves := planner.Diff(w.spec, w.survey(), "").Moves(); len(moves) != 1 || moves[0].Resource != connection.ResourceAttachment || moves[0].Fields[0].Before != `"One-time PIN"` {
		t.Errorf("moves: %+v", moves)
	}
	w.api.AllowIdentityProviders(accountID, test.Applications[0], w.oneTimePIN(), test.IdentityProvider.ID)
	wantUnchanged(t, w, w.survey())
}

// TestSurvey_NoIdentityProviderListed_IsDoubted: a token without the permission gets an empty list.
func TestSurvey_NoIdentityProviderListed_IsDoubted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.connected()
	w.cf.Inject(kit.Fault{Kind: kit.KindFiltered, Path: "*/identity_providers*", Hide: []string{"*"}})
	told := wantFailure(t, refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}), "cloudflare.forbidden", true)
	if !strings.Contains(told.Message, "it lists no identity provider, and yet there is") || !strings.Contains(told.Advice, "Identity Providers, and Groups") {
		t.Errorf("the run is told %+v", told.Detail)
	}
	wantFailure(t, refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}, settledAgain), "cloudflare.forbidden", false)
	w.api.DeletePolicy(accountID, test.PolicyID)
	w.copyPolicy(planner.AccessPolicy{Name: "Other", Decision: "allow", Include: []planner.Rule{planner.EmailRule("a@acme.example")}, Require: []planner.Rule{planner.EmailDomainRule("acme.example")}})
	w.survey() // nothing tells of any
}

// TestSurvey_ProviderAway_IsRetried, and what is refused for good is not.
func TestSurvey_ProviderAway_IsRetried(t *testing.T) {
	t.Parallel()
	for path, of := range map[string]string{"/api/v1/apps": "okta", "/api/v1/groups": "okta", "*/organizations": "cf", "*/identity_providers*": "cf", "*/access/policies*": "cf"} {
		w := newWorld(t)
		server, provider := w.okta, "okta"
		if of == "cf" {
			server, provider = w.cf, "cloudflare"
		}
		server.Inject(kit.Fault{Kind: kit.KindStatus, Path: path, Status: 503, Count: 1})
		wantFailure(t, refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}), provider+".unavailable", true)
		server.Inject(kit.Fault{Kind: kit.KindStatus, Path: path, Status: 401, Count: 1})
		if told := wantFailure(t, refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}), provider+".unauthorized", false); !strings.Contains(told.Advice, "API token") {
			t.Errorf("%s: the advice is %q", path, told.Advice)
		}
	}
}

// TestSurvey_ReadingByIDFails_IsRetried in each of what is read so.
func TestSurvey_ReadingByIDFails_IsRetried(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.remembered()
	if err := w.org.AssignGroup(test.AppID, w.org.GroupID("Support")); err != nil {
		t.Fatal(err)
	}
	other := w.api.AddApplication(accountID, applicationSeed)
	w.api.AttachPolicy(accountID, other, test.PolicyID)
	for path, server := range map[string]*kit.Server{
		"/api/v1/apps/" + test.AppID: w.okta, "*/idToken": w.okta, "*/apps/*/groups": w.okta, "*/groups/" + w.org.GroupID("Support") + "*": w.okta,
		"*/identity_providers/" + test.IdentityProvider.ID: w.cf, "*/policies/" + test.PolicyID: w.cf, "*/access/apps": w.cf, "*/access/apps/" + other: w.cf,
	} {
		server.Inject(kit.Fault{Kind: kit.KindStatus, Method: "GET", Path: path, Status: 503, Count: 1})
		if err := refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}); !strings.HasSuffix(typeOf(err), ".unavailable") {
			t.Errorf("%s: %v", path, err)
		}
		server.ClearFaults()
	}
}

// TestSurvey_GroupsFoundByAnEarlierAttempt_AreNotLookedForAgain: a large document takes more than one under Okta's rate limits.
func TestSurvey_GroupsFoundByAnEarlierAttempt_AreNotLookedForAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var left any
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Path: "/api/v1/apps", Status: 503, Count: 1})
	refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}, func(a *attempt) { a.beats = func(details any) { left = details } })
	before := w.groupSearches()
	w.survey(func(a *attempt) { a.number, a.left = 2, left })
	if again := w.groupSearches() - before; before == 0 || again != 0 {
		t.Errorf("groups were asked for %d times, and %d times again", before, again)
	}
}

func (w *world) groupSearches() (times int) {
	for _, request := range w.okta.Requests() {
		if strings.HasPrefix(request.Path, "/api/v1/groups") {
			times++
		}
	}
	return times
}

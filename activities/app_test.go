package activities_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

const createApps = "/api/v1/apps"

// theApp is the app as it is at Okta.
func (w *world) theApp(id string) *planner.ListedApp {
	w.t.Helper()
	app, err := w.steps.Orgs["acme"].ReadApp(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return app
}

// copyApp makes an app by hand, with a client id and what its profile tells.
func (w *world) copyApp(clientID string, memory *planner.Memory) string {
	w.t.Helper()
	app := planner.WantApp(w.spec, w.state(), clientID)
	app.Memory = memory
	made, err := w.steps.Orgs["acme"].CreateApp(w.t.Context(), app)
	if err != nil {
		w.t.Fatal(err)
	}
	return made.ID
}

func TestCreateOktaApp_New_HasTheConnectionsKeyAndTheRunsMark(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := must(w, w.steps.CreateOktaApp, w.app())
	app := w.theApp(made.ID)
	if made.ClientID != "accessbridge-acme-1" || app.ClientID != made.ClientID || made.Attempt != 1 || made.Until != nil {
		t.Errorf("made %+v, app %+v", made, app)
	}
	if app.Memory == nil || app.Memory.Run != "this" || !app.Memory.Started.Equal(noon) {
		t.Errorf("the app remembers %+v", app.Memory)
	}
}

// TestCreateOktaApp_AnswerLost_OneAppAllTheSame: whatever became of the first request, and whatever the list says.
func TestCreateOktaApp_AnswerLost_OneAppAllTheSame(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]kit.Fault{
		"carried out":       {Kind: kit.KindDropAfter},
		"not carried out":   {Kind: kit.KindDropBefore},
		"answer is no JSON": {Kind: kit.KindGarbage},
		"500, carried out":  {Kind: kit.KindStatusAfter, Status: 500},
		"carried out later": {Kind: kit.KindLate, Cut: true, Delay: kit.Duration(time.Second)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			fault.Method, fault.Path, fault.Count = http.MethodPost, createApps, 1
			w.okta.Inject(fault)
			err := refused(w, w.steps.CreateOktaApp, w.app())
			if told := wantFailure(t, err, typeOf(err), true); !told.Lost || len(told.Until) != 1 {
				t.Errorf("the run is told %+v", told.Detail)
			}
			made := must(w, w.steps.CreateOktaApp, w.app(), again(2, time.Second))
			if err := w.okta.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			wantIDs(t, "apps", w.apps(), made.ID)
			// What was found is settled; what wasn't may still come.
			if found := strings.HasSuffix(name, "carried out") && !strings.HasPrefix(name, "not"); found != (len(made.Until) == 0) {
				t.Errorf("what got no answer: %+v", made.Until)
			}
		})
	}
}

// TestCreateOktaApp_ListLags_WaitsForIt: Okta says that the client id is taken, and no list shows by whom.
func TestCreateOktaApp_ListLags_WaitsForIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.okta.Inject(kit.Fault{Kind: kit.KindLag, Path: "/api/v1/apps", Delay: forever})
	made := must(w, w.steps.CreateOktaApp, w.app())
	told := wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app(), again(2, time.Second)), "okta.unavailable", true)
	if !strings.Contains(told.Message, "no app with it is listed yet") {
		t.Errorf("it says %s", told.Message)
	}
	w.okta.ClearFaults()
	if found := must(w, w.steps.CreateOktaApp, w.app(), again(3, time.Second)); found.ID != made.ID {
		t.Errorf("found %+v, made %+v", found, made)
	}
}

// TestCreateOktaApp_OfAnotherRun_IsLeftToANewSurvey although it has the connection's client id.
func TestCreateOktaApp_OfAnotherRun_IsLeftToANewSurvey(t *testing.T) {
	t.Parallel()
	for name, memory := range map[string]*planner.Memory{"another run's": {Run: "run0"}, "profile taken away": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.copyApp("accessbridge-acme-1", memory)
			told := wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app(), again(2, time.Second)), activities.ErrorUnseen, false)
			if told.Unseen != id {
				t.Errorf("the run is told of %q", told.Unseen)
			}
			wantIDs(t, "apps", w.apps(), id)
		})
	}
}

// TestCreateOktaApp_ByAnEarlierVersion knows an app of its own by the client id alone, and only after it may have made one.
func TestCreateOktaApp_ByAnEarlierVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := w.app()
	move.Fence, move.Want.ClientID = activities.Fence{}, "accessbridge-acme-0123abcd"
	id := w.copyApp(move.Want.ClientID, nil)
	wantFailure(t, refused(w, w.steps.CreateOktaApp, move), activities.ErrorUnseen, false)
	if found := must(w, w.steps.CreateOktaApp, move, again(2)); found.ID != id || found.ClientID != move.Want.ClientID {
		t.Errorf("found %+v", found)
	}
}

func TestCreateOktaApp_ClientIDOfADeletedApp_NextGeneration(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(s *setup) { s.okta.BlockDeletedClientIDs = true })
	for want, clientID := range map[int]string{1: "accessbridge-acme-1", 2: "accessbridge-acme-2"} {
		if err := w.org.DeleteApp(w.copyApp(clientID, nil)); err != nil {
			t.Fatal(want, err)
		}
	}
	made := must(w, w.steps.CreateOktaApp, w.app())
	if made.ClientID != "accessbridge-acme-3" {
		t.Errorf("the client id is %s", made.ClientID)
	}
	// A lost answer of that generation is found as well.
	if found := must(w, w.steps.CreateOktaApp, w.app(), again(2, time.Second)); found.ID != made.ID || found.ClientID != made.ClientID {
		t.Errorf("found %+v, made %+v", found, made)
	}
	move := w.app()
	move.Fence.Run, move.Want.ClientID = "", "accessbridge-acme-0123abcd"
	if err := w.org.DeleteApp(w.copyApp(move.Want.ClientID, nil)); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, refused(w, w.steps.CreateOktaApp, move), "okta.invalid", false) // a run of an earlier version has no generations
}

// TestCreateOktaApp_RefusedForAnotherReason_IsSaid: the refusal doesn't say whether it is for the client id, so others are tried.
func TestCreateOktaApp_RefusedForAnotherReason_IsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: 400, Body: `{"errorCode":"E0000001","errorSummary":"too long"}`})
	told := wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app()), "okta.invalid", false)
	if !strings.Contains(told.Message, "too long") || told.Lost || len(changesIn(w.okta)) > 10 {
		t.Errorf("it says %+v after %d requests", told.Detail, len(changesIn(w.okta)))
	}
	w.okta.Reset()
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: 400, Body: `{"errorCode":"E0000001","errorSummary":"the first"}`, Count: 1})
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: 400, Body: `{"errorCode":"E0000001","errorSummary":"a later one"}`})
	told = wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app()), "okta.invalid", false)
	if !strings.Contains(told.Message, "the first") {
		t.Errorf("of all refusals it tells %s", told.Message)
	}
	w.okta.Reset()
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Method: http.MethodPost, Status: 403})
	wantFailure(t, refused(w, w.steps.CreateOktaApp, w.app()), "okta.forbidden", false)
	if changes := changesIn(w.okta); len(changes) != 1 {
		t.Errorf("a refusal that is no validation error is repeated: %v", changes)
	}
}

func TestCreateOktaApp_Existing_IsUpdatedWhereItDiffers(t *testing.T) {
	t.Parallel()
	const one = "/api/v1/apps/ID"
	for name, test := range map[string]struct {
		hand func(w *world, id string) error
		want []string
	}{
		"as declared": {func(*world, string) error { return nil }, nil},
		"renamed":     {func(w *world, id string) error { return w.org.RenameApp(id, "Theirs") }, []string{"PUT " + one}},
		"deactivated": {func(w *world, id string) error { return w.org.SetAppStatus(id, "INACTIVE") }, []string{"POST " + one + "/lifecycle/activate"}},
		"both": {func(w *world, id string) error {
			_ = w.org.RenameApp(id, "X")
			return w.org.SetAppStatus(id, "INACTIVE")
		}, []string{"PUT " + one, "POST " + one + "/lifecycle/activate"}},
		"redirect URI more": {func(w *world, id string) error { return w.org.EditApp(id, addRedirect) }, []string{"PUT " + one}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id := w.createApp().Want.ID
			if err := test.hand(w, id); err != nil {
				t.Fatal(err)
			}
			have := w.theApp(id).App
			state := w.state()
			state.App = &have
			before := len(changesIn(w.okta))
			made := must(w, w.steps.CreateOktaApp, activities.AppMove{Fence: w.fence, Org: "acme", Have: &have, Want: planner.WantApp(w.spec, state, "")})
			if made.ID != id {
				t.Errorf("made %+v", made)
			}
			wantIDs(t, "changes", replaced(changesIn(w.okta)[before:], id, "ID"), test.want...)
			if now := w.theApp(id); now.Label != w.spec.Okta.AppLabel || now.Status != planner.AppActive || len(now.RedirectURIs) != 1 || now.Memory.Run != "this" {
				t.Errorf("the app is %+v", now)
			}
		})
	}
}

func addRedirect(body map[string]any) {
	client := body["settings"].(map[string]any)["oauthClient"].(map[string]any)
	client["redirect_uris"] = append(client["redirect_uris"].([]any), "https://other.example/callback")
}

func replaced(texts []string, old, by string) []string {
	var all []string
	for _, text := range texts {
		all = append(all, strings.ReplaceAll(text, old, by))
	}
	return all
}

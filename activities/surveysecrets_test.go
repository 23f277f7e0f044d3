package activities_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// TestSurvey_Secrets: which are active, where it is known which one Cloudflare was handed.
func TestSurvey_Secrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.remembered()
	if state := w.survey(); state.IdentityProvider.SecretID != "" || state.Secrets.Newest != "" {
		t.Errorf("found %+v, though nothing is known of what was handed", state.Secrets)
	}
	first := must(w, w.steps.ReadClientCredentials, activities.AppRef{Fence: w.fence, Org: "acme", AppID: test.AppID}).SecretID
	remember := func(identityProviderID string) {
		app := w.theApp(test.AppID).App
		app.Memory.Secret, app.Memory.IdentityProvider = planner.HandedSecret{ID: first}, identityProviderID
		if err := w.steps.Orgs["acme"].Remember(t.Context(), app, nil); err != nil {
			t.Fatal(err)
		}
	}
	remember(test.IdentityProvider.ID)
	second := w.rotate(test.AppID, first)
	state := w.survey()
	if diff := cmp.Diff(planner.Secrets{Newest: second, Active: []string{second}}, state.Secrets); diff != "" || state.IdentityProvider.SecretID != first {
		t.Errorf("handed %q, secrets (-want +got):\n%s", state.IdentityProvider.SecretID, diff)
	}
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Path: "*/credentials/secrets", Status: 503, Count: 1})
	wantFailure(t, refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}), "okta.unavailable", true)
	remember("6f1e4d0c-0000-4000-8000-000000000000") // what that one was handed says nothing of this one
	if state := w.survey(); state.IdentityProvider.SecretID != "" || state.Secrets.Newest != "" {
		t.Errorf("found %+v", state.Secrets)
	}
}

// rotate makes a second client secret by hand and deactivates the first.
func (w *world) rotate(appID, first string) (second string) {
	w.t.Helper()
	at := "/api/v1/apps/" + appID + "/credentials/secrets"
	made := w.okta.ByHand(kit.HandRequest{Method: http.MethodPost, Path: at})
	off := w.okta.ByHand(kit.HandRequest{Method: http.MethodPost, Path: at + "/" + first + "/lifecycle/deactivate"})
	if made.Status != http.StatusCreated || off.Status != http.StatusOK {
		w.t.Fatalf("rotate the secret: %d, %d", made.Status, off.Status)
	}
	return strings.Split(strings.SplitN(string(made.Body), `"id":"`, 2)[1], `"`)[0]
}

// TestSurvey_ConnectedTo is where the last run that ended well left the connection.
func TestSurvey_ConnectedTo(t *testing.T) {
	t.Parallel()
	connected := connection.Result{State: connection.RunConnected, OktaURL: "https://old.okta.com", AccountID: "old"}
	ended := func(results ...connection.Result) (runs []earlier) {
		for i, result := range results {
			runs = append(runs, earlier{id: string(rune('a' + i)), status: completed, result: result})
		}
		return runs
	}
	for name, test := range map[string]struct {
		runs []earlier
		want *planner.Target
	}{
		"none":                         {nil, nil},
		"connected":                    {ended(connected), &planner.Target{OktaURL: "https://old.okta.com", AccountID: "old"}},
		"connected, and failed since":  {ended(connection.Result{State: connection.RunRolledBack}, connected), &planner.Target{OktaURL: "https://old.okta.com", AccountID: "old"}},
		"disconnected since":           {ended(connection.Result{State: connection.RunDisconnected}, connected), nil},
		"by a run of an old version":   {ended(connection.Result{State: connection.RunConnected}, connected), nil},
		"terminated, connected before": {append([]earlier{{id: "t", status: terminated}}, ended(connected)...), &planner.Target{OktaURL: "https://old.okta.com", AccountID: "old"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if diff := cmp.Diff(test.want, w.survey(answeredBy(&fakeServer{runs: test.runs})).ConnectedTo); diff != "" {
				t.Errorf("connected to (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSurvey_ListedAndYetNotThere is doubted as long as lists may be behind, unless the run before deleted it.
func TestSurvey_ListedAndYetNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.remembered()
	w.cf.Inject(kit.Fault{Kind: kit.KindLag, Delay: forever, After: []string{kit.AfterDelete}})
	w.api.DeletePolicy(accountID, test.PolicyID)
	if told := wantFailure(t, refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}), "Behind", true); !strings.Contains(told.Message, test.PolicyID+" is listed, and yet it is not there") {
		t.Errorf("the run is told %+v", told.Detail)
	}
	if state := w.survey(settledAgain); state.Policy != nil {
		t.Errorf("found %+v", state.Policy)
	}
	change := func(action connection.Action, id string) []connection.Change {
		return []connection.Change{{Resource: connection.ResourcePolicy, ID: id, Action: action}}
	}
	for name, test := range map[string]struct {
		result  connection.Result
		deleted bool
	}{
		"disconnected":          {connection.Result{State: connection.RunDisconnected, Changes: change(connection.ActionDelete, test.PolicyID)}, true},
		"disconnected another":  {connection.Result{State: connection.RunDisconnected, Changes: change(connection.ActionDelete, "other")}, false},
		"rolled back":           {connection.Result{State: connection.RunRolledBack, PolicyID: test.PolicyID, Changes: change(connection.ActionCreate, "")}, true},
		"cancelled":             {connection.Result{State: connection.RunCancelled, PolicyID: test.PolicyID, Changes: change(connection.ActionCreate, "")}, true},
		"rolled back an update": {connection.Result{State: connection.RunRolledBack, PolicyID: test.PolicyID, Changes: change(connection.ActionUpdate, test.PolicyID)}, false},
		"connected":             {connection.Result{State: connection.RunConnected, PolicyID: test.PolicyID, Changes: change(connection.ActionCreate, "")}, false},
	} {
		_, err := try(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec}, answeredBy(&fakeServer{runs: []earlier{{id: "run0", status: completed, result: test.result}}}))
		if deleted := err == nil; deleted != test.deleted {
			t.Errorf("%s: the survey ended with %v", name, err)
		}
	}
}

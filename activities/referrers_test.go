package activities_test

import (
	"net/http"
	"testing"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// referring is a survey that looks for all that refers to the identity provider.
func (w *world) referring() planner.State {
	w.t.Helper()
	return must(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec, Referrers: true}).State
}

// TestSurvey_Referrers_AreLookedForOnlyWhenAskedFor, and never where there is no identity provider.
func TestSurvey_Referrers_AreLookedForOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cf.Inject(kit.Fault{Kind: kit.KindStatus, Path: "*/access/groups*", Status: 503})
	w.cf.Inject(kit.Fault{Kind: kit.KindStatus, Path: "*/idp_federation_grants*", Status: 503})
	w.referring()
	w.remembered()
	w.survey()
	w.cf.ClearFaults()
	id := w.survey().IdentityProvider.ID
	w.byHand("/groups", map[string]any{"name": "Theirs", "include": []any{map[string]any{"okta": map[string]any{"name": "Engineering", "connection_id": id}}}})
	w.byHand("/idp_federation_grants", map[string]any{"idp_id": id})
	if found := w.referring().Referrers; len(found) != 2 {
		t.Errorf("found %+v", found)
	}
	if found := w.survey().Referrers; found != nil {
		t.Errorf("found unasked: %+v", found)
	}
}

// TestSurvey_ReferrersThatLagBehind: what a list still shows is read by its id.
func TestSurvey_ReferrersThatLagBehind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.remembered()
	rule := map[string]any{"login_method": map[string]any{"id": test.IdentityProvider.ID}}
	theirs := map[string]any{"name": "Theirs", "decision": "allow", "include": []any{rule}}
	for _, path := range []string{"/groups", "/apps/" + test.Applications[0] + "/policies"} {
		made := w.byHand(path, theirs)
		w.cf.Inject(kit.Fault{Kind: kit.KindLag, Delay: forever, After: []string{kit.AfterDelete, kit.AfterUpdate}})
		w.cf.ByHand(kit.HandRequest{Method: http.MethodDelete, Path: "/client/v4/accounts/" + accountID + "/access" + path + "/" + made})
		if found := w.referring().Referrers; len(found) != 0 {
			t.Errorf("%s: found %+v", path, found)
		}
		w.cf.ClearFaults()
	}
}

// TestSurvey_ReferrersThatAreNotShown: without Access groups a disconnect can't know; grants have Cloudflare refuse the deletion itself.
func TestSurvey_ReferrersThatAreNotShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.remembered()
	for path, want := range map[string]bool{"*/access/groups*": true, "*/idp_federation_grants*": false} {
		w.cf.Inject(kit.Fault{Kind: kit.KindStatus, Path: path, Status: 403})
		if got := w.referring(); got.GroupsUnseen != want || (len(planner.DisconnectProblems(w.spec, got)) == 1) != want {
			t.Errorf("%s: unseen %t, problems %v", path, got.GroupsUnseen, planner.DisconnectProblems(w.spec, got))
		}
		w.cf.ClearFaults()
		w.cf.Inject(kit.Fault{Kind: kit.KindStatus, Path: path, Status: 503})
		wantFailure(t, refused(w, w.steps.Survey, activities.SurveyRequest{Spec: w.spec, Referrers: true}), "cloudflare.unavailable", true)
		w.cf.ClearFaults()
	}
}

package activities_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

func TestListOrgs_NamesThoseTheWorkerHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.steps.Orgs["aardvark"] = w.steps.Orgs["acme"]
	held := must(w, func(ctx context.Context, _ string) (activities.HeldOrgs, error) { return w.steps.ListOrgs(ctx) }, "")
	wantIDs(t, "orgs", held.Orgs, "aardvark", "acme")
	if asked := w.okta.Requests(); len(asked) > 0 {
		t.Errorf("the org was asked: %v", asked)
	}
}

func TestListConnections_ByName_HasTheDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	test := w.remembered()
	before := len(changesIn(w.okta))
	listed := must(w, w.steps.ListConnections, activities.InventoryRequest{Org: "acme", Name: "acme"})
	if len(listed.Connections) != 1 {
		t.Fatalf("found %+v", listed.Connections)
	}
	found := listed.Connections[0]
	if found.AppID != test.AppID || found.IdentityProviderID != test.IdentityProvider.ID || found.OktaURL != w.org.URL() || found.Account != "acme" || found.Unknown != "" {
		t.Errorf("found %+v", found)
	}
	if found.Document == nil || found.Document.Policy.Name != "Okta staff" || len(found.Document.Policy.Applications) != 1 {
		t.Errorf("the document is %+v", found.Document)
	}
	if changes := changesIn(w.okta)[before:]; len(changes) > 0 {
		t.Errorf("it changed something: %v", changes)
	}
}

func TestListConnections_OfAll_HasNoDocuments(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.remembered()
	listed := must(w, w.steps.ListConnections, activities.InventoryRequest{Org: "acme"})
	if len(listed.Connections) != 1 || listed.Connections[0].Document != nil || listed.Connections[0].Account != "acme" {
		t.Errorf("found %+v", listed.Connections)
	}
	listed = must(w, w.steps.ListConnections, activities.InventoryRequest{Org: "acme", Name: "globex"})
	if len(listed.Connections) != 0 {
		t.Errorf("found of another name: %+v", listed.Connections)
	}
}

// TestListConnections_DeletedButStillListed_IsNotThere: the list lags, the app itself is not there any more.
func TestListConnections_DeletedButStillListed_IsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app := w.createApp()
	w.okta.Inject(kit.Fault{Kind: kit.KindLag, Path: "/api/v1/apps", Delay: forever})
	must(w, w.steps.ListConnections, activities.InventoryRequest{Org: "acme"}) // the list is of now
	must(w, w.steps.RevertOktaApp, app)
	if listed := must(w, w.steps.ListConnections, activities.InventoryRequest{Org: "acme", Name: "acme"}); len(listed.Connections) != 0 {
		t.Errorf("found %+v", listed.Connections)
	}
}

func TestListConnections_NoSuchOrg(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := refused(w, w.steps.ListConnections, activities.InventoryRequest{Org: "globex"}); err == nil {
		t.Error("an org that the worker doesn't hold was read")
	}
}

func TestListConnections_Refused_TellsWhatTheOrgSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.okta.Inject(kit.Fault{Kind: kit.KindStatus, Method: http.MethodGet, Path: "/api/v1/apps*", Status: 403, Body: `{"errorCode":"E0000006","errorSummary":"no permission"}`})
	told := wantFailure(t, refused(w, w.steps.ListConnections, activities.InventoryRequest{Org: "acme"}), "okta.forbidden", false)
	if told.Provider != "okta" || told.Advice == "" {
		t.Errorf("told %+v", told)
	}
}

package okta_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// single matches the paths of one app and of one assignment.
var single = regexp.MustCompile(`^/api/v1/apps/[0-9A-Za-z]{20}(/groups/[0-9A-Za-z]{20})?$`)

func TestNotFound_ThingIsStillListed_IsNotTakenForGone(t *testing.T) {
	t.Parallel()
	f := serve(t)
	app, err := f.CreateApp(f.ctx, planner.App{
		ClientID: "accessbridge-acme-0123abcd", Label: "Access", IssuerMode: "ORG_URL", Connection: "acme",
		RedirectURIs: []string{"https://acme.cloudflareaccess.example" + planner.CallbackPath},
	})
	if err != nil {
		t.Fatal(err)
	}
	groups, err := f.GroupsNamed(f.ctx, "Everyone")
	if err != nil || len(groups) != 1 {
		t.Fatal(groups, err)
	}
	if err := f.AssignGroup(f.ctx, app.ID, groups[0]); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if single.MatchString(r.URL.Path) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"errorCode":"E0000007","errorSummary":"Not found"}`))
			return
		}
		f.org.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	client, err := okta.New(server.URL, secret.New(token), transport.Options{Base: server.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := client.GetApp(f.ctx, app.ID); found != nil || !transport.Is(err, transport.NotFound) {
		t.Errorf("reading the app was answered with %v, %v", found, err)
	}
	if err := client.DeleteApp(f.ctx, app.ID); !transport.Is(err, transport.NotFound) {
		t.Errorf("deleting the app was answered with %v", err)
	}
	if err := client.UnassignGroup(f.ctx, app.ID, groups[0].ID); !transport.Is(err, transport.NotFound) {
		t.Errorf("unassigning the group was answered with %v", err)
	}
	if err := f.UnassignGroup(f.ctx, app.ID, groups[0].ID); err != nil {
		t.Fatal(err)
	}
	if err := client.UnassignGroup(f.ctx, app.ID, groups[0].ID); err != nil {
		t.Errorf("an assignment that is listed no more is gone, not %v", err)
	}
}

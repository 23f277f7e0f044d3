package okta_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

func TestClients_OfDeletedApps_AreFreeOrBlocked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		blocked bool
		status  int
	}{"free": {false, 200}, "blocked": {true, 400}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := serve(t, func(c *okta.Config) { c.BlockDeletedClientIDs = test.blocked })
			body := setClient(appBody("app"), "client_id", "accessbridge-acme-1")
			id := f.call(t, "POST", "/api/v1/apps", body).must(t, 200).object(t)["id"].(string)
			duplicate := f.call(t, "POST", "/api/v1/apps", body).must(t, 400).object(t)
			f.call(t, "POST", "/api/v1/apps/"+id+"/lifecycle/deactivate", nil).must(t, 200)
			f.call(t, "POST", "/api/v1/apps", body).must(t, 400) // an inactive app has its client id too
			f.call(t, "DELETE", "/api/v1/apps/"+id, nil).must(t, 204)
			again := f.call(t, "POST", "/api/v1/apps", body).must(t, test.status).object(t)
			if test.blocked && (again["errorCode"] != "E0000001" || causeOf(t, again) != causeOf(t, duplicate)) {
				t.Errorf("refused with %v, want what a duplicate gets: %v", again, duplicate)
			}
			if test.blocked {
				f.call(t, "GET", "/oauth2/v1/clients/accessbridge-acme-1", nil).must(t, 404)
			}
			f.org.Reset()
			f.call(t, "POST", "/api/v1/apps", body).must(t, 200)
		})
	}
}

func TestClients_AreShownWhateverTheStatusOfTheApp(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	id := f.call(t, "POST", "/api/v1/apps", setClient(appBody("app"), "client_id", "accessbridge-acme-1")).must(t, 200).object(t)["id"].(string)
	const path = "/oauth2/v1/clients/accessbridge-acme-1"
	for _, status := range []string{"ACTIVE", "INACTIVE"} {
		if err := f.org.SetAppStatus(id, status); err != nil {
			t.Fatal(err)
		}
		client := f.call(t, "GET", path, nil).must(t, 200).object(t)
		redirects, _ := client["redirect_uris"].([]any)
		if client["client_id"] != "accessbridge-acme-1" || client["client_name"] != "app" || len(redirects) != 1 || redirects[0] != callback {
			t.Errorf("%s: got %v", status, client)
		}
		if _, shown := client["client_secret"]; shown {
			t.Errorf("%s: the secret is shown", status)
		}
	}
	if refused := f.callAs(t, "SSWS wrong", "GET", path, nil).must(t, 401).object(t); refused["errorCode"] != "E0000011" {
		t.Errorf("got %v", refused)
	}
	if missing := f.call(t, "GET", path+"0", nil).must(t, 404).object(t); !strings.Contains(missing["errorSummary"].(string), "accessbridge-acme-10") {
		t.Errorf("got %v", missing)
	}
}

func TestGroups_Q_FindsAsManyAsTheOrgLetsIt(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) { c.GroupsFoundByQ = 2 })
	for path, want := range map[string]int{"?q=E": 2, "?q=E&limit=1": 1, "?q=E&limit=200": 3, "": 4} {
		if got := len(f.listIDs(t, "/api/v1/groups"+path)); got != want {
			t.Errorf("%s: found %d, want %d", path, got, want)
		}
	}
}

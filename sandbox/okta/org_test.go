package okta_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// stateOf is the org's state as JSON.
func stateOf(t *testing.T, org *okta.Org) string {
	t.Helper()
	encoded, err := json.MarshalIndent(org.State(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}

func TestOrg_State_IsAsBeforeWhenAllIsUndone(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) { c.AuthorizationServers = true })
	before := stateOf(t, f.org)
	body := setClient(appBody("app"), "client_secret", "a-secret-of-our-own")
	id := f.call(t, "POST", "/api/v1/apps", body).must(t, 200).object(t)["id"].(string)
	f.call(t, "PUT", "/api/v1/apps/"+id+"/groups/"+f.org.GroupID("Support"), map[string]any{}).must(t, 200)
	f.setClaim(t, id, "REGEX", ".*")
	connected := stateOf(t, f.org)
	for _, want := range []string{id, `"groupFilterType": "REGEX"`, `"name": "Support"`, `"sha256"`, `"status": "ACTIVE"`} {
		if !strings.Contains(connected, want) {
			t.Errorf("the state doesn't tell %s", want)
		}
	}
	for _, secret := range []string{"a-secret-of-our-own", token, "ada-password"} {
		if strings.Contains(connected, secret) {
			t.Errorf("the state tells %s", secret)
		}
	}
	f.call(t, "POST", "/api/v1/apps/"+id+"/lifecycle/deactivate", nil).must(t, 200)
	f.call(t, "DELETE", "/api/v1/apps/"+id, nil).must(t, 204)
	if diff := cmp.Diff(before, stateOf(t, f.org)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func TestOrg_State_IsTheSameAfterAReplacementByTheSame(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	id := f.createApp(t, "app")
	before := stateOf(t, f.org)
	app := f.call(t, "GET", "/api/v1/apps/"+id, nil).must(t, 200).object(t)
	f.call(t, "PUT", "/api/v1/apps/"+id, app).must(t, 200)
	f.call(t, "POST", "/api/v1/internal/apps/"+id+"/settings/oauth/idToken", map[string]any{"issuerMode": "ORG_URL"}).must(t, 200)
	if diff := cmp.Diff(before, stateOf(t, f.org)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

func TestOrg_Reset_GoesBackToTheSeeds(t *testing.T) {
	t.Parallel()
	f := serve(t, func(c *okta.Config) { c.AuthorizationServers = true })
	before := stateOf(t, f.org)
	p := connect(t, f, appBody("app"))
	p.signIn(t, p.browser(t), "ada@acme.example", "ada-password")
	f.org.CreateGroup(okta.Group{Name: "Sales"})
	f.org.AddUser(okta.User{Login: "eve@acme.example"})
	f.org.RevokeToken(token)
	f.org.Reset()
	if diff := cmp.Diff(before, stateOf(t, f.org)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	f.call(t, "GET", "/api/v1/apps", nil).must(t, 200)
}

func TestOrg_ByHand_ChangesWhatTheAPIShows(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	id, err := f.org.CreateApp(map[string]any{
		"name": "oidc_client", "label": "by hand", "signOnMode": "OPENID_CONNECT",
		"credentials": map[string]any{"oauthClient": map[string]any{}},
		"settings":    map[string]any{"oauthClient": map[string]any{"redirect_uris": []any{callback}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	group := f.org.CreateGroup(okta.Group{Name: "Sales"})
	for _, change := range []error{
		f.org.AssignGroup(id, group), f.org.RenameApp(id, "renamed"), f.org.SetGroupsClaim(id, "EQUALS", "Sales"),
	} {
		if change != nil {
			t.Fatal(change)
		}
	}
	app := f.call(t, "GET", "/api/v1/apps/"+id, nil).must(t, 200).object(t)
	claim := f.call(t, "GET", "/api/v1/internal/apps/"+id+"/settings/oauth/idToken", nil).must(t, 200).object(t)
	if app["label"] != "renamed" || claim["value"] != "Sales" || len(f.org.AppIDs("renamed")) != 1 {
		t.Errorf("label %v, claim %v", app["label"], claim)
	}
	f.call(t, "GET", "/api/v1/apps/"+id+"/groups/"+group, nil).must(t, 200)
	for _, change := range []error{f.org.UnassignGroup(id, group), f.org.SetAppStatus(id, "INACTIVE"), f.org.DeleteGroup(group), f.org.DeleteApp(id)} {
		if change != nil {
			t.Fatal(change)
		}
	}
	for _, impossible := range []error{f.org.UnassignGroup(id, group), f.org.DeleteGroup(group), f.org.DeleteApp(id)} {
		if impossible == nil {
			t.Error("what was gone could be changed")
		}
	}
}

func TestOrg_WriteStatus_AnswersAsOktaWould(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	for status, code := range map[int]string{
		400: "E0000001", 401: "E0000011", 403: "E0000006", 404: "E0000008", 405: "E0000022", 409: "E0000195",
		423: "E0000239", 429: "E0000047", 500: "E0000009", 502: "E0000009", 503: "E0000010",
	} {
		recorder := httptest.NewRecorder()
		f.org.WriteStatus(recorder, httptest.NewRequest("GET", "/api/v1/apps", nil), status)
		var body struct{ ErrorCode string }
		if err := json.Unmarshal(recorder.Body.Bytes(), &body); err != nil || recorder.Code != status || body.ErrorCode != code {
			t.Errorf("%d: %d %s %v, want %s", status, recorder.Code, body.ErrorCode, err, code)
		}
		if got := recorder.Header().Get("X-Rate-Limit-Reset"); (got != "") != (status == http.StatusTooManyRequests) {
			t.Errorf("%d: reset %q", status, got)
		}
	}
}

func TestOrg_UnknownPathsAndMethods_AreRefusedInJSON(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	for _, test := range []struct {
		method, path string
		status       int
		code         string
	}{
		{"GET", "/api/v1/brands/bnd", 404, "E0000008"},
		{"DELETE", "/api/v1/apps/", 404, "E0000008"},
		{"PATCH", "/api/v1/apps", 405, "E0000022"},
		{"GET", "/somewhere", 404, "E0000008"},
	} {
		refused := f.call(t, test.method, test.path, nil).must(t, test.status).object(t)
		if refused["errorCode"] != test.code {
			t.Errorf("%s %s: %v, want %s", test.method, test.path, refused["errorCode"], test.code)
		}
	}
}

func TestOrg_AuthorizationServers_NeedTheFeature(t *testing.T) {
	t.Parallel()
	without, with := serve(t, nil), serve(t, func(c *okta.Config) { c.AuthorizationServers = true })
	for _, path := range []string{"", "/default", "/default/claims", "/aus0/policies/00p0/rules"} {
		refused := without.call(t, "GET", "/api/v1/authorizationServers"+path, nil).must(t, 401).object(t)
		if refused["errorCode"] != "E0000015" {
			t.Errorf("%q: %v", path, refused["errorCode"])
		}
	}
	ctx, client := with.sdk(t)
	server, _, err := client.AuthorizationServer.GetAuthorizationServer(ctx, "default")
	if err != nil || server.Issuer != with.server.URL+"/oauth2/"+server.Id {
		t.Fatalf("server %v, %v", server, err)
	}
	base := "/api/v1/authorizationServers/default"
	policy := with.call(t, "POST", base+"/policies", map[string]any{"name": "Access"}).must(t, 201).object(t)["id"].(string)
	rule := with.call(t, "POST", base+"/policies/"+policy+"/rules", map[string]any{"name": "All"}).must(t, 201).object(t)["id"].(string)
	with.call(t, "GET", base+"/policies/"+policy+"/rules/"+rule, nil).must(t, 200)
	scope := with.call(t, "POST", base+"/scopes", map[string]any{"name": "groups"}).must(t, 201).object(t)["id"].(string)
	renamed := with.call(t, "PUT", base+"/scopes/"+scope, map[string]any{"name": "groups", "description": "Groups"}).must(t, 200).object(t)
	if renamed["description"] != "Groups" || renamed["id"] != scope {
		t.Errorf("scope %v", renamed)
	}
	for _, path := range []string{"/policies/" + policy, "/scopes/" + scope} {
		with.call(t, "DELETE", base+path, nil).must(t, 204)
		with.call(t, "GET", base+path, nil).must(t, 404)
	}
	with.call(t, "GET", base+"/policies/"+policy+"/rules", nil).must(t, 404)
	with.call(t, "GET", "/oauth2/"+server.Id+"/.well-known/openid-configuration", nil).must(t, 200)
	with.call(t, "GET", "/oauth2/aus0/.well-known/openid-configuration", nil).must(t, 404)
}

func TestOrg_ManyCallersAtOnce(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			id := f.createApp(t, "app")
			for _, name := range []string{"Engineering", "Support"} {
				f.call(t, "PUT", "/api/v1/apps/"+id+"/groups/"+f.org.GroupID(name), map[string]any{})
			}
			f.org.State()
			f.call(t, "GET", "/api/v1/apps?q=app", nil)
			f.call(t, "POST", "/api/v1/apps/"+id+"/lifecycle/deactivate", nil)
			f.call(t, "DELETE", "/api/v1/apps/"+id, nil)
		})
	}
	group.Wait()
	if left := f.org.AppIDs("app"); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOrg_Organization_TellsTheEngineAndTheRateShare(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	ctx, client := f.sdk(t)
	settings, _, err := client.OrgSetting.GetOrgSettings(ctx)
	if err != nil || settings.Subdomain != "acme" {
		t.Errorf("settings %v, %v", settings, err)
	}
	organization := f.callAs(t, "", "GET", "/.well-known/okta-organization", nil).must(t, 200).object(t)
	if organization["pipeline"] != "idx" || organization["id"] != settings.Id {
		t.Errorf("organization %v", organization)
	}
	limits := f.call(t, "GET", `/api/v1/principal-rate-limits?filter=principalType+eq+%22SSWS_TOKEN%22`, nil).must(t, 200).list(t)
	if len(limits) != 1 || limits[0]["defaultPercentage"] != 50.0 {
		t.Errorf("limits %v", limits)
	}
}

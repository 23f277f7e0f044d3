package okta_test

import (
	"errors"
	"fmt"
	"testing"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"
)

// sdkApp is an app as Okta's own client asks for it.
func sdkApp(label, clientID string) *sdk.OpenIdConnectApplication {
	off, code, grant := false, sdk.OAuthResponseType("code"), sdk.OAuthGrantType("authorization_code")
	app := sdk.NewOpenIdConnectApplication()
	app.Label = label
	app.Credentials = &sdk.OAuthApplicationCredentials{OauthClient: &sdk.ApplicationCredentialsOAuthClient{
		ClientId: clientID, TokenEndpointAuthMethod: "client_secret_basic", PkceRequired: &off,
	}}
	app.Settings = &sdk.OpenIdConnectApplicationSettings{OauthClient: &sdk.OpenIdConnectApplicationSettingsClient{
		ApplicationType: "web", RedirectUris: []string{callback},
		ResponseTypes: []*sdk.OAuthResponseType{&code}, GrantTypes: []*sdk.OAuthGrantType{&grant},
	}}
	return app
}

func TestApps_OktasOwnClient_CreatesAssignsAndReads(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	ctx, client := f.sdk(t)
	created := sdkApp("Cloudflare Access", "accessbridge-acme-12345678")
	if _, _, err := client.Application.CreateApplication(ctx, created, query.NewQueryParams(query.WithActivate(true))); err != nil {
		t.Fatal(err)
	}
	if got := created.Credentials.OauthClient; got.ClientId != "accessbridge-acme-12345678" || len(got.ClientSecret) != 64 {
		t.Errorf("client %q with a secret of %d characters, want the chosen id and 64", got.ClientId, len(got.ClientSecret))
	}
	read := sdk.NewOpenIdConnectApplication()
	if _, _, err := client.Application.GetApplication(ctx, created.Id, read, nil); err != nil {
		t.Fatal(err)
	}
	if read.Status != "ACTIVE" || read.Credentials.OauthClient.ClientSecret != "" {
		t.Errorf("GET shows status %q and secret %q, want ACTIVE and none", read.Status, read.Credentials.OauthClient.ClientSecret)
	}
	group := f.org.GroupID("Engineering")
	if _, _, err := client.Application.CreateApplicationGroupAssignment(ctx, created.Id, group, sdk.ApplicationGroupAssignment{}); err != nil {
		t.Fatal(err)
	}
	assigned, _, err := client.Application.ListApplicationGroupAssignments(ctx, created.Id, nil)
	if err != nil || len(assigned) != 1 || assigned[0].Id != group {
		t.Fatalf("assignments %v, %v; want one of %s", assigned, err, group)
	}
	apps, _, err := client.Group.ListAssignedApplicationsForGroup(ctx, group, nil)
	if err != nil || len(apps) != 1 {
		t.Errorf("the group has apps %v, %v; want one", apps, err)
	}
}

func TestApps_Delete_OnlyWhenInactive(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	ctx, client := f.sdk(t)
	id := f.createApp(t, "app")
	refusedWith := func(status int, code string) {
		t.Helper()
		response, err := client.Application.DeleteApplication(ctx, id)
		var refused *sdk.Error
		if !errors.As(err, &refused) || refused.ErrorCode != code || response.StatusCode != status {
			t.Errorf("deletion: %v, want %d %s", err, status, code)
		}
	}
	refusedWith(403, "E0000056")
	if _, err := client.Application.DeactivateApplication(ctx, id); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Application.DeleteApplication(ctx, id); err != nil {
		t.Fatal(err)
	}
	refusedWith(404, "E0000007")
}

func TestApps_Lists_PageByQAndFilter(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	for i := range 5 {
		f.createApp(t, fmt.Sprintf("Cloudflare Access %d", i))
	}
	f.createApp(t, "Cloudflare Access 0") // labels may repeat
	inactive := f.createApp(t, "Something else")
	f.call(t, "POST", "/api/v1/apps/"+inactive+"/lifecycle/deactivate", nil).must(t, 200)

	ctx, client := f.sdk(t)
	for _, test := range []struct {
		name  string
		query []query.ParamOptions
		want  int
	}{
		{"everything, with Okta's own three", nil, 10},
		{"prefix in any case", []query.ParamOptions{query.WithQ("cloudFLARE")}, 6},
		{"not in the middle", []query.ParamOptions{query.WithQ("Access")}, 0},
		{"the app's name too", []query.ParamOptions{query.WithQ("oidc_client")}, 7},
		{"inactive only", []query.ParamOptions{query.WithFilter(`status eq "INACTIVE"`)}, 1},
		{"pages", []query.ParamOptions{query.WithQ("Cloudflare"), query.WithLimit(4)}, 6},
	} {
		t.Run(test.name, func(t *testing.T) {
			var found []*sdk.Application
			apps, response, err := client.Application.ListApplications(ctx, query.NewQueryParams(test.query...))
			if err != nil {
				t.Fatal(err)
			}
			for _, app := range apps {
				found = append(found, app.(*sdk.Application))
			}
			for response.HasNextPage() {
				var next []*sdk.Application
				if response, err = response.Next(ctx, &next); err != nil {
					t.Fatal(err)
				}
				found = append(found, next...)
			}
			if len(found) != test.want {
				t.Errorf("found %d apps, want %d", len(found), test.want)
			}
		})
	}
}

func TestApps_NextPage_SurvivesADeletion(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	var ids []string
	for i := range 4 {
		ids = append(ids, f.createApp(t, fmt.Sprintf("app %d", i)))
	}
	first := f.call(t, "GET", "/api/v1/apps?q=app&limit=2", nil).must(t, 200)
	links := first.header.Values("Link")
	if len(links) != 2 {
		t.Fatalf("Link lines %q, want self and next, each on its own", links)
	}
	if err := f.org.DeleteApp(ids[1]); err != nil {
		t.Fatal(err)
	}
	var next string
	if _, err := fmt.Sscanf(links[1], "<"+f.server.URL+"%s", &next); err != nil {
		t.Fatal(err)
	}
	second := f.call(t, "GET", next[:len(next)-2], nil).must(t, 200).list(t)
	if len(second) != 2 || second[0]["id"] != ids[2] {
		t.Errorf("the second page begins with %v, want %s", second[0]["id"], ids[2])
	}
}

func TestApps_Create_RefusesWhatOktaRefuses(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	f.call(t, "POST", "/api/v1/apps", setClient(appBody("first"), "client_id", "taken-client-id")).must(t, 200)
	without := func(key string) map[string]any { body := appBody("label"); delete(body, key); return body }
	for _, test := range []struct {
		name string
		body any
		what string
	}{
		{"no label", without("label"), "label"},
		{"no sign-on mode", without("signOnMode"), "signOnMode"},
		{"no settings", without("settings"), "settings"},
		{"no credentials", without("credentials"), "credentials"},
		{"a client id that is taken", setClient(appBody("second"), "client_id", "taken-client-id"), "client_id"},
		{"a short client id", setClient(appBody("second"), "client_id", "short"), "client_id"},
		{"a client id with a space", setClient(appBody("second"), "client_id", "with a space"), "client_id"},
		{"the client id that means all", setClient(appBody("second"), "client_id", "ALL_CLIENTS"), "client_id"},
		{"a short secret", setClient(appBody("second"), "client_secret", "short"), "client_secret"},
	} {
		t.Run(test.name, func(t *testing.T) {
			refused := f.call(t, "POST", "/api/v1/apps", test.body).must(t, 400).object(t)
			if refused["errorCode"] != "E0000001" || refused["errorSummary"] != "Api validation failed: "+test.what {
				t.Errorf("refused with %v %v", refused["errorCode"], refused["errorSummary"])
			}
			if causes := refused["errorCauses"].([]any); len(causes) != 1 {
				t.Errorf("causes %v, want one", causes)
			}
		})
	}
}

func TestApps_Replace_KeepsWhatIsSentAndLosesTheRest(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	body := appBody("app")
	body["profile"] = map[string]any{"managedBy": "accessbridge", "deep": map[string]any{"n": 1.5}}
	body["settings"].(map[string]any)["oauthClient"].(map[string]any)["dpop_bound_access_tokens"] = true
	created := f.call(t, "POST", "/api/v1/apps", body).must(t, 200).object(t)
	id := created["id"].(string)
	secret := dig(created, "credentials", "oauthClient", "client_secret")
	if got := dig(created, "profile", "deep", "n"); got != 1.5 {
		t.Errorf("the profile came back with %v", got)
	}

	delete(body, "profile")
	delete(body["settings"].(map[string]any)["oauthClient"].(map[string]any), "dpop_bound_access_tokens")
	body["label"] = "renamed"
	replaced := f.call(t, "PUT", "/api/v1/apps/"+id, body).must(t, 200).object(t)
	for _, check := range []struct {
		what      string
		got, want any
	}{
		{"label", replaced["label"], "renamed"},
		{"profile", replaced["profile"], nil},
		{"DPoP", dig(replaced, "settings", "oauthClient", "dpop_bound_access_tokens"), false},
		{"client id", dig(replaced, "credentials", "oauthClient", "client_id"), id},
		{"secret", dig(replaced, "credentials", "oauthClient", "client_secret"), secret},
		{"created", replaced["created"], created["created"]},
	} {
		if check.got != check.want {
			t.Errorf("%s is %v, want %v", check.what, check.got, check.want)
		}
	}
	f.call(t, "PUT", "/api/v1/apps/"+id, setClient(appBody("app"), "client_id", "another-client")).must(t, 400)
}

func TestApps_WithoutAGoodToken_AreRefused(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	f.org.AddToken("second-token")
	f.callAs(t, "SSWS second-token", "GET", "/api/v1/apps", nil).must(t, 200)
	f.org.RevokeToken("second-token")
	for _, test := range []struct {
		authorization, path string
		status              int
		code                string
	}{
		{"SSWS second-token", "/api/v1/apps", 401, "E0000011"},
		{"SSWS wrong", "/api/v1/apps", 401, "E0000011"},
		{"Bearer something", "/api/v1/apps", 401, "E0000011"},
		{"Bearer something", "/api/v1/internal/apps/0oa/settings/oauth/idToken", 403, "E0000005"},
		{"", "/api/v1/apps", 403, "E0000005"},
	} {
		refused := f.callAs(t, test.authorization, "GET", test.path, nil).must(t, test.status)
		if got := refused.object(t)["errorCode"]; got != test.code {
			t.Errorf("%q at %s: %v, want %s", test.authorization, test.path, got, test.code)
		}
		for _, name := range []string{"X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Reset", "X-Okta-Request-Id", "Date"} {
			if refused.header.Get(name) == "" {
				t.Errorf("no %s", name)
			}
		}
	}
}

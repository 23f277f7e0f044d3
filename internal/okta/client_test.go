package okta_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
	"github.com/accessbridge/accessbridge/sandbox/conformance"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	sandbox "github.com/accessbridge/accessbridge/sandbox/okta"
)

const token = "00token-of-the-tests"

// fixture is a simulated org, and the client under test for it.
type fixture struct {
	*okta.Client
	org    *sandbox.Org
	ctx    context.Context
	server *httptest.Server
}

// post asks the org for what the client under test never does.
func (f fixture) post(t *testing.T, path string) {
	t.Helper()
	request, err := http.NewRequestWithContext(f.ctx, http.MethodPost, f.server.URL+path, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "SSWS "+token)
	response, err := f.server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode/100 != 2 {
		t.Fatalf("POST %s was answered with %d", path, response.StatusCode)
	}
}

// serve starts an org.
func serve(t *testing.T) fixture {
	t.Helper()
	org, err := sandbox.New(sandbox.Config{Name: "acme", Token: token, Limits: sandbox.Unlimited, OIE: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(kit.Wrap(org, kit.WithObserver(conformance.Observer())))
	t.Cleanup(server.Close)
	org.SetURL(server.URL)
	client, err := okta.New(server.URL+"/", secret.New(token), transport.Options{Base: server.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	return fixture{client, org, t.Context(), server}
}

const redirect = "https://acme.cloudflareaccess.com/cdn-cgi/access/callback"

// app is what a connection asks for.
func app() planner.App {
	return planner.App{
		Label: "Cloudflare Access", ClientID: "accessbridge-acme-0123abcd", RedirectURIs: []string{redirect},
		IssuerMode: "ORG_URL", Connection: "acme", Applications: []string{"f174e90a-fafe-4643-bbbc-4a0ed4fc8415"},
	}
}

// create makes the app and returns its id.
func (f fixture) create(t *testing.T) string {
	t.Helper()
	made, err := f.CreateApp(f.ctx, app())
	if err != nil {
		t.Fatal(err)
	}
	return made.ID
}

func TestApp_Lifecycle_ReadsBackAsWritten(t *testing.T) {
	t.Parallel()
	f := serve(t)
	id := f.create(t)
	found, err := f.FindApp(f.ctx, app().ClientID)
	if err != nil {
		t.Fatal(err)
	}
	want := app()
	want.ID, want.Status, want.ClientAuth = id, planner.AppActive, "client_secret_basic"
	if diff := cmp.Diff(&okta.App{App: want, OpenIDConnect: true}, found); diff != "" {
		t.Error(diff)
	}
	if other, err := f.FindApp(f.ctx, "accessbridge-acme-0123abc"); other != nil || err != nil {
		t.Errorf("a client id that is the start of another's found %+v, %v", other, err)
	}
	if _, err := f.CreateApp(f.ctx, app()); transport.As(err) == nil || transport.As(err).Code != okta.CodeValidation {
		t.Errorf("a second app with the client id: %v", err)
	}
	if err := f.DeleteApp(f.ctx, id); transport.As(err) == nil || transport.As(err).Code != okta.CodeStillActive {
		t.Errorf("deleting an active app: %v", err)
	}
	for range 2 { // each can be repeated
		if err := f.DeactivateApp(f.ctx, id); err != nil {
			t.Error(err)
		}
	}
	for range 2 {
		if err := f.DeleteApp(f.ctx, id); err != nil {
			t.Error(err)
		}
	}
	if gone, err := f.GetApp(f.ctx, id); gone != nil || err != nil {
		t.Errorf("a deleted app reads as %+v, %v", gone, err)
	}
}

func TestUpdateApp_SettingsOfOthers_Survive(t *testing.T) {
	t.Parallel()
	f := serve(t)
	id := f.create(t)
	err := f.org.EditApp(id, func(body map[string]any) {
		body["visibility"] = map[string]any{"autoSubmitToolbar": true}
		settings := body["settings"].(map[string]any)
		settings["somethingNew"] = map[string]any{"of": "tomorrow"}
		settings["oauthClient"].(map[string]any)["logo_uri"] = "https://acme.example/logo.png"
		body["profile"].(map[string]any)["owner"] = "somebody"
	})
	if err != nil {
		t.Fatal(err)
	}
	want := app()
	want.Label, want.RedirectURIs, want.Applications = "Access", []string{redirect, redirect + "/2"}, nil
	if err := f.UpdateApp(f.ctx, planner.App{ID: id}, want, nil); err != nil {
		t.Fatal(err)
	}
	check := func(body map[string]any) {
		settings := body["settings"].(map[string]any)
		for name, got := range map[string]any{
			"logo":       settings["oauthClient"].(map[string]any)["logo_uri"],
			"unknown":    settings["somethingNew"],
			"profile":    body["profile"].(map[string]any)["owner"],
			"visibility": body["visibility"].(map[string]any)["autoSubmitToolbar"],
		} {
			if got == nil || got == false {
				t.Errorf("%s was lost by the update", name)
			}
		}
	}
	if err := f.org.EditApp(id, check); err != nil {
		t.Fatal(err)
	}
	got, err := f.GetApp(f.ctx, id)
	if err != nil || got.Label != "Access" || !slices.Equal(got.RedirectURIs, want.RedirectURIs) || got.Applications != nil {
		t.Errorf("the app reads back as %+v, %v", got, err)
	}
}

func TestListApps_ManyPages_ReadsThemAll(t *testing.T) {
	t.Parallel()
	f := serve(t)
	before, err := f.ListApps(f.ctx)
	if err != nil {
		t.Fatal(err)
	}
	for range 450 {
		if _, err := f.org.CreateApp(map[string]any{
			"name": "oidc_client", "label": "Same", "signOnMode": "OPENID_CONNECT", "credentials": map[string]any{"oauthClient": map[string]any{}},
			"settings": map[string]any{"oauthClient": map[string]any{"application_type": "web", "redirect_uris": []any{redirect}}},
		}); err != nil {
			t.Fatal(err)
		}
	}
	apps, err := f.ListApps(f.ctx)
	if err != nil || len(apps) != len(before)+450 {
		t.Errorf("%d apps, %v", len(apps), err)
	}
}

func TestClaim_SetAndCleared(t *testing.T) {
	t.Parallel()
	f := serve(t)
	id := f.create(t)
	for _, want := range []*planner.Claim{
		nil,
		{Name: "groups", ValueType: "GROUPS", Filter: "REGEX", Value: ".*"},
		{Name: "groups", ValueType: "GROUPS", Filter: "STARTS_WITH", Value: `Eng "1"\`},
		nil,
	} {
		if err := f.SetClaim(f.ctx, id, "ORG_URL", want); err != nil {
			t.Fatal(err)
		}
		got, err := f.Claim(f.ctx, id)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	}
}

func TestActiveSecret_IsTheNewestThatIsActive(t *testing.T) {
	t.Parallel()
	f := serve(t)
	id := f.create(t)
	first, err := f.ActiveSecret(f.ctx, id)
	if err != nil || first.ID == "" || first.Hash == "" || first.Value.IsZero() {
		t.Fatalf("%+v, %v", first, err)
	}
	if err := f.AcceptsClient(f.ctx, app().ClientID, first); err != nil {
		t.Errorf("Okta refuses the secret that it showed: %v", err)
	}
	secrets := "/api/v1/apps/" + id + "/credentials/secrets"
	f.post(t, secrets)
	second, err := f.ActiveSecret(f.ctx, id)
	if err != nil || second.ID == first.ID {
		t.Errorf("a newer secret is not used: %v", err)
	}
	f.post(t, secrets+"/"+second.ID+"/lifecycle/deactivate")
	if again, err := f.ActiveSecret(f.ctx, id); err != nil || again.ID != first.ID {
		t.Errorf("the one that is still active is not used: %v", err)
	}
}

func TestAcceptsClient_WrongOnes_AreRefused(t *testing.T) {
	t.Parallel()
	f := serve(t)
	good, err := f.ActiveSecret(f.ctx, f.create(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		id     string
		secret secret.Secret
	}{
		"secret":    {app().ClientID, secret.New("wrong")},
		"client":    {"accessbridge-other-0123abcd", good.Value},
		"no secret": {app().ClientID, secret.New("")},
		"signs":     {"a:b%&=", secret.New("c:d+%")},
	} {
		if err := f.AcceptsClient(f.ctx, test.id, okta.ClientSecret{Value: test.secret}); !transport.Is(err, transport.Unauthorized) {
			t.Errorf("wrong %s: %v", name, err)
		}
	}
}

func TestAcceptsRedirect_OnlyWhatTheAppHas(t *testing.T) {
	t.Parallel()
	f := serve(t)
	id := f.create(t)
	if err := f.AcceptsRedirect(f.ctx, app().ClientID, redirect, true); err != nil {
		t.Error(err)
	}
	for _, wrong := range []string{redirect + "/", "https://evil.example/cdn-cgi/access/callback", "javascript:alert(1)", ""} {
		if err := f.AcceptsRedirect(f.ctx, app().ClientID, wrong, true); err == nil {
			t.Errorf("redirect URI %q was accepted", wrong)
		}
	}
	if err := f.DeactivateApp(f.ctx, id); err != nil {
		t.Fatal(err)
	}
	if err := f.AcceptsRedirect(f.ctx, app().ClientID, redirect, true); err == nil {
		t.Error("an inactive app's redirect URI was accepted")
	}
}

func TestIssuer_IsTheOrgItself(t *testing.T) {
	t.Parallel()
	f := serve(t)
	if issuer, err := f.Issuer(f.ctx); err != nil || issuer != f.URL() {
		t.Errorf("issuer %q of %q, %v", issuer, f.URL(), err)
	}
}

// notIDs are what no answer may put into a path.
var notIDs = []string{"", "abc", "../../api/v1/users", "0oa1/lifecycle/deactivate", "0oa1?x=y", "0oa1#", "0oa 1234", "0oa1\n234", "%2e%2e", "0оа12345", "0oa1..", string(make([]byte, 8))}

func TestEveryCall_WhatIsNoID_NeverReachesAPath(t *testing.T) {
	t.Parallel()
	f := serve(t)
	good := f.create(t)
	for _, id := range notIDs {
		for name, call := range map[string]func() error{
			"GetApp":              func() error { _, err := f.GetApp(f.ctx, id); return err },
			"UpdateApp":           func() error { return f.UpdateApp(f.ctx, planner.App{ID: id}, app(), nil) },
			"GroupsByID":          func() error { _, err := f.GroupsByID(f.ctx, []string{id}, nil); return err },
			"ActivateApp":         func() error { return f.ActivateApp(f.ctx, id) },
			"DeactivateApp":       func() error { return f.DeactivateApp(f.ctx, id) },
			"DeleteApp":           func() error { return f.DeleteApp(f.ctx, id) },
			"Claim":               func() error { _, err := f.Claim(f.ctx, id); return err },
			"SetClaim":            func() error { return f.SetClaim(f.ctx, id, "ORG_URL", nil) },
			"Secrets":             func() error { _, err := f.Secrets(f.ctx, id); return err },
			"ActiveSecret":        func() error { _, err := f.ActiveSecret(f.ctx, id); return err },
			"AssignedGroups":      func() error { _, err := f.AssignedGroups(f.ctx, id); return err },
			"AssignGroup app":     func() error { return f.AssignGroup(f.ctx, id, planner.Group{ID: good}) },
			"AssignGroup group":   func() error { return f.AssignGroup(f.ctx, good, planner.Group{ID: id}) },
			"UnassignGroup app":   func() error { return f.UnassignGroup(f.ctx, id, good) },
			"UnassignGroup group": func() error { return f.UnassignGroup(f.ctx, good, id) },
		} {
			if err := call(); err == nil || transport.As(err) != nil {
				t.Errorf("%s(%q): %v, want a refusal before anything is sent", name, id, err)
			}
		}
	}
}

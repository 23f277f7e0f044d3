package okta_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

func TestOpenID_Session_SkipsTheSignInPage_UnlessLoginIsAskedFor(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	browser := p.browser(t)
	tokens := p.exchange(t, p.signIn(t, browser, "ada@acme.example", "ada-password"))
	if answer := p.signIn(t, browser, "", ""); answer.Get("code") == "" {
		t.Errorf("with a session: %v, want a code", answer)
	}
	open := func(options ...oauth2.AuthCodeOption) int {
		t.Helper()
		return visit(t, browser, p.config.AuthCodeURL("x", options...)).StatusCode
	}
	if status := open(oauth2.SetAuthURLParam("prompt", "login")); status != http.StatusOK {
		t.Errorf("with prompt=login: %d, want the sign-in page", status)
	}
	visit(t, browser, p.server.URL+"/oauth2/v1/logout?id_token_hint="+tokens.Extra("id_token").(string))
	if status := open(); status != http.StatusOK {
		t.Errorf("after signing out: %d, want the sign-in page", status)
	}
}

func TestOpenID_Code_IsRefusedTooLate(t *testing.T) {
	t.Parallel()
	var now clock
	now.seconds.Store(time.Now().Unix() - 1_800_000_000)
	p := connect(t, serve(t, func(c *okta.Config) { c.Clock = now.now }), appBody("app"))
	code := p.signIn(t, p.browser(t), "ada@acme.example", "ada-password").Get("code")
	now.seconds.Add(301)
	if _, err := p.config.Exchange(p.context, code); err == nil || !strings.Contains(err.Error(), "invalid or has expired") {
		t.Errorf("after five minutes: %v", err)
	}
}

func TestOpenID_Code_IsRefusedOnceTheGroupLosesTheApp(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	code := p.signIn(t, p.browser(t), "ada@acme.example", "ada-password").Get("code")
	if err := p.org.UnassignGroup(p.appID, p.org.GroupID("Engineering")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.config.Exchange(p.context, code); err == nil {
		t.Error("a code was taken for somebody who may not use the app any more")
	}
}

func TestOpenID_SignIn_StopsWhenTheAppIsDeactivatedMeanwhile(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	browser := p.browser(t)
	page := visit(t, browser, p.config.AuthCodeURL("x"))
	if err := p.org.SetAppStatus(p.appID, "INACTIVE"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time, the sign-in isn't known any more
		sent := p.submit(t, browser, page, "ada@acme.example", "ada-password")
		if sent.StatusCode != http.StatusBadRequest {
			t.Errorf("status %d, want 400", sent.StatusCode)
		}
	}
}

func TestOpenID_RevokedToken_IsInactive(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	tokens := p.tokens(t)
	p.oauthCall(t, "/oauth2/v1/revoke", p.config.ClientID, p.config.ClientSecret, tokens.AccessToken).must(t, 200)
	if answer := p.introspect(t, p.config.ClientID, p.config.ClientSecret, tokens.AccessToken).object(t); answer["active"] != false {
		t.Errorf("introspection %v", answer)
	}
	if _, err := p.provider.UserInfo(p.context, oauth2.StaticTokenSource(tokens)); err == nil {
		t.Error("userinfo took a revoked token")
	}
}

func TestOpenID_Introspect_TellsOthersNothing(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, func(c *okta.Config) { c.AuthorizationServers = true }), appBody("app"))
	other := connect(t, p.fixture, appBody("other"))
	tokens := p.tokens(t)
	for path, party := range map[string]*relyingParty{"/oauth2/v1/introspect": other, "/oauth2/default/v1/introspect": p} {
		answer := p.oauthCall(t, path, party.config.ClientID, party.config.ClientSecret, tokens.AccessToken).must(t, 200).object(t)
		if answer["active"] != false || len(answer) != 1 {
			t.Errorf("%s: %v", path, answer)
		}
	}
	p.oauthCall(t, "/oauth2/aus0/v1/introspect", p.config.ClientID, p.config.ClientSecret, "bogus").must(t, 404)
}

func TestOpenID_TwoWaysOfAuthenticationAtOnce_AreRefused(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	form := url.Values{"token": {"bogus"}, "client_id": {p.config.ClientID}, "client_secret": {p.config.ClientSecret}}
	send := func(basic bool) response {
		request, err := http.NewRequestWithContext(t.Context(), "POST", p.server.URL+"/oauth2/v1/introspect", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if basic {
			request.SetBasicAuth(p.config.ClientID, p.config.ClientSecret)
		}
		return p.do(t, request)
	}
	if refused := send(true).must(t, 400).object(t); refused["error"] != "invalid_request" {
		t.Errorf("refused with %v", refused)
	}
	send(false).must(t, 200)
}

func TestOpenID_WildcardRedirect_FitsOneSubdomain(t *testing.T) {
	t.Parallel()
	body := appBody("app")
	client := body["settings"].(map[string]any)["oauthClient"].(map[string]any)
	client["wildcard_redirect"], client["redirect_uris"] = "SUBDOMAIN", []string{"https://*.example.com/callback"}
	p := connect(t, serve(t, nil), body)
	for redirect, want := range map[string]int{
		"https://one.example.com/callback": 302, "https://one.example.com/other": 400, "https://example.com/callback": 400,
		"https://evil.example/x.example.com/callback": 400,
	} {
		query := url.Values{
			"client_id": {p.config.ClientID}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid"}, "prompt": {"none"}, "state": {"x"},
		}
		page := visit(t, p.browser(t), p.server.URL+"/oauth2/v1/authorize?"+query.Encode())
		if page.StatusCode != want {
			t.Errorf("%s: %d, want %d", redirect, page.StatusCode, want)
		}
	}
}

func TestOpenID_MaxAge_AsksAgainAfterIt(t *testing.T) {
	t.Parallel()
	var now clock
	now.seconds.Store(time.Now().Unix() - 1_800_000_000)
	p := connect(t, serve(t, func(c *okta.Config) { c.Clock = now.now }), appBody("app"))
	browser := p.browser(t)
	p.signIn(t, browser, "ada@acme.example", "ada-password")
	now.seconds.Add(60)
	for _, test := range []struct {
		maxAge string
		signIn bool
	}{{"61", false}, {"60", false}, {"59", true}, {"0", true}, {"", false}} {
		asked := []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("max_age", test.maxAge)}
		if test.maxAge == "" {
			asked = nil
		}
		page := visit(t, browser, p.config.AuthCodeURL("x", asked...))
		if shown := page.StatusCode == http.StatusOK; shown != test.signIn {
			t.Errorf("max_age %q: status %d, sign-in page wanted: %v", test.maxAge, page.StatusCode, test.signIn)
		}
		silent := visit(t, browser, p.config.AuthCodeURL("x", append(asked, oauth2.SetAuthURLParam("prompt", "none"))...))
		if refused := strings.Contains(silent.Header.Get("Location"), "error=login_required"); refused != test.signIn {
			t.Errorf("max_age %q, prompt none: sent to %s", test.maxAge, silent.Header.Get("Location"))
		}
	}
}

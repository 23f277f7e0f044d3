package okta_test

import (
	"net/http"
	"net/url"
	"testing"
)

func TestOpenID_Logout_NeedsATokenAndARegisteredPlace(t *testing.T) {
	t.Parallel()
	const registered = "https://acme.example/bye?from=okta"
	body := appBody("app")
	body["settings"].(map[string]any)["oauthClient"].(map[string]any)["post_logout_redirect_uris"] = []string{registered}
	p := connect(t, serve(t, nil), body)
	browser := p.browser(t)
	idToken := p.exchange(t, p.signIn(t, browser, "ada@acme.example", "ada-password")).Extra("id_token").(string)
	signedIn := func() bool { return visit(t, browser, p.config.AuthCodeURL("x")).StatusCode == http.StatusFound }
	for _, test := range []struct {
		name     string
		form     url.Values
		status   int
		location string
		ended    bool
	}{
		{"no token", url.Values{"post_logout_redirect_uri": {registered}}, 400, "", false},
		{"not a token", url.Values{"id_token_hint": {"made.up.token"}}, 400, "", false},
		{"a changed token", url.Values{"id_token_hint": {idToken[:len(idToken)-8] + "AAAAAAAA"}}, 400, "", false},
		{"another place", url.Values{"id_token_hint": {idToken}, "post_logout_redirect_uri": {"https://evil.example/"}}, 400, "", false},
		{"good", url.Values{"id_token_hint": {idToken}, "post_logout_redirect_uri": {registered}, "state": {"a b"}}, 302, registered + "&state=a+b", true},
		{"no place", url.Values{"id_token_hint": {idToken}}, 200, "", true},
	} {
		p.signIn(t, browser, "ada@acme.example", "ada-password")
		page := visit(t, browser, p.server.URL+"/oauth2/v1/logout?"+test.form.Encode())
		if page.StatusCode != test.status || page.Header.Get("Location") != test.location {
			t.Errorf("%s: %d to %q, want %d to %q", test.name, page.StatusCode, page.Header.Get("Location"), test.status, test.location)
		}
		if signedIn() == test.ended {
			t.Errorf("%s: the session has ended: %v, want %v", test.name, !test.ended, test.ended)
		}
	}
}

package okta_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestOpenID_PushedRequest_IsCheckedAndStandsForOneSignIn(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	push := func(secret, redirect, scope string) response {
		t.Helper()
		form := url.Values{"response_type": {"code"}, "redirect_uri": {redirect}, "scope": {scope}, "state": {"s1"}, "nonce": {"n"}, "prompt": {"none"}}
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.server.URL+"/oauth2/v1/par", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.SetBasicAuth(url.QueryEscape(p.config.ClientID), url.QueryEscape(secret))
		return p.do(t, request)
	}
	push("wrong", p.config.RedirectURL, "openid").must(t, http.StatusUnauthorized)
	push(p.config.ClientSecret, "https://elsewhere.example/", "openid").must(t, http.StatusBadRequest)
	push(p.config.ClientSecret, p.config.RedirectURL, "unknown").must(t, http.StatusBadRequest)
	name, _ := push(p.config.ClientSecret, p.config.RedirectURL, "openid groups").must(t, http.StatusOK).object(t)["request_uri"].(string)
	authorize := "/oauth2/v1/authorize?" + url.Values{"client_id": {p.config.ClientID}, "request_uri": {name}}.Encode()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.server.URL+authorize, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := *p.server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, want := range []string{"error=login_required", ""} { // the second time it stands for nothing
		answered, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = answered.Body.Close()
		if location := answered.Header.Get("Location"); !strings.Contains(location, want) || (want == "") != (location == "") {
			t.Errorf("redirected to %q, want %q", location, want)
		}
	}
}

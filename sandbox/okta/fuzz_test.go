package okta_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/conformance"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// requests are a method, a target and a body each.
var requests = [][3]string{
	{"GET", "/api/v1/apps?limit=-1&after=x&q=%00", ""},
	{"GET", `/api/v1/groups?search=profile.name%20eq%20%22a%5C%22`, ""},
	{"GET", "/api/v1/groups?filter=((((&limit=99999999999999999999", ""},
	{"POST", "/api/v1/apps", `{"name":"oidc_client","label":"x","signOnMode":"OPENID_CONNECT","credentials":{"oauthClient":{"client_id":5}},"settings":{"oauthClient":{"redirect_uris":["https://a.example"]}}}`},
	{"POST", "/api/v1/apps?activate=true", `{"name":"oidc_client","label":"x","signOnMode":"OPENID_CONNECT","credentials":[],"settings":{"oauthClient":"x"},"profile":[1]}`},
	{"PUT", "/api/v1/apps/{app}", `{"label":"y","signOnMode":"OPENID_CONNECT","name":"oidc_client","settings":{"oauthClient":{"redirect_uris":"x"}},"credentials":{"oauthClient":null}}`},
	{"PUT", "/api/v1/apps/{app}/groups/{group}", `{"priority":"x"}`},
	{"POST", "/api/v1/apps/{app}/credentials/secrets", `{"client_secret":null}`},
	{"POST", "/api/v1/internal/apps/{app}/settings/oauth/idToken", `{"issuerMode":1,"name":{},"value":"("}`},
	{"POST", "/api/v1/groups", `{"profile":{"name":["x"]}}`},
	{"POST", "/api/v1/groups", `{"profile":"x"}`},
	{"DELETE", "/api/v1/apps/{app}", ""},
	{"POST", "/oauth2/v1/introspect", "token=%zz&client_id=x"},
	{"POST", "/oauth2/v1/token", "grant_type=authorization_code&code=x&client_id={app}&client_secret=y"},
	{"GET", "/oauth2/v1/authorize?client_id={app}&redirect_uri=:%zz&response_type=code&scope=openid&prompt=none", ""},
	{"POST", "/api/v1/authorizationServers", `{"name":5}`},
	{"GET", "/.well-known/openid-configuration", ""},
	{"GET", "/login?id=../x", ""},
}

// FuzzServeHTTP sends the org any request: it must answer, and never with a server's failure. {app}, {group} and {secret} stand
// for ids that exist.
func FuzzServeHTTP(f *testing.F) {
	for _, seed := range requests {
		f.Add(seed[0], seed[1], seed[2])
	}
	org, err := okta.New(okta.Config{
		Name: "acme", Token: token, Limits: okta.Unlimited, OIE: true, AuthorizationServers: true, Groups: []okta.Group{{Name: "Engineering"}},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, target, body string) {
		org.Reset()
		app, err := org.CreateApp(map[string]any{
			"name": "oidc_client", "label": "x", "signOnMode": "OPENID_CONNECT", "credentials": map[string]any{"oauthClient": map[string]any{}},
			"settings": map[string]any{"oauthClient": map[string]any{"application_type": "web", "redirect_uris": []any{"https://a.example/callback"}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		target = strings.NewReplacer("{app}", app, "{group}", org.GroupID("Engineering")).Replace(target)
		place, err := url.ParseRequestURI(target)
		if err != nil || !strings.HasPrefix(target, "/") {
			t.Skip("no server gets such a request")
		}
		request, err := http.NewRequestWithContext(t.Context(), method, "https://acme.okta.example/", strings.NewReader(body))
		if err != nil {
			t.Skip("no client can send it")
		}
		request.URL.Path, request.URL.RawPath, request.URL.RawQuery, request.RequestURI = place.Path, place.RawPath, place.RawQuery, target
		request.Header.Set("Authorization", "SSWS "+token)
		request.Header.Set("Content-Type", "application/json")
		if strings.HasPrefix(target, "/oauth2/") {
			request.Header.Del("Authorization")
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		answer := httptest.NewRecorder()
		org.ServeHTTP(answer, request)
		conformance.Observer()(request, answer.Code, answer.Header(), answer.Body.Bytes())
		if answer.Code >= 500 {
			t.Errorf("%s %s with %q was answered with %d: %s", method, target, body, answer.Code, answer.Body)
		}
		_ = org.State()
	})
}

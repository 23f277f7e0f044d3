package cloudflare_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/conformance"
)

// requests are a method, a target and a body each.
var requests = [][3]string{
	{"GET", "/access/identity_providers?page=-1&per_page=99999999999999999999", ""},
	{"POST", "/access/identity_providers", `{"name":"x","type":"okta","config":{"client_id":5},"scim_config":{"enabled":"yes"}}`},
	{"PUT", "/access/identity_providers/{provider}", `{"name":"x","type":"okta","config":{},"scim_config":{"enabled":true}}`},
	{"POST", "/access/policies", `{"name":"x","decision":"allow","include":[{"okta":null}],"require":null}`},
	{"POST", "/access/policies", `{"name":"x","decision":"allow","include":[{"okta":{"identity_provider_id":"{provider}","name":5}}]}`},
	{"PUT", "/access/policies/{policy}", `{"name":"x","decision":"allow","include":[{"group":{"id":"x"}},[],5]}`},
	{"PUT", "/access/apps/{application}", `{"policies":[{"id":5},"x",null,{"name":"y","decision":"allow","include":[]}]}`},
	{"PUT", "/access/apps/{application}", `{"type":"self_hosted","domain":"x","policies":[{"id":"{policy}","precedence":1e308}],"allowed_idps":"x"}`},
	{"POST", "/access/groups", `{"name":"x","include":[{"everyone":{}}],"exclude":{}}`},
	{"DELETE", "/access/policies/{policy}", ""},
	{"GET", "/access/logs/access_requests?limit=x&since=y", ""},
	{"GET", "/access/organizations", ""},
	{"PATCH", "/access/%2e%2e/", `[`},
}

// FuzzServeHTTP sends the API any request: it must answer, and never with a server's failure but the one that the real API was
// seen to give, which is a caller's fault. {provider}, {policy} and {application} stand for ids that exist.
func FuzzServeHTTP(f *testing.F) {
	for _, seed := range requests {
		f.Add(seed[0], seed[1], seed[2])
	}
	api, err := cloudflare.New(cloudflare.Config{Limit: -1, Accounts: []cloudflare.Account{{
		ID: account, Name: "Acme", AuthDomain: "acme.cloudflareaccess.example", Tokens: []cloudflare.Token{{Value: token}},
		Applications: []cloudflare.Application{{Name: "Wiki", Domain: "wiki.acme.example"}},
	}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, target, body string) {
		api.Reset()
		existing := strings.NewReplacer(
			"{provider}", api.AddIdentityProvider(account, cloudflare.IdentityProvider{Name: "x", Type: "okta"}),
			"{policy}", api.AddPolicy(account, map[string]any{"name": "x", "decision": "allow", "include": []any{map[string]any{"everyone": map[string]any{}}}}),
			"{application}", api.Applications(account)[0]["id"].(string),
		)
		target, body = cloudflare.Base+"/accounts/"+account+existing.Replace(target), existing.Replace(body)
		place, err := url.ParseRequestURI(target)
		if err != nil {
			t.Skip("no server gets such a request")
		}
		request, err := http.NewRequestWithContext(t.Context(), method, "https://api.example/", strings.NewReader(body))
		if err != nil {
			t.Skip("no client can send it")
		}
		request.URL.Path, request.URL.RawPath, request.URL.RawQuery, request.RequestURI = place.Path, place.RawPath, place.RawQuery, target
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		api.ServeHTTP(answer, request)
		conformance.Observer()(request, answer.Code, answer.Header(), answer.Body.Bytes())
		if answer.Code >= 500 && !strings.Contains(answer.Body.String(), "10001") {
			t.Errorf("%s %s with %q was answered with %d: %s", method, target, body, answer.Code, answer.Body)
		}
		_ = api.State()
	})
}

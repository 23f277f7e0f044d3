package okta_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	sdk "github.com/okta/okta-sdk-golang/v2/okta"

	"github.com/accessbridge/accessbridge/sandbox/conformance"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// TestMain fails the package where an answer of the sandbox differs from Okta's description.
func TestMain(m *testing.M) { os.Exit(conformance.Report(m.Run())) }

const token = "00token-of-the-sandbox"

// What the sandbox's kit serves.
var (
	_ kit.Simulator    = (*okta.Org)(nil)
	_ kit.StatusWriter = (*okta.Org)(nil)
)

// fixture is an org that is served, and ways to talk to it.
type fixture struct {
	org    *okta.Org
	kit    *kit.Server
	server *httptest.Server
	client *http.Client
}

// serve starts an org with a few groups and people. Edit may change what it is like.
func serve(t *testing.T, edit func(*okta.Config)) *fixture {
	t.Helper()
	config := okta.Config{
		Name: "acme", Token: token, Limits: okta.Unlimited, OIE: true,
		Groups: []okta.Group{{Name: "Engineering"}, {Name: "Engineering Leads"}, {Name: "Support", Description: "Help"}},
		Users: []okta.User{
			{Login: "ada@acme.example", Password: "ada-password", FirstName: "Ada", LastName: "Lovelace", Groups: []string{"Engineering"}},
			{Login: "bob@acme.example", Password: "bob-password", FirstName: "Bob", LastName: "Ross", Groups: []string{"Support"}},
		},
	}
	if edit != nil {
		edit(&config)
	}
	org, err := okta.New(config)
	if err != nil {
		t.Fatal(err)
	}
	wrapped := kit.Wrap(org, kit.WithObserver(conformance.Observer()))
	server := httptest.NewTLSServer(wrapped)
	t.Cleanup(server.Close)
	org.SetURL(server.URL)
	return &fixture{org: org, kit: wrapped, server: server, client: server.Client()}
}

// sdk is Okta's own client for the org.
func (f *fixture) sdk(t *testing.T) (context.Context, *sdk.Client) {
	t.Helper()
	ctx, client, err := sdk.NewClient(t.Context(), sdk.WithOrgUrl(f.server.URL), sdk.WithToken(token),
		sdk.WithCache(false), sdk.WithRateLimitMaxRetries(-1), sdk.WithHttpClientPtr(f.client))
	if err != nil {
		t.Fatal(err)
	}
	return ctx, client
}

// response is an answer with its body read.
type response struct {
	status int
	header http.Header
	body   []byte
}

// call makes a raw request to the management API.
func (f *fixture) call(t *testing.T, method, path string, body any) response {
	t.Helper()
	return f.callAs(t, "SSWS "+token, method, path, body)
}

func (f *fixture) callAs(t *testing.T, authorization, method, path string, body any) response {
	t.Helper()
	var content io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, f.server.URL+path, content)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	return f.do(t, request)
}

func (f *fixture) do(t *testing.T, request *http.Request) response {
	t.Helper()
	answer, err := f.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{status: answer.StatusCode, header: answer.Header, body: content}
}

// object reads the answer's JSON object.
func (r response) object(t *testing.T) map[string]any {
	t.Helper()
	var decoded map[string]any
	if err := json.Unmarshal(r.body, &decoded); err != nil {
		t.Fatalf("%s: %v", r.body, err)
	}
	return decoded
}

// list reads the answer's JSON array.
func (r response) list(t *testing.T) []map[string]any {
	t.Helper()
	var decoded []map[string]any
	if err := json.Unmarshal(r.body, &decoded); err != nil {
		t.Fatalf("%s: %v", r.body, err)
	}
	return decoded
}

// must fails the test unless the answer has a status.
func (r response) must(t *testing.T, status int) response {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	return r
}

// dig is what is at a place in a JSON object.
func dig(from any, path ...string) any {
	for _, key := range path {
		inner, _ := from.(map[string]any)
		from = inner[key]
	}
	return from
}

// appBody asks for an app as accessbridge would.
func appBody(label string) map[string]any {
	return map[string]any{
		"name": "oidc_client", "label": label, "signOnMode": "OPENID_CONNECT",
		"credentials": map[string]any{"oauthClient": map[string]any{
			"token_endpoint_auth_method": "client_secret_basic", "pkce_required": false, "autoKeyRotation": true,
		}},
		"settings": map[string]any{"oauthClient": map[string]any{
			"application_type": "web", "grant_types": []string{"authorization_code"}, "response_types": []string{"code"},
			"redirect_uris":  []string{callback},
			"consent_method": "TRUSTED", "issuer_mode": "ORG_URL", "wildcard_redirect": "DISABLED",
		}},
	}
}

// callback is where the apps of the tests send people back to.
const callback = "https://acme.cloudflareaccess.com/cdn-cgi/access/callback"

// setClient sets a value of the app's OAuth client.
func setClient(body map[string]any, key string, value any) map[string]any {
	body["credentials"].(map[string]any)["oauthClient"].(map[string]any)[key] = value
	return body
}

// createApp makes an app and returns its id.
func (f *fixture) createApp(t *testing.T, label string) string {
	t.Helper()
	return f.call(t, "POST", "/api/v1/apps", appBody(label)).must(t, 200).object(t)["id"].(string)
}

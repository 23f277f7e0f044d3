package cloudflare_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	cf "github.com/cloudflare/cloudflare-go"
	"go.uber.org/goleak"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/conformance"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

func TestMain(m *testing.M) {
	code := conformance.Report(m.Run())
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Println(err)
		code = 1
	}
	os.Exit(code)
}

const (
	account = "0123456789abcdef0123456789abcdef"
	other   = "fedcba9876543210fedcba9876543210"
	unknown = "00000000-0000-0000-0000-000000000000"
	token   = "a-token-for-tests"
)

type fixture struct {
	*kit.Server
	api    *cloudflare.API
	client *cf.API
	http   *http.Client
	url    string
}

// start serves one account, with what the changes make of its configuration.
func start(t *testing.T, changes ...func(*cloudflare.Config)) fixture {
	t.Helper()
	config := cloudflare.Config{Limit: -1, Accounts: []cloudflare.Account{
		{
			ID: account, Name: "Acme", AuthDomain: "acme.cloudflareaccess.example", Tokens: []cloudflare.Token{
				{Value: token},
				{Value: "policies-only", Permissions: []string{"policies:read"}},
				{Value: "idp-reader", Permissions: []string{"idp:read", "org:read"}},
				{Value: "owned-by-the-account", AccountOwned: true},
				{Value: "disabled", Status: "disabled"},
			},
		},
		{ID: other, Name: "Off", AccessDisabled: true, Tokens: []cloudflare.Token{{Value: token}}},
	}}
	for _, change := range changes {
		change(&config)
	}
	api, err := cloudflare.New(config)
	if err != nil {
		t.Fatal(err)
	}
	ca, err := kit.NewCA()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := kit.Listen("127.0.0.1:0", ca, "")
	if err != nil {
		t.Fatal(err)
	}
	server := kit.Wrap(api, kit.WithObserver(conformance.Observer()))
	listener.Serve(server)
	httpClient := ca.Client()
	t.Cleanup(func() {
		httpClient.CloseIdleConnections()
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := cf.NewWithAPIToken(token, cf.BaseURL(listener.URL()+cloudflare.Base), cf.HTTPClient(httpClient),
		cf.UsingRetryPolicy(0, 0, 0), cf.UsingRateLimit(1000))
	if err != nil {
		t.Fatal(err)
	}
	return fixture{server, api, client, httpClient, listener.URL() + cloudflare.Base}
}

type answer struct {
	Status int
	Header http.Header
	Body   map[string]any
}

// result is the result when it is an object.
func (a answer) result() map[string]any {
	value, _ := a.Body["result"].(map[string]any)
	return value
}

// results is the result when it is a list.
func (a answer) results() []map[string]any {
	all := []map[string]any{}
	values, _ := a.Body["result"].([]any)
	for _, value := range values {
		all = append(all, value.(map[string]any))
	}
	return all
}

func (a answer) code() string {
	problems, _ := a.Body["errors"].([]any)
	if len(problems) == 0 {
		return ""
	}
	first := problems[0].(map[string]any)
	return fmt.Sprint(first["code"], " ", first["message"])
}

func (a answer) id() string {
	id, _ := a.result()["id"].(string)
	return id
}

// call sends a request with the token; the path is below the account's /access/ unless it starts with a slash.
func (f fixture) call(t *testing.T, token, method, path string, body any) answer {
	t.Helper()
	if !strings.HasPrefix(path, "/") {
		path = "/accounts/" + account + "/access/" + path
	}
	var content io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(body)
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, f.url+path, content)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := f.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got := answer{Status: response.StatusCode, Header: response.Header}
	if err := json.NewDecoder(response.Body).Decode(&got.Body); err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("CF-Ray") == "" || got.Header.Get("Ratelimit") == "" || got.Header.Get("Ratelimit-Policy") == "" {
		t.Errorf("%s %s: CF-Ray, Ratelimit or Ratelimit-Policy is missing in %v", method, path, got.Header)
	}
	return got
}

// must is call for what has to work.
func (f fixture) must(t *testing.T, status int, method, path string, body any) answer {
	t.Helper()
	got := f.call(t, token, method, path, body)
	if got.Status != status {
		t.Fatalf("%s %s: got %d %v, want %d", method, path, got.Status, got.Body, status)
	}
	return got
}

type m = map[string]any

func okta(name string) m {
	return m{"name": name, "type": "okta", "config": m{
		"client_id": "0oa1", "client_secret": "the-secret", "okta_account": "https://acme.okta.example",
		"claims": []string{"groups"}, "pkce_enabled": true,
	}}
}

func rule(kind string, settings m) m { return m{kind: settings} }

func policy(name string, include ...m) m {
	return m{"name": name, "decision": "allow", "include": include}
}

func (f fixture) state(t *testing.T) string {
	t.Helper()
	state, err := f.State()
	if err != nil {
		t.Fatal(err)
	}
	return state
}

func identifier() *cf.ResourceContainer { return cf.AccountIdentifier(account) }

// codeOf is what cloudflare-go makes of a refusal.
func codeOf(err error) (status, code int) {
	var refused *cf.Error
	if !errors.As(err, &refused) || len(refused.ErrorCodes) == 0 {
		return 0, 0
	}
	return refused.StatusCode, refused.ErrorCodes[0]
}

func names(all []map[string]any) []string {
	found := []string{}
	for _, one := range all {
		found = append(found, one["name"].(string))
	}
	slices.Sort(found)
	return found
}

package host_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/conformance"
	"github.com/accessbridge/accessbridge/sandbox/host"
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

func start(t *testing.T, changes ...func(*host.Options)) *host.Sandbox {
	t.Helper()
	options := host.Ephemeral()
	options.OktaOptions = []kit.Option{kit.WithObserver(conformance.Observer())}
	options.APIOptions = options.OktaOptions
	for _, change := range changes {
		change(&options)
	}
	sandbox, err := host.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sandbox.Close)
	return sandbox
}

type m = map[string]any

// wired is the sandbox with acme connected: Engineering and Support may sign in, Engineering gets in.
type wired struct {
	*host.Sandbox
	app      string // Okta's
	provider string // Cloudflare's identity provider
	policy   string
	wiki     string // Cloudflare's application, with the policy
}

func wire(t *testing.T, changes ...func(*host.Options)) wired {
	t.Helper()
	w := wired{Sandbox: start(t, changes...)}
	org, account := w.Orgs["acme"], w.Accounts["acme"]
	created := w.okta(t, "POST", "/api/v1/apps?activate=true", m{
		"name": "oidc_client", "label": "Cloudflare Access", "signOnMode": "OPENID_CONNECT",
		"credentials": m{"oauthClient": m{"client_id": "accessbridge-acme-test", "token_endpoint_auth_method": "client_secret_basic", "autoKeyRotation": true}},
		"settings": m{"oauthClient": m{
			"application_type": "web", "grant_types": []string{"authorization_code"}, "response_types": []string{"code"},
			"redirect_uris": []string{account.URL + "/cdn-cgi/access/callback"}, "consent_method": "TRUSTED", "issuer_mode": "ORG_URL",
		}},
	})
	w.app = created["id"].(string)
	w.okta(t, "POST", "/api/v1/internal/apps/"+w.app+"/settings/oauth/idToken", m{
		"valueType": "GROUPS", "groupFilterType": "REGEX", "issuerMode": "ORG_URL", "name": "groups", "value": ".*",
	})
	for _, group := range []string{"Engineering", "Support"} {
		w.okta(t, "PUT", "/api/v1/apps/"+w.app+"/groups/"+org.Org.GroupID(group), m{})
	}
	credentials := created["credentials"].(m)["oauthClient"].(m)
	w.provider = w.API.API.AddIdentityProvider(account.ID, cloudflare.IdentityProvider{Name: "Okta", Type: "okta", Config: m{
		"client_id": credentials["client_id"], "client_secret": credentials["client_secret"], "okta_account": org.URL, "pkce_enabled": true,
	}})
	w.policy = w.API.API.AddPolicy(account.ID, m{"name": "Okta staff", "decision": "allow", "include": []any{
		m{"okta": m{"name": "Engineering", "identity_provider_id": w.provider}}, m{"email": m{"email": "ceo@acme.example"}},
	}})
	w.wiki = w.API.API.Applications(account.ID)[0]["id"].(string)
	w.API.API.AttachPolicy(account.ID, w.wiki, w.policy)
	return w
}

func (w wired) okta(t *testing.T, method, path string, body any) m {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, _ := http.NewRequestWithContext(t.Context(), method, w.Orgs["acme"].URL+path, bytes.NewReader(encoded))
	request.Header.Set("Authorization", "SSWS "+w.Orgs["acme"].Token)
	request.Header.Set("Content-Type", "application/json")
	client := w.CA.Client()
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, _ := io.ReadAll(response.Body)
	got := m{}
	if len(content) > 0 {
		if err := json.Unmarshal(content, &got); err != nil {
			t.Fatal(err)
		}
	}
	if response.StatusCode >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, content)
	}
	return got
}

// signIn is SignIn at acme, through Okta.
func (w wired) signIn(t *testing.T, path, login string) (allowed bool, reason string) {
	t.Helper()
	outcome, err := w.SignIn(t.Context(), "acme", path, "Okta", login)
	if err != nil {
		t.Fatalf("%s at %s: %v", login, path, err)
	}
	return outcome.Allowed, outcome.Reason
}

func TestStart_TwoSandboxes_ShareNothing(t *testing.T) {
	t.Parallel()
	first, second := start(t), start(t)
	if first.Orgs["acme"].Token == second.Orgs["acme"].Token || first.API.URL == second.API.URL || first.CAFile == second.CAFile {
		t.Error("two sandboxes must not share tokens, addresses or files")
	}
	first.API.API.AddIdentityProvider(first.Accounts["acme"].ID, cloudflare.IdentityProvider{Name: "Okta", Type: "okta"})
	if got := second.API.API.IdentityProviders(second.Accounts["acme"].ID); len(got) != 1 {
		t.Errorf("got %v", got)
	}
	response, err := second.CA.Client().Get(first.API.URL)
	if err == nil {
		response.Body.Close()
		t.Error("an authority must not vouch for another sandbox")
	}
}

func TestStart_EndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	sandbox, err := host.Start(ctx, host.Ephemeral())
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for {
		if _, err := os.Stat(sandbox.CAFile); err != nil {
			break // the temporary file goes last
		}
	}
	sandbox.Close()
}

func TestStart_AddressInUse_ClosesTheOthers(t *testing.T) {
	t.Parallel()
	running := start(t)
	options := host.Ephemeral()
	options.APIAddress = strings.TrimSuffix(strings.TrimPrefix(running.API.URL, "https://"), cloudflare.Base)
	if _, err := host.Start(t.Context(), options); err == nil {
		t.Error("an address in use must be an error")
	}
}

func TestWorkerConfig_HasWhatAWorkerNeeds(t *testing.T) {
	t.Parallel()
	sandbox := start(t)
	config := sandbox.WorkerConfig()
	org := config["okta"].(m)["orgs"].(m)["globex"].(m)
	account := config["cloudflare"].(m)["accounts"].(m)["globex"].(m)
	if org["url"] != sandbox.Orgs["globex"].URL || org["api_token"] != sandbox.Orgs["globex"].Token ||
		account["account_id"] != sandbox.Accounts["globex"].ID || account["api_token"] != sandbox.Accounts["globex"].Token ||
		config["cloudflare"].(m)["base_url"] != sandbox.API.URL || config["ca_file"] != sandbox.CAFile {
		t.Errorf("got %v", config)
	}
	if _, err := os.Stat(sandbox.CAFile); err != nil {
		t.Error(err)
	}
}

func TestReset_TakesEachServiceBackToItsSeeds(t *testing.T) {
	t.Parallel()
	w := wire(t)
	fresh := start(t, func(options *host.Options) {
		for i, account := range options.Accounts {
			options.Accounts[i].ID = w.Accounts[account.Name].ID
		}
	})
	w.API.Inject(kit.Fault{Kind: kit.KindGarbage})
	w.API.Reset()
	w.Orgs["acme"].Reset()
	after, _ := w.API.State()
	before, _ := fresh.API.State()
	for name := range w.Accounts { // where they listen differs
		after = strings.ReplaceAll(after, w.Accounts[name].AuthDomain, name)
		before = strings.ReplaceAll(before, fresh.Accounts[name].AuthDomain, name)
	}
	if after != before || len(w.API.Faults()) != 0 || len(w.API.Requests()) != 0 {
		t.Errorf("got %s, want %s", after, before)
	}
	if got := w.Orgs["acme"].Org.AppIDs("Cloudflare Access"); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}

func TestFault_InjectedStatus_LooksLikeOkta(t *testing.T) {
	t.Parallel()
	sandbox := start(t)
	org := sandbox.Orgs["acme"]
	client := sandbox.CA.Client()
	defer client.CloseIdleConnections()
	for status, code := range map[int]string{401: "E0000011", 403: "E0000006", 404: "E0000007", 418: "E0000001", 429: "E0000047", 503: "E0000009"} {
		org.Inject(kit.Fault{Kind: kit.KindStatus, Status: status, Count: 1})
		response, err := client.Get(org.URL + "/api/v1/apps")
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != status || !strings.Contains(string(body), code) || (response.Header.Get("X-Rate-Limit-Reset") != "") != (status == 429) {
			t.Errorf("got %d %s %v", response.StatusCode, body, response.Header)
		}
	}
}

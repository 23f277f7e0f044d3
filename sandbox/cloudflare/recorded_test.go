package cloudflare_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/conformance"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// record is one of the reference's recorded answers.
type record struct {
	Status   int `json:"status"`
	Response m   `json:"response"`
}

func TestErrors_AreAsRecorded(t *testing.T) {
	t.Parallel()
	reference := conformance.NeedReference(t)
	f := start(t, seeded)
	application := f.api.Applications(account)[0]["id"].(string)
	provider := f.must(t, 201, "POST", "identity_providers", okta("Okta")).id()
	f.must(t, 201, "POST", "identity_providers", m{"name": "PIN", "type": "onetimepin", "config": m{}})
	everyone := rule("everyone", m{})
	first := policy("first", everyone)
	first["precedence"] = 1
	f.must(t, 201, "POST", "apps/"+application+"/policies", first)
	for file, test := range map[string]struct {
		token, method, path string
		body                any
	}{
		"30-err-policy-invalid-okta-11017":          {token, "POST", "policies", policy("p", rule("okta", m{"name": "a", "identity_provider_id": unknown}))},
		"31-err-policy-500-10001":                   {token, "POST", "policies", policy("p", rule("group", m{"id": "a name"}))},
		"33-err-invalid-include-12130":              {token, "POST", "apps/" + application + "/policies", policy("p", rule("identity_provider", m{"id": provider}))},
		"34-err-precedence-unique-12130":            {token, "POST", "apps/" + application + "/policies", first},
		"35-err-not-found-12135":                    {token, "GET", "identity_providers/" + unknown, nil},
		"36-err-unknown-application-11021":          {token, "GET", "apps/" + unknown, nil},
		"37-err-application-exists-11010":           {token, "POST", "apps", m{"type": "self_hosted", "name": "b", "domain": "wiki.acme.example"}},
		"38-err-onetimepin-conflict-409":            {token, "POST", "identity_providers", m{"name": "PIN", "type": "onetimepin", "config": m{}}},
		"39-err-idp-list-forbidden-10000":           {"policies-only", "GET", "identity_providers/" + provider, nil},
		"40-idp-list-empty-when-permission-missing": {"policies-only", "GET", "identity_providers", nil},
		"41-err-access-not-enabled-9999":            {token, "GET", "/accounts/" + other + "/access/organizations", nil},
		"42-err-token-malformed-6003":               {"two words", "GET", "/user/tokens/verify", nil},
		"43-err-account-token-on-user-verify-1000":  {"owned-by-the-account", "GET", "/user/tokens/verify", nil},
		"44-err-no-route-7003":                      {token, "GET", "nope", nil},
	} {
		want := read(t, reference, file)
		got := f.call(t, test.token, test.method, test.path, test.body)
		if got.Status != want.Status {
			t.Errorf("%s: got %d, want %d", file, got.Status, want.Status)
		}
		for index, problem := range want.Response["errors"].([]any) {
			if problem := problem.(map[string]any); problem["code"] == nil { // it wasn't recorded
				problem["code"] = got.Body["errors"].([]any)[index].(map[string]any)["code"]
			}
		}
		if difference := cmp.Diff(want.Response, got.Body); difference != "" {
			t.Error(file, difference)
		}
	}
}

func read(t *testing.T, reference, file string) record {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(reference, "cloudflare", "recorded", file+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var read record
	if err := json.Unmarshal(content, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestTokens_Verify(t *testing.T) {
	t.Parallel()
	f := start(t)
	verified, err := f.client.VerifyAPIToken(t.Context())
	if err != nil || verified.Status != "active" || len(verified.ID) != 32 {
		t.Errorf("got %+v, %v", verified, err)
	}
	ofAccount := "/accounts/" + account + "/tokens/verify"
	for _, test := range []struct {
		token, path string
		status      int
		says        string
	}{
		{"owned-by-the-account", ofAccount, 200, "active"},
		{"owned-by-the-account", "/user/tokens/verify", 401, ""},
		{token, ofAccount, 401, ""},
		{"disabled", "/user/tokens/verify", 200, "disabled"},
		{"unheard-of", "/user/tokens/verify", 401, ""},
	} {
		got := f.call(t, test.token, "GET", test.path, nil)
		says, _ := got.result()["status"].(string)
		if got.Status != test.status || says != test.says {
			t.Errorf("%s %s: got %d %v", test.token, test.path, got.Status, got.Body)
		}
	}
	if got := f.call(t, "disabled", "GET", "organizations", nil); got.code() != "9109 Invalid access token" {
		t.Errorf("got %s", got.code())
	}
	f.api.AddToken(account, cloudflare.Token{Value: "new", Permissions: []string{"org:read"}})
	if got := f.call(t, "new", "GET", "organizations", nil); got.result()["auth_domain"] != "acme.cloudflareaccess.example" {
		t.Errorf("got %v", got.Body)
	}
	f.api.RevokeToken("new")
	if got := f.call(t, "new", "GET", "organizations", nil); got.Status != 403 {
		t.Errorf("got %v", got.Body)
	}
	if got := f.call(t, token, "GET", "/accounts/"+strings.Repeat("0", 32)+"/access/organizations", nil); got.code() != "10000 Authentication error" {
		t.Errorf("a token doesn't open another account: %s", got.code())
	}
}

func TestLimit_Passed_BlocksForFiveMinutes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f := start(t, func(config *cloudflare.Config) {
		config.Limit = 2
		config.Clock = func() time.Time { return now }
	})
	f.must(t, 200, "GET", "policies", nil)
	now = now.Add(time.Minute)
	second := f.must(t, 200, "GET", "policies", nil)
	if second.Header.Get("Ratelimit") != `"default";r=0;t=240` || second.Header.Get("Ratelimit-Policy") != `"default";q=2;w=300` {
		t.Errorf("got %v", second.Header)
	}
	third := f.must(t, http.StatusTooManyRequests, "GET", "policies", nil)
	if third.Header.Get("Retry-After") != "300" || second.Header.Get("Retry-After") != "" {
		t.Errorf("got %v", third.Header)
	}
	now = now.Add(299 * time.Second)
	f.must(t, http.StatusTooManyRequests, "GET", "policies", nil)
	now = now.Add(time.Second)
	f.must(t, 200, "GET", "policies", nil)
}

func TestFault_InjectedStatus_LooksLikeCloudflare(t *testing.T) {
	t.Parallel()
	f := start(t)
	for status, code := range map[int]string{
		403: "10000 Authentication error", 404: "12135 access.api.error.not_found", 422: "12130 access.api.error.invalid_request: refused by a fault",
		429: "971 Please wait and consider throttling your request speed",
		503: "10001 access.api.error.internal_server_error",
	} {
		f.Inject(kit.Fault{Path: "*/policies", Kind: kit.KindStatus, Status: status, Count: 1})
		got := f.must(t, status, "GET", "policies", nil)
		if got.code() != code || (got.Header.Get("Retry-After") != "") != (status == 429) {
			t.Errorf("%d: got %s %v", status, got.code(), got.Header)
		}
	}
}

package cloudflare_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
)

func TestLogins_Filters(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f := start(t, func(config *cloudflare.Config) { config.Clock = func() time.Time { return now } })
	provider := f.must(t, 201, "POST", "identity_providers", okta("Okta")).id()
	for _, login := range []cloudflare.Login{
		{Email: "alice@acme.example", Allowed: true, IdentityProvider: provider, Application: "wiki"},
		{Email: "bob@acme.example", IdentityProvider: provider},
		{Email: "alice@acme.example.test", Allowed: true},
	} {
		f.api.AddLogin(account, login)
		now = now.Add(time.Second)
	}
	for query, want := range map[string]string{
		"":                           "alice@acme.example.test bob@acme.example alice@acme.example",
		"direction=asc":              "alice@acme.example bob@acme.example alice@acme.example.test",
		"limit=1":                    "alice@acme.example.test",
		"per_page=1&page=2":          "bob@acme.example",
		"since=2026-01-01T00:00:01Z": "alice@acme.example.test bob@acme.example",
		"until=2026-01-01T00:00:00Z": "alice@acme.example",
		"email=alice@acme.example":   "alice@acme.example.test alice@acme.example",
		"email=alice@acme.example&email_exact=true": "alice@acme.example",
		"email=alice@acme.example&emailOp=eq":       "alice@acme.example",
		"email=alice@acme.example&emailOp=neq":      "alice@acme.example.test bob@acme.example",
		"allowed=false":                             "bob@acme.example",
		"allowed=false&allowedOp=neq":               "alice@acme.example.test alice@acme.example",
		"app_uid=wiki":                              "alice@acme.example",
		"app_uid=wiki&app_uidOp=neq":                "alice@acme.example.test bob@acme.example",
		"idp=" + provider:                           "bob@acme.example alice@acme.example",
	} {
		emails := []string{}
		for _, entry := range f.must(t, 200, "GET", "logs/access_requests?"+query, nil).results() {
			emails = append(emails, entry["user_email"].(string))
		}
		if got := strings.Join(emails, " "); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

func TestLogins_ShowWhatIsDocumented(t *testing.T) {
	t.Parallel()
	f := start(t)
	provider := f.must(t, 201, "POST", "identity_providers", okta("Okta")).id()
	f.api.AddLogin(account, cloudflare.Login{Email: "alice@acme.example", Allowed: true, IdentityProvider: provider})
	first := f.must(t, 200, "GET", "logs/access_requests?direction=asc", nil).results()[0]
	if first["connection"] != "okta" || first["action"] != "login" || first["app_domain"] != "acme.cloudflareaccess.example" || len(first) != 9 {
		t.Errorf("got %v", first)
	}
	if got := f.must(t, 200, "GET", "logs/access_requests?fields="+url.QueryEscape("action,allowed"), nil).results()[0]; len(got) != 2 {
		t.Errorf("got %v", got)
	}
	if got := f.call(t, token, "GET", "logs/access_requests?since=yesterday", nil); got.Status != 400 {
		t.Errorf("got %d", got.Status)
	}
	if got := f.call(t, token, "GET", "logs/access-requests", nil); got.Status != 404 {
		t.Errorf("the hyphen is the SDK's mistake, got %d", got.Status)
	}
}

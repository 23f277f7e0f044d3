package e2e

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// configured is a way that changes the worker's configuration and restarts it.
func configured(change func(*bench)) way {
	return func(b *bench, _ *connection.Spec, _ string) {
		change(b)
		b.restart()
	}
}

// restart restarts the worker with its configuration as it is now.
func (b *bench) restart() {
	b.t.Helper()
	if err := b.Worker.Stop(); err != nil {
		b.t.Fatal(err)
	}
	if err := b.StartWorker(b.ctx); err != nil {
		b.t.Fatal(err)
	}
}

// otherToken has Okta take another token, and the worker hold it.
func otherToken(b *bench) {
	const another = "00-another-token"
	b.org().AddToken(another)
	b.okta().ClearFaults()
	b.Set("okta.orgs.acme.api_token", another)
}

// oktaSays has Okta answer every call of a path with a refusal until faults are cleared.
func oktaSays(path string, status int, code string) func(*bench, *connection.Spec) {
	return func(b *bench, _ *connection.Spec) {
		b.okta().Inject(kit.Fault{Path: path, Kind: kit.KindStatus, Status: status, Body: `{"errorCode":"` + code + `","errorSummary":"refused"}`})
	}
}

// putRight stands for what people do at the provider that the sandbox has no roles, features or filters for.
func putRight(b *bench, _ *connection.Spec, _ string) {
	b.okta().ClearFaults()
	b.cloudflare().ClearFaults()
}

// may gives the account's API token these permissions, and no others.
func (b *bench) may(permissions ...string) {
	token := b.Sandbox.Accounts["acme"].Token
	b.Sandbox.API.API.RevokeToken(token)
	b.Sandbox.API.API.AddToken(b.account(), cloudflare.Token{Value: token, Permissions: permissions})
}

// accessAnswers is where the survey reads how Access is set up.
const accessAnswers = "*/access/organizations"

// surveyAdvice is about what a survey meets: then the run is refused.
var surveyAdvice = []advised{
	{
		advice:  "correct the document",
		refused: func(_ *bench, spec *connection.Spec) { spec.Policy.Allow.Groups = []string{"Sales"} },
		ways:    []way{func(_ *bench, spec *connection.Spec, _ string) { spec.Policy.Allow.Groups = spec.Okta.AssignGroups }},
	},
	{
		advice:  "add okta.orgs.emea to the worker's configuration and restart it, or correct the name",
		refused: func(_ *bench, spec *connection.Spec) { spec.Okta.Org = "emea" },
		ways: []way{
			configured(func(b *bench) {
				b.Set("okta.orgs.emea", map[string]any{"url": b.Sandbox.Orgs["acme"].URL, "api_token": b.Sandbox.Orgs["acme"].Token})
			}),
			func(_ *bench, spec *connection.Spec, _ string) { spec.Okta.Org = "acme" },
		},
	},
	{
		advice:  "the API token is wrong, expired or revoked: put a new one into okta.orgs.acme.api_token of the worker's configuration, and restart the worker",
		refused: func(b *bench, _ *connection.Spec) { b.org().RevokeToken(b.Sandbox.Orgs["acme"].Token) },
		ways:    []way{configured(otherToken)},
	},
	{
		advice:  "enable Zero Trust once in the Cloudflare dashboard",
		seed:    func(options *host.Options) { options.Accounts[0].AccessDisabled = true },
		refused: func(*bench, *connection.Spec) {},
		ways:    []way{func(b *bench, _ *connection.Spec, _ string) { b.Sandbox.API.API.EnableAccess(b.account()) }},
	},
	{
		advice: "finish setting up Zero Trust in the Cloudflare dashboard",
		refused: func(b *bench, _ *connection.Spec) {
			b.cloudflare().Inject(kit.Fault{Method: "GET", Path: accessAnswers, Kind: kit.KindStatus, Status: 200, Body: `{"success":true,"errors":[],"messages":[],"result":{"name":"acme"}}`})
		},
		ways: []way{putRight},
	},
	{
		advice: "the API token's filter of client addresses refuses this worker's: allow it there (My Profile, API Tokens)",
		refused: func(b *bench, _ *connection.Spec) {
			b.cloudflare().Inject(kit.Fault{
				Path: "*", Kind: kit.KindStatus, Status: 403,
				Body: `{"success":false,"errors":[{"code":9109,"message":"Cannot use the access token from location: 192.0.2.1"}],"messages":[],"result":null}`,
			})
		},
		ways: []way{putRight},
	},
	{
		advice:  "give the worker the certificate authority (ca_file), if a proxy or a server of your own stands between",
		refused: func(b *bench, _ *connection.Spec) { b.Set("ca_file", ""); b.restart() },
		ways:    []way{configured(func(b *bench) { b.Set("ca_file", b.Sandbox.CAFile) })},
	},
	{
		advice:  "see what answers at the URL that the worker's configuration has for it, and whether a proxy stands between; give the API's own URL there",
		refused: func(b *bench, _ *connection.Spec) { b.behindAProxy(); b.restart() },
		ways:    []way{configured(func(b *bench) { b.Set("cloudflare.base_url", b.Sandbox.API.URL) })},
	},
	{
		advice:  "give the administrator whose API token it is the role Application Administrator, or Super Administrator (the worker holds it as okta.orgs.acme.api_token)",
		refused: oktaSays("/api/v1/apps*", http.StatusForbidden, "E0000006"),
		ways:    []way{putRight},
	},
	{
		advice:  "Okta doesn't know this endpoint any more; see whether a newer accessbridge does",
		refused: oktaSays("/api/v1/groups*", http.StatusNotFound, "E0000008"),
		ways:    []way{putRight},
	},
	{
		advice:  "this Okta org lacks the feature (API Access Management); ask Okta for it",
		refused: oktaSays("/api/v1/groups*", http.StatusUnauthorized, "E0000015"),
		ways:    []way{putRight},
	},
	{
		advice:  "Okta takes nothing but an API token for this, as people make one under Security, API, Tokens: put a new one into okta.orgs.acme.api_token",
		refused: oktaSays("/api/v1/groups*", http.StatusForbidden, "E0000005"),
		ways:    []way{configured(otherToken)},
	},
	{
		advice:  "give the API token the permission Access: Apps and Policies Write (the worker holds it as cloudflare.accounts.acme.api_token)",
		refused: func(b *bench, _ *connection.Spec) { b.may("org:write", "idp:write") },
		ways:    []way{func(b *bench, _ *connection.Spec, _ string) { b.may("org:write", "idp:write", "policies:write") }},
	},
	{
		advice: "write it into the file that okta.orgs.acme.group_lookup_token_file of the worker's configuration names",
		refused: func(b *bench, spec *connection.Spec) {
			spec.Cloudflare.GroupLookup = true
			b.writeLookupToken()
			b.Set("okta.orgs.acme.group_lookup_token_file", b.lookupFile())
			b.restart()
			if err := os.Remove(b.lookupFile()); err != nil {
				b.t.Fatal(err)
			}
		},
		ways: []way{func(b *bench, _ *connection.Spec, _ string) { b.writeLookupToken() }},
	},
}

// lookupFile is where the worker's configuration says that the token for group look-up is.
func (b *bench) lookupFile() string { return filepath.Join(filepath.Dir(b.WorkerConfig()), "lookup") }

func (b *bench) writeLookupToken() {
	b.t.Helper()
	if err := os.WriteFile(b.lookupFile(), []byte(lookupToken), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// behindAProxy gives the worker the address of something that sends it on to where people read about the API.
func (b *bench) behindAProxy() {
	b.t.Helper()
	proxy := httptest.NewTLSServer(http.RedirectHandler("https://elsewhere.example/", http.StatusFound))
	b.t.Cleanup(proxy.Close)
	trusted, err := os.ReadFile(b.Sandbox.CAFile)
	if err != nil {
		b.t.Fatal(err)
	}
	both := append(trusted, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: proxy.Certificate().Raw})...)
	b.Set("ca_file", b.file("both.pem", string(both)))
	b.Set("cloudflare.base_url", proxy.URL)
}

func TestAdvice_OfSurveys_IsDone_AndNothingIsRefusedAnyMore(t *testing.T) {
	followAllWays(t, surveyAdvice)
}

package activities_test

import (
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
	cloudflaresandbox "github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	oktasandbox "github.com/accessbridge/accessbridge/sandbox/okta"
)

const (
	accountID  = "0123456789abcdef0123456789abcdef"
	authDomain = "acme.cloudflareaccess.example"
	late       = time.Minute // Waits.Late
	window     = late + lag
	lag        = 10 * time.Second
	forever    = kit.Duration(time.Hour) // of a list that lags
)

// world is an Okta org and a Cloudflare account, and the steps with clients for both.
type world struct {
	t     *testing.T
	steps *activities.Activities
	org   *oktasandbox.Org
	okta  *kit.Server
	api   *cloudflaresandbox.API
	cf    *kit.Server
	spec  connection.Spec
	fence activities.Fence
}

// setup is what a test can have otherwise.
type setup struct {
	okta    oktasandbox.Config
	cf      cloudflaresandbox.Config
	options transport.Options
}

// newWorld starts both providers, with nothing of the connection in them.
func newWorld(t *testing.T, changes ...func(*setup)) *world {
	t.Helper()
	with := setup{
		okta: oktasandbox.Config{
			Name: "acme", Token: "00token", Limits: oktasandbox.Unlimited, OIE: true, Groups: []oktasandbox.Group{{Name: "Engineering"}, {Name: "Support"}},
		},
		cf: cloudflaresandbox.Config{Limit: -1, Accounts: []cloudflaresandbox.Account{{
			ID: accountID, Name: "Acme", AuthDomain: authDomain, Tokens: []cloudflaresandbox.Token{{Value: "token"}},
			Applications:      []cloudflaresandbox.Application{{Name: "Wiki", Domain: "wiki.acme.example"}},
			IdentityProviders: []cloudflaresandbox.IdentityProvider{{Name: "One-time PIN", Type: "onetimepin"}},
		}}},
		options: transport.Options{Settle: time.Millisecond},
	}
	for _, change := range changes {
		change(&with)
	}
	w := &world{t: t}
	var err error
	if w.org, err = oktasandbox.New(with.okta); err != nil {
		t.Fatal(err)
	}
	if w.api, err = cloudflaresandbox.New(with.cf); err != nil {
		t.Fatal(err)
	}
	w.okta, w.cf = kit.Wrap(w.org), kit.Wrap(w.api)
	orgServer, apiServer := serve(t, w.okta), serve(t, w.cf)
	w.org.SetURL(orgServer.URL)
	org, noOrg := okta.New(orgServer.URL, secret.New(with.okta.Token), withBase(with.options, orgServer, "okta.orgs.acme.api_token"))
	account, noAccount := cloudflare.New(apiServer.URL+cloudflaresandbox.Base, accountID, secret.New("token"), withBase(with.options, apiServer, "cloudflare.accounts.acme.api_token_file"))
	if err := errors.Join(noOrg, noAccount); err != nil {
		t.Fatal(err)
	}
	w.steps = &activities.Activities{
		Orgs: map[string]*okta.Client{"acme": org}, Accounts: map[string]*cloudflare.Client{"acme": account},
		Waits: activities.Waits{Late: late, Lag: lag},
	}
	w.spec = connection.Spec{
		Name: "acme", Okta: connection.OktaSpec{AssignGroups: []string{"Engineering"}},
		Policy: connection.PolicySpec{Name: "Okta staff", Allow: connection.Allow{Groups: []string{"Engineering"}}},
	}.WithDefaults()
	w.fence = activities.Fence{Run: "this", Started: noon, Connection: "acme", OktaURL: orgServer.URL, AccountID: accountID}
	return w
}

func withBase(options transport.Options, server *httptest.Server, credential string) transport.Options {
	options.Base, options.Credential = server.Client().Transport, credential
	return options
}

func serve(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return server
}

// state is a survey of nothing.
func (w *world) state() planner.State {
	return planner.State{
		OktaURL: w.org.URL(), AccountID: accountID, AuthDomain: authDomain,
		Groups: []planner.FoundGroup{{Name: "Engineering", IDs: []string{w.org.GroupID("Engineering")}}},
	}
}

// app is the move that creates the app.
func (w *world) app() activities.AppMove {
	return activities.AppMove{Fence: w.fence, Org: "acme", Want: planner.WantApp(w.spec, w.state(), planner.ClientID("acme", 1))}
}

// createApp creates the app, as a run does, and gives the move that undoes it.
func (w *world) createApp() activities.AppMove {
	w.t.Helper()
	move := w.app()
	move.Identify(must(w, w.steps.CreateOktaApp, move))
	return move
}

// provider is the move that registers the identity provider for an app.
func (w *world) provider(app activities.AppMove) activities.IdentityProviderMove {
	return activities.IdentityProviderMove{
		Fence: w.fence, Org: "acme", Account: "acme", AppID: app.Want.ID, OwnClient: true,
		Want: planner.WantIdentityProvider(w.spec, w.state(), app.Want.ClientID),
	}
}

// register creates the app and registers the identity provider.
func (w *world) register() (activities.AppMove, activities.IdentityProviderMove) {
	w.t.Helper()
	app := w.createApp()
	move := w.provider(app)
	move.Identify(must(w, w.steps.RegisterIdentityProvider, move))
	return app, move
}

// policy is the move that creates the policy for an identity provider.
func (w *world) policy(provider activities.IdentityProviderMove) activities.PolicyMove {
	return activities.PolicyMove{
		Fence: w.fence, Account: "acme", IdentityProviderID: provider.Want.ID, Want: planner.WantPolicy(w.spec, w.state(), provider.Want.ID),
	}
}

// allow creates all three.
func (w *world) allow() (activities.AppMove, activities.IdentityProviderMove, activities.PolicyMove) {
	w.t.Helper()
	app, provider := w.register()
	move := w.policy(provider)
	move.Identify(must(w, w.steps.CreateAccessPolicy, move))
	return app, provider, move
}

// apps, providers and policies are the ids of what is there: apps with the declared label, identity providers of type okta, policies.
func (w *world) apps() []string { return w.org.AppIDs(w.spec.Okta.AppLabel) }

func (w *world) providers() []string {
	return idsOf(slices.DeleteFunc(w.api.IdentityProviders(accountID), func(each map[string]any) bool { return each["type"] != "okta" }))
}

func (w *world) policies() []string { return idsOf(w.api.Policies(accountID)) }

func idsOf(things []map[string]any) []string {
	var ids []string
	for _, each := range things {
		ids = append(ids, each["id"].(string))
	}
	return ids
}

// asked are the requests that came in since the last time, those that change something alone: method and path.
func changesIn(server *kit.Server) []string {
	var changes []string
	for _, request := range server.Requests() {
		if request.Method != http.MethodGet {
			path, _, _ := strings.Cut(request.Path, "?")
			changes = append(changes, request.Method+" "+path)
		}
	}
	return changes
}

// drop cuts the connection of the next create, before or after it was carried out.
func drop(server *kit.Server, kind, path string) {
	server.Inject(kit.Fault{Kind: kind, Method: http.MethodPost, Path: path, Count: 1})
}

// wantIDs fails unless what is there is exactly what is wanted.
func wantIDs(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// wantLeft fails unless exactly one thing was left, and named so.
func wantLeft(t *testing.T, reverted activities.Reverted, words string) {
	t.Helper()
	if len(reverted.Left) != 1 || !strings.Contains(reverted.Left[0], words) {
		t.Errorf("left: %q, want one that says %q", reverted.Left, words)
	}
}

// failure is what the run and Temporal are told of an attempt that failed.
type failure struct {
	activities.Detail
	// delay is when Temporal is asked to repeat the step; 0 leaves that to the step's retry policy.
	delay time.Duration
}

// wantFailure fails unless err is of the type and is retried or not.
func wantFailure(t *testing.T, err error, kind string, retried bool) (told failure) {
	t.Helper()
	var failed *temporal.ApplicationError
	if !errors.As(err, &failed) {
		t.Fatalf("the step ended with %v, want %s", err, kind)
	}
	if failed.Type() != kind || failed.NonRetryable() == retried {
		t.Errorf("the step ended with %s (retried: %v), want %s (%v): %v", failed.Type(), !failed.NonRetryable(), kind, retried, err)
	}
	if err := failed.Details(&told.Detail); err != nil {
		t.Errorf("read the detail of %v: %v", failed, err)
	}
	told.delay = failed.NextRetryDelay()
	return told
}

// typeOf is the type of an error that a step ended with.
func typeOf(err error) string {
	var failed *temporal.ApplicationError
	if !errors.As(err, &failed) {
		return "none"
	}
	return failed.Type()
}

package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// byHandOkta has an administrator of the org ask for something, and decodes the answer.
func (b *bench) byHandOkta(method, path string, out any) {
	b.t.Helper()
	answer := b.okta().ByHand(kit.HandRequest{Method: method, Path: path, Body: json.RawMessage("{}")})
	if answer.Status >= http.StatusBadRequest {
		b.t.Fatalf("%s %s by hand: %d %s", method, path, answer.Status, answer.Body)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(answer.Body, out); err != nil {
		b.t.Fatal(err)
	}
}

// signsIn reports whether alice gets in to the wiki through the connection, and what the page says.
func (b *bench) signsIn(provider string) (bool, string) {
	b.t.Helper()
	return b.signsInAt("wiki.acme.example", provider)
}

func (b *bench) signsInAt(hostname, provider string) (bool, string) {
	b.t.Helper()
	outcome, err := b.Sandbox.SignIn(b.ctx, "acme", "/cdn-cgi/access/login/"+hostname, provider, "alice@acme.example")
	if err != nil {
		return false, err.Error()
	}
	return outcome.Allowed, outcome.Reason
}

// withWiki is a document whose policy guards an application.
func (b *bench) withWiki() connection.Spec {
	spec := b.spec()
	spec.Policy.Applications = []string{"wiki.acme.example"}
	return spec
}

func TestConnect_SecretRotatedByHand_IsSeenAndHandedOver(t *testing.T) {
	b := setUp(t, nil)
	spec := b.withWiki()
	app := b.connect(spec).AppID
	if in, why := b.signsIn("Okta"); !in {
		t.Fatalf("alice doesn't get in: %s", why)
	}
	secrets := "/api/v1/apps/" + app + "/credentials/secrets"
	var before []struct {
		ID string `json:"id"`
	}
	b.byHandOkta(http.MethodGet, secrets, &before)
	b.byHandOkta(http.MethodPost, secrets, nil)
	plan := b.plan(spec)
	if len(plan.Moves()) != 0 || len(plan.Notes) != 1 || !strings.Contains(plan.Notes[0], "second active client secret") {
		t.Errorf("with a second secret the plan is %+v, notes %q", plan.Moves(), plan.Notes)
	}
	b.byHandOkta(http.MethodPost, secrets+"/"+before[0].ID+"/lifecycle/deactivate", nil)
	if in, _ := b.signsIn("Okta"); in {
		t.Error("alice gets in with a secret that Okta doesn't accept")
	}
	plan = b.plan(spec)
	moves := plan.Moves()
	if len(moves) != 1 || moves[0].Resource != connection.ResourceIdentityProvider || moves[0].Fields[0].Name != "client_secret" || !strings.Contains(strings.Join(plan.Notes, "\n"), "people can't sign in") {
		t.Errorf("with the old one deactivated the plan is %+v, notes %q", moves, plan.Notes)
	}
	b.connect(spec)
	if in, why := b.signsIn("Okta"); !in {
		t.Errorf("alice doesn't get in after the active secret was handed over: %s", why)
	}
	if plan := b.plan(spec); len(plan.Moves()) != 0 || len(plan.Notes) != 0 {
		t.Errorf("the next plan is %+v, notes %q", plan.Moves(), plan.Notes)
	}
}

func TestConnect_AppRequiresPKCE_Connects(t *testing.T) {
	b := setUp(t, nil)
	app := b.connect(b.withWiki()).AppID
	b.edit(app, requirePKCE)
	b.connect(b.withWiki())
	if in, why := b.signsIn("Okta"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
}

// TestConnect_OrgURLInCapitals_PeopleSignIn: browsers and Okta don't mind, and the issuer is compared.
func TestConnect_OrgURLInCapitals_PeopleSignIn(t *testing.T) {
	b := setUp(t, nil)
	b.connect(b.withWiki())
	if err := b.Worker.Stop(); err != nil {
		t.Fatal(err)
	}
	b.Set("okta.orgs.acme.url", strings.ToUpper(b.Sandbox.Orgs["acme"].URL))
	if err := b.StartWorker(b.ctx); err != nil {
		t.Fatal(err)
	}
	if result := b.connect(b.withWiki()); actions(result.Changes, connection.ActionUnchanged) != nil {
		t.Errorf("the run changed %v", actions(result.Changes, connection.ActionUnchanged))
	}
	if in, why := b.signsIn("Okta"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
}

// requirePKCE makes an app refuse a sign-in without a challenge.
func requirePKCE(body map[string]any) {
	body["credentials"].(map[string]any)["oauthClient"].(map[string]any)["pkce_required"] = true
}

func TestConnect_AdoptedAppRequiresPKCE_PeopleSignIn(t *testing.T) {
	b := setUp(t, nil)
	b.edit(b.appByHand(), requirePKCE)
	before := b.state()
	spec := b.withWiki()
	spec.Adopt, spec.Cloudflare.PKCE = true, new(false)
	if refused := b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRefused); !strings.Contains(refused.Failure.Message, "requires PKCE") {
		t.Errorf("without PKCE it was refused for %q", refused.Failure.Message)
	}
	b.unchanged(before)
	spec.Cloudflare.PKCE = new(true)
	b.connect(spec)
	if in, why := b.signsIn("Okta"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
}

// TestConnect_OktaRefusesTheAuthorizationRequest_SaysWhy has an app that gives no codes: what Okta says of it is told.
func TestConnect_OktaRefusesTheAuthorizationRequest_SaysWhy(t *testing.T) {
	b := setUp(t, nil)
	b.edit(b.appByHand(), func(body map[string]any) {
		body["settings"].(map[string]any)["oauthClient"].(map[string]any)["response_types"] = []any{"token"}
	})
	before := b.state()
	spec := b.withWiki()
	spec.Adopt, spec.TimeBudget = true, connection.Duration(10*time.Second)
	failed := b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRolledBack)
	const want = `with error "unsupported_response_type" instead of login_required: "The response type is not supported by the authorization server.`
	if !strings.Contains(failed.Failure.Message, want) {
		t.Errorf("it failed with %q, want %s", failed.Failure.Message, want)
	}
	b.unchanged(before)
}

func TestConnect_ApplicationNamedByAnotherHostname_IsFound(t *testing.T) {
	b := setUp(t, nil)
	destinations := []any{map[string]any{"type": "public", "uri": "wiki.acme.example"}, map[string]any{"type": "public", "uri": "notes.acme.example"}}
	b.Sandbox.API.API.EditApplication(b.Sandbox.Accounts["acme"].ID, b.application("wiki.acme.example"), func(wiki map[string]any) {
		wiki["self_hosted_domains"], wiki["destinations"] = []any{"wiki.acme.example", "handbook.acme.example"}, destinations
	})
	for _, hostname := range []string{"handbook.acme.example", "notes.acme.example"} {
		spec := b.spec()
		spec.Policy.Applications = []string{strings.ToUpper(hostname)}
		b.connect(spec)
		if in, why := b.signsInAt(hostname, "Okta"); !in {
			t.Errorf("alice doesn't get in at %s: %s", hostname, why)
		}
	}
}

// TestConnect_MovedToAnotherOrgAndAccount_IsRefused names another org and account in the document of a connection that is connected: from
// then on nobody would know of what it consists of at the first ones.
func TestConnect_MovedToAnotherOrgAndAccount_IsRefused(t *testing.T) {
	b := setUp(t, nil)
	b.connect(b.spec())
	before := b.state()
	moved := b.spec()
	moved.Okta.Org, moved.Cloudflare.Account = "globex", "globex"
	for _, operation := range []string{connection.ConnectWorkflow, connection.DisconnectWorkflow} {
		refused := b.failure(b.start(operation, moved), connection.ErrorRefused)
		if !strings.Contains(refused.Failure.Message, "what it consists of there would be left behind") || !strings.Contains(refused.Failure.Message, "disconnect it first with the earlier document, or give this one another name") {
			t.Errorf("%s was refused for %q", operation, refused.Failure.Message)
		}
	}
	b.unchanged(before)
	b.result(b.start(connection.DisconnectWorkflow, b.spec()))
	b.connect(moved)
}

package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/document"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// terraformApp is the body that Terraform's Okta provider writes for an app of docs/terraform.md: the attributes given there, and the
// provider's defaults for the rest.
func (b *bench) terraformApp() map[string]any {
	return map[string]any{
		"name": "oidc_client", "label": "Cloudflare Access", "signOnMode": "OPENID_CONNECT",
		"accessibility": map[string]any{}, "visibility": map[string]any{"hide": map[string]any{"iOS": true, "web": true}},
		"credentials": map[string]any{
			"oauthClient":      map[string]any{"autoKeyRotation": true, "pkce_required": false, "token_endpoint_auth_method": "client_secret_basic"},
			"userNameTemplate": map[string]any{"template": "${source.login}", "type": "BUILT_IN"},
		},
		"settings": map[string]any{"notes": map[string]any{}, "oauthClient": map[string]any{
			"application_type": "web", "consent_method": "TRUSTED", "issuer_mode": "ORG_URL", "wildcard_redirect": "DISABLED",
			"grant_types": []any{"authorization_code"}, "response_types": []any{"code"},
			"redirect_uris":       []any{"https://" + b.Sandbox.Accounts["acme"].AuthDomain + "/cdn-cgi/access/callback"},
			"idp_initiated_login": map[string]any{"mode": "DISABLED", "default_scope": []any{}},
		}},
	}
}

// askOkta asks the org for something with a body, as another client of the API does, and gives the answer.
func (b *bench) askOkta(method, path string, body any) (answered map[string]any) {
	b.t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	answer := b.okta().ByHand(kit.HandRequest{Method: method, Path: path, Body: encoded})
	if err := json.Unmarshal(answer.Body, &answered); err != nil || answer.Status >= http.StatusBadRequest {
		b.t.Fatalf("%s %s by hand: %d %s (%v)", method, path, answer.Status, answer.Body, err)
	}
	return answered
}

// madeByTerraform makes the app and the identity provider that docs/terraform.md has a connection adopt.
func (b *bench) madeByTerraform() (app, identityProvider string) {
	b.t.Helper()
	created := b.askOkta(http.MethodPost, "/api/v1/apps?activate=true", b.terraformApp())
	app = created["id"].(string)
	b.askOkta(http.MethodPost, "/api/v1/internal/apps/"+app+"/settings/oauth/idToken", map[string]any{
		"issuerMode": "ORG_URL", "valueType": "GROUPS", "groupFilterType": "REGEX", "name": "groups", "value": ".*",
	})
	client := created["credentials"].(map[string]any)["oauthClient"].(map[string]any)
	return app, b.byHandAccess(http.MethodPost, "/identity_providers", map[string]any{
		"name": "Okta", "type": "okta", "config": map[string]any{
			"client_id": client["client_id"], "client_secret": client["client_secret"], "okta_account": b.Sandbox.Orgs["acme"].URL, "pkce_enabled": true,
		},
	})
}

// adoptingSpec is the document of docs/terraform.md, under the test's own name and with its org and account.
func (b *bench) adoptingSpec() connection.Spec {
	b.t.Helper()
	_, example, _ := strings.Cut(terraformPage(b.t), "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	spec, err := document.Parse([]byte(example), "docs/terraform.md")
	if err != nil {
		b.t.Fatal(err)
	}
	spec.Name, spec.Okta.Org, spec.Cloudflare.Account = b.name, "acme", "acme"
	return spec
}

// seenByTerraform is what the providers read of the adopted things, but for what docs/terraform.md has Terraform ignore.
func (b *bench) seenByTerraform(app, identityProvider string) map[string]any {
	b.t.Helper()
	seen := map[string]any{"identity provider": b.readAccess("/identity_providers/" + identityProvider)}
	var read, claim map[string]any
	b.byHandOkta(http.MethodGet, "/api/v1/apps/"+app, &read)
	b.byHandOkta(http.MethodGet, "/api/v1/internal/apps/"+app+"/settings/oauth/idToken", &claim)
	maps.DeleteFunc(read, func(key string, _ any) bool { return key == "profile" || key == "lastUpdated" })
	client := read["settings"].(map[string]any)["oauthClient"].(map[string]any)
	client["participate_slo"] = client["participate_slo"] == true // the provider reads one that isn't there as false
	seen["app"], seen["claim"] = read, claim
	return seen
}

// TestTerraformPage_Adoption_LeavesTerraformNothingToPlan adopts what Terraform made by the page's document, and disconnects again: neither
// changes what Terraform looks at. Only the assignment that the connection made stays, as the page says.
func TestTerraformPage_Adoption_LeavesTerraformNothingToPlan(t *testing.T) {
	b := setUp(t, nil)
	app, identityProvider := b.madeByTerraform()
	before, seen := b.state(), b.seenByTerraform(app, identityProvider)
	spec := b.adoptingSpec()
	for _, move := range b.plan(spec).Moves() {
		for _, field := range move.Fields {
			if move.Action == connection.ActionUpdate && !strings.HasPrefix(field.Name, "profile.") {
				t.Errorf("the plan changes what Terraform made: %s of %s", field.Name, move.Resource)
			}
		}
	}
	connected := b.connect(spec)
	if connected.AppID != app || connected.IdentityProviderID != identityProvider {
		t.Errorf("adopted were app %s and identity provider %s, want %s and %s", connected.AppID, connected.IdentityProviderID, app, identityProvider)
	}
	if diff := cmp.Diff(seen, b.seenByTerraform(app, identityProvider)); diff != "" {
		t.Errorf("Terraform would plan changes after connect (-before +now):\n%s", diff)
	}
	away := b.result(b.start(connection.DisconnectWorkflow, spec))
	if len(away.Left) != 2 {
		t.Errorf("disconnect left %q, want the app and the identity provider named", away.Left)
	}
	if err := b.org().UnassignGroup(app, b.org().GroupID("Engineering")); err != nil {
		t.Errorf("the adopted app's assignment didn't stay: %v", err)
	}
	b.unchanged(before)
}

// without lists what is wanted at a path and isn't there.
func without(want, have any, path string) (missing []string) {
	fields, isObject := want.(map[string]any)
	if !isObject {
		if !cmp.Equal(want, have) {
			missing = append(missing, fmt.Sprintf("%s = %v", path, have))
		}
		return missing
	}
	there, _ := have.(map[string]any)
	for name, value := range fields {
		missing = append(missing, without(value, there[name], path+"."+name)...)
	}
	return missing
}

// TestTerraformPage_UpdateOfAnImportedApp_LeavesTheConnectionAsItIs finds the app as Terraform would write it, with nothing to plan, and has
// Terraform write it back with the profile that it read and, since omit_secret is set, without the client secret.
func TestTerraformPage_UpdateOfAnImportedApp_LeavesTheConnectionAsItIs(t *testing.T) {
	b := setUp(t, nil)
	spec := b.withWiki()
	app := b.connect(spec).AppID
	var read map[string]any
	b.byHandOkta(http.MethodGet, "/api/v1/apps/"+app, &read)
	written := b.terraformApp()
	if planned := without(written, read, "app"); planned != nil {
		t.Errorf("Terraform would plan to change %v", planned)
	}
	written["profile"] = read["profile"]
	client := written["credentials"].(map[string]any)["oauthClient"].(map[string]any)
	client["client_id"], client["client_secret"] = "accessbridge-"+b.name+"-1", ""
	b.askOkta(http.MethodPut, "/api/v1/apps/"+app, written)

	before := b.state()
	if again := b.connect(spec); actions(again.Changes, connection.ActionUnchanged) != nil || len(again.Notes) != 0 {
		t.Errorf("the next run changed %v, notes %q", actions(again.Changes, connection.ActionUnchanged), again.Notes)
	}
	b.unchanged(before)
	if in, why := b.signsIn("Okta"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
}

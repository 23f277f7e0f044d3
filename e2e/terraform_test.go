package e2e

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// imports are the resources that docs/terraform.md imports, each made of what the providers read: they write an attribute that isn't as its
// resource says back at the next apply. lifecycle and omit_secret are Terraform's own, and no part of it.
var imports = template.Must(template.New("").Funcs(template.FuncMap{"hcl": hcl}).Parse(`
import {
to = okta_app_oauth.imported
id = {{hcl .Told.app_id}}
}

resource "okta_app_oauth" "imported" {
label = {{hcl .App.label}}
type = {{hcl .App.settings.oauthClient.application_type}}
client_id = {{hcl .App.credentials.oauthClient.client_id}}
token_endpoint_auth_method = {{hcl .App.credentials.oauthClient.token_endpoint_auth_method}}
grant_types = {{hcl .App.settings.oauthClient.grant_types}}
response_types = {{hcl .App.settings.oauthClient.response_types}}
redirect_uris = {{hcl .App.settings.oauthClient.redirect_uris}}

groups_claim {
type = {{if eq .Claim.valueType "GROUPS"}}"FILTER"{{else}}{{hcl .Claim.valueType}}{{end}}
filter_type = {{hcl .Claim.groupFilterType}}
name = {{hcl .Claim.name}}
value = {{hcl .Claim.value}}
}
}

import {
to = okta_app_group_assignments.imported
id = {{hcl .Told.app_id}}
}

resource "okta_app_group_assignments" "imported" {
app_id = okta_app_oauth.imported.id
{{range .Assignments}}
group {
id = {{hcl .id}}
priority = {{hcl .priority}}
}
{{end}}}

import {
to = cloudflare_zero_trust_access_identity_provider.imported
id = "accounts/{{.Told.account_id}}/{{.Told.identity_provider_id}}"
}

resource "cloudflare_zero_trust_access_identity_provider" "imported" {
account_id = var.account_id
name = {{hcl .IdentityProvider.name}}
type = {{hcl .IdentityProvider.type}}
config = {
client_id = {{hcl .IdentityProvider.config.client_id}}
okta_account = {{hcl .IdentityProvider.config.okta_account}}
pkce_enabled = {{hcl .IdentityProvider.config.pkce_enabled}}
}
}

import {
to = cloudflare_zero_trust_access_policy.imported
id = "{{.Told.account_id}}/{{.Told.policy_id}}"
}

resource "cloudflare_zero_trust_access_policy" "imported" {
account_id = var.account_id
name = {{hcl .Policy.name}}
decision = {{hcl .Policy.decision}}
session_duration = {{hcl .Policy.session_duration}}
{{range $list := .Rules}}{{.Name}} = [
{{range .Rules}}{{hcl .}},
{{end}}]
{{end}}}
`))

// hcl writes a value as Terraform's language does on one line.
func hcl(value any) (string, error) {
	text, err := json.Marshal(value)
	object := regexp.MustCompile(`"(\w+)":`).ReplaceAllString(string(text), "$1 = ")
	return strings.NewReplacer("{", "{ ", "}", " }", `","`, `", "`, `",`, `", `).Replace(object), err
}

// made is what the providers read of a connection, under the names of the template.
type made struct {
	Told, App, Claim, IdentityProvider, Policy map[string]any
	Assignments                                []map[string]any
}

// Rules are the policy's, in the order of its resource on the page. An empty list is left out there.
func (m made) Rules() (lists []struct {
	Name  string
	Rules []any
},
) {
	for _, name := range []string{"include", "exclude", "require"} {
		if rules, _ := m.Policy[name].([]any); len(rules) != 0 {
			lists = append(lists, struct {
				Name  string
				Rules []any
			}{name, rules})
		}
	}
	return lists
}

// read asks both APIs for what a result tells of.
func (b *bench) read(told map[string]any) (m made) {
	b.t.Helper()
	m.Told = told
	app, _ := told["app_id"].(string)
	b.byHandOkta("GET", "/api/v1/apps/"+app, &m.App)
	b.byHandOkta("GET", "/api/v1/internal/apps/"+app+"/settings/oauth/idToken", &m.Claim)
	b.byHandOkta("GET", "/api/v1/apps/"+app+"/groups", &m.Assignments)
	m.IdentityProvider = b.readAccess("/identity_providers/" + told["identity_provider_id"].(string))
	m.Policy = b.readAccess("/policies/" + told["policy_id"].(string))
	return m
}

// readAccess reads something of the account from Access.
func (b *bench) readAccess(path string) map[string]any {
	b.t.Helper()
	answer := b.cloudflare().ByHand(kit.HandRequest{Method: "GET", Path: "/client/v4/accounts/" + b.account() + "/access" + path})
	var read struct{ Result map[string]any }
	if err := json.Unmarshal(answer.Body, &read); err != nil || read.Result == nil {
		b.t.Fatalf("GET %s by hand: %d %s (%v)", path, answer.Status, answer.Body, err)
	}
	return read.Result
}

// terraformPage is docs/terraform.md.
func terraformPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile("../docs/terraform.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// importsOnThePage are the examples of the section on imports, without what is Terraform's own.
func importsOnThePage(t *testing.T) []string {
	t.Helper()
	_, section, _ := strings.Cut(terraformPage(t), "## Terraform imports what accessbridge made")
	_, example, _ := strings.Cut(section, "```hcl\n")
	example, _, _ = strings.Cut(example, "```")
	for _, own := range []string{`(?s)  lifecycle \{.*?\n  \}\n`, `  omit_secret .*\n`} {
		example = regexp.MustCompile(own).ReplaceAllString(example, "")
	}
	return linesOf(example)
}

// linesOf are the lines that say something, without what only aligns them.
func linesOf(text string) (lines []string) {
	for _, line := range strings.Split(text, "\n") {
		if words := strings.Fields(line); len(words) != 0 {
			lines = append(lines, strings.Join(words, " "))
		}
	}
	return lines
}

// TestTerraformPage_Imports_AreWhatAConnectMakes holds the page's resources against what a connect makes, and the ids that they are imported
// by against those that the starter tells.
func TestTerraformPage_Imports_AreWhatAConnectMakes(t *testing.T) {
	b := setUp(t, nil)
	spec := b.spec()
	spec.Okta.AssignGroups = []string{"Engineering"}
	var connected struct{ Result map[string]any }
	told := b.says(0, nil, "connect", "-f", b.write("connection.json", spec), "--output", "json")
	if err := json.Unmarshal([]byte(told.Stdout), &connected); err != nil {
		t.Fatal(err)
	}

	var text strings.Builder
	m := b.read(connected.Result)
	if err := imports.Execute(&text, m); err != nil {
		t.Fatal(err)
	}
	// Where the page names another resource, it is that resource's id; names and ids there are examples.
	idp, app := m.Told["identity_provider_id"].(string), m.Told["app_id"].(string)
	asOnThePage := strings.NewReplacer(
		`identity_provider_id = "`+idp+`"`, "identity_provider_id = cloudflare_zero_trust_access_identity_provider.imported.id",
		`login_method = { id = "`+idp+`"`, "login_method = { id = cloudflare_zero_trust_access_identity_provider.imported.id",
		`"`+b.org().GroupID("Engineering")+`"`, "okta_group.engineering.id",
		idp, "f174e90a-fafe-4643-bbbc-4a0ed4fc8415", m.Told["policy_id"].(string), "aa0a4aab-672b-4bdb-bc33-a59f1130a11f", app, "0oa1a2b3c4d5e6f7g8h9",
		"accessbridge-"+b.name+"-", "accessbridge-acme-", b.Sandbox.Orgs["acme"].URL, "https://acme.okta.com",
		b.Sandbox.Accounts["acme"].AuthDomain, "acme.cloudflareaccess.com", b.account(), "acce5500000000000000000000000001",
	).Replace(text.String())
	if diff := cmp.Diff(importsOnThePage(t), linesOf(asOnThePage)); diff != "" {
		t.Errorf("docs/terraform.md imports something else than a connect makes (-page +made):\n%s", diff)
	}

	b.forget()
	var forgotten struct{ Found []connection.Existing }
	told = b.says(0, nil, "status", b.name, "--output", "json")
	if err := json.Unmarshal([]byte(told.Stdout), &forgotten); err != nil || len(forgotten.Found) != 1 {
		t.Fatalf("status tells %s (%v)", told.Stdout, err)
	}
	if found := forgotten.Found[0]; found.AppID != app || found.IdentityProviderID != idp || len(found.PolicyIDs) != 1 || found.PolicyIDs[0] != m.Told["policy_id"] {
		t.Errorf("the connection that Temporal has forgotten is found as %+v, was %v", found, m.Told)
	}
}

package e2e

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/internal/devserver"
)

// forget has Temporal know nothing of any run any more, as after the namespace's retention: it is another server.
func (b *bench) forget() {
	b.t.Helper()
	fresh, err := devserver.Start(context.WithoutCancel(b.ctx), devserver.Options{})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = fresh.Stop() })
	if err := b.MoveTo(b.ctx, fresh); err != nil {
		b.t.Fatal(err)
	}
}

// says runs the command line, and fails the test unless it ends with the code and says all of the words.
func (b *bench) says(code int, words []string, args ...string) rig.Outcome {
	b.t.Helper()
	outcome := b.Starter(b.ctx, args...)
	if outcome.Code != code {
		b.t.Errorf("starter %s ended with %d, want %d:\n%s%s", strings.Join(args, " "), outcome.Code, code, outcome.Stdout, outcome.Stderr)
	}
	for _, word := range words {
		if !strings.Contains(outcome.Stdout+outcome.Stderr, word) {
			b.t.Errorf("starter %s doesn't say %q:\n%s%s", strings.Join(args, " "), word, outcome.Stdout, outcome.Stderr)
		}
	}
	return outcome
}

// TestByName_TemporalHasForgottenTheConnection_ItsAppRemembers connects from a file and has nothing but the name afterwards.
func TestByName_TemporalHasForgottenTheConnection_ItsAppRemembers(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	b.says(0, nil, "connect", "-f", b.document())
	app := b.Sandbox.Orgs["acme"].Org.AppIDs("Cloudflare Access")[0]
	b.forget()
	connected := b.state()

	b.says(0, []string{"exists, but Temporal knows no run of it", app, "starter plan " + b.name}, "status", b.name)
	b.says(0, []string{app, "(forgotten)"}, "list", "--inventory")
	b.says(0, []string{"Using the document that Okta app", "No changes"}, "plan", b.name)
	b.says(0, []string{"No changes"}, "plan", b.name, "--org", "acme")
	b.says(1, []string{"no Okta app of it in the orgs that the worker holds (globex)"}, "plan", b.name, "--org", "globex")
	b.says(2, []string{"cloudflare.accounts.elsewhere"}, "plan", b.name, "--account", "elsewhere")
	b.unchanged(connected)

	b.Sandbox.API.API.EditPolicy(b.Sandbox.Accounts["acme"].ID, b.policyID(), func(body map[string]any) { body["name"] = "By hand" })
	b.says(4, []string{"By hand"}, "plan", b.name)

	b.says(0, []string{"disconnected"}, "disconnect", b.name)
	b.unchanged(before)
	b.says(0, nil, "list", "--inventory")
	b.says(1, []string{"no Okta app of it in the orgs that the worker holds (acme, globex)"}, "status", "nobody")
}

// policyID is the id of the only policy of the account.
func (b *bench) policyID() string {
	b.t.Helper()
	policies := b.Sandbox.API.API.Policies(b.Sandbox.Accounts["acme"].ID)
	if len(policies) != 1 {
		b.t.Fatalf("there are %d policies", len(policies))
	}
	return policies[0]["id"].(string)
}

// TestByName_InTwoOrgs_OneIsNamed: what can't be told by the name alone isn't guessed.
func TestByName_InTwoOrgs_OneIsNamed(t *testing.T) {
	b := setUp(t, nil)
	b.connect(b.spec())
	b.forget()
	first := b.state()
	other := b.spec()
	other.Okta.Org, other.Cloudflare.Account = "globex", "globex"
	b.connect(other)
	b.forget()

	var status struct{ Found []connection.Existing }
	told := b.says(0, nil, "status", b.name, "-o", "json")
	if err := json.Unmarshal([]byte(told.Stdout), &status); err != nil || len(status.Found) != 2 || status.Found[0].Account != "acme" || status.Found[1].Account != "globex" {
		t.Errorf("status tells %s (%v)", told.Stdout, err)
	}
	b.says(1, []string{"exists more than once", "--org"}, "disconnect", b.name)
	b.says(0, []string{"disconnected"}, "disconnect", b.name, "--org", "globex")
	b.unchanged(first)
}

// TestInventory_MisspeltKey_IsRefused starts an inventory by Temporal's own client.
func TestInventory_MisspeltKey_IsRefused(t *testing.T) {
	b := setUp(t, nil)
	run := b.startAs(connection.InventoryWorkflowID(b.name), connection.InventoryWorkflow, connection.Spec{Name: b.name})
	result := b.failure(run, connection.ErrorRefused)
	if !strings.Contains(result.Failure.Message, "okta is not a known key") || !strings.Contains(result.Failure.Advice, `"orgs"`) {
		t.Errorf("it was refused for %+v", result.Failure)
	}
}

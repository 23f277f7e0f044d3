package e2e

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/sandbox/kit"
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
	b.okta().Inject(kit.Fault{Method: "GET", Path: "/api/v1/apps", Kind: kit.KindStatus, Status: 403}) // else the second is refused
	if second := b.connect(other); !strings.Contains(strings.Join(second.Notes, "\n"), "Okta org acme (") {
		t.Errorf("the org that didn't answer isn't named: %q", second.Notes)
	}
	b.okta().ClearFaults()
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
	for _, input := range [][]any{{map[string]any{"name": b.name, "orgs": []string{"acme"}}}, {map[string]any{}}, nil} {
		var found connection.Inventory
		if err := b.startWith(b.Client, connection.InventoryWorkflow, input...).Get(b.ctx, &found); err != nil || len(found.Orgs) == 0 {
			t.Errorf("the input that the advice names, %v, gives %+v (%v)", input, found, err)
		}
	}
}

// TestConnect_ByTheStarter_MovedToAnotherOrgAndAccount_IsRefused has the starter, as every other trigger, leave a connection where it is, and
// takes both ways out. Where Temporal knows no run of it any more, the earlier org tells.
func TestConnect_ByTheStarter_MovedToAnotherOrgAndAccount_IsRefused(t *testing.T) {
	t.Run("Temporal remembers", func(t *testing.T) { isNotMoved(t, func(*bench) {}) })
	t.Run("Temporal has forgotten", func(t *testing.T) { isNotMoved(t, (*bench).forget) })
}

func isNotMoved(t *testing.T, meanwhile func(*bench)) {
	b := setUp(t, nil)
	before := b.state()
	b.says(0, nil, "connect", "-f", b.document())
	meanwhile(b)
	connected := b.state()
	moved := b.spec()
	moved.Okta.Org, moved.Cloudflare.Account = "globex", "globex"
	document := b.write("moved.json", moved)
	words := []string{"would be left behind", "What to do: disconnect it first with the earlier document, or give this one another name"}
	b.says(2, words, "plan", "-f", document)
	b.says(2, words, "connect", "-f", document)
	b.says(2, words, "connect", "-f", document) // a run that was refused tells nothing of where it is
	b.says(2, words, "disconnect", b.name, "-f", document)
	b.unchanged(connected)

	b.says(0, nil, "disconnect", b.name)
	b.unchanged(before)
	b.says(0, nil, "connect", "-f", document)
	other := b.spec()
	other.Name += "-other"
	b.says(0, nil, "connect", "-f", b.write("other.json", other))
}

// TestPlan_TokensRefused_NamesBothByTheirKeys has the plan say of each token what to do with it, once, to a person and to a program.
func TestPlan_TokensRefused_NamesBothByTheirKeys(t *testing.T) {
	b := setUp(t, nil)
	b.Sandbox.Orgs["acme"].Org.RevokeToken(b.Sandbox.Orgs["acme"].Token)
	b.Sandbox.API.API.RevokeToken(b.Sandbox.Accounts["acme"].Token)
	keys := []string{"okta.orgs.acme.api_token", "cloudflare.accounts.acme.api_token"}
	document := b.document()
	told := b.says(2, keys, "plan", "-f", document).Stderr
	if advice := strings.Count(told, "What to do: the API token is wrong, expired or revoked"); advice != 2 {
		t.Errorf("what to do is said %d times: %s", advice, told)
	}
	connect := b.says(2, nil, "connect", "-f", document).Stdout
	for _, line := range strings.Split(told, "\n") {
		if strings.Contains(line, "What to do") && !strings.Contains(connect, line) {
			t.Errorf("connect doesn't say %q: %s", line, connect)
		}
	}
	var result connection.Result
	encoded := b.says(2, nil, "plan", "-f", document, "-o", "json").Stdout
	if err := json.Unmarshal([]byte(encoded), &result); err != nil || result.State != connection.RunRefused || len(result.Failure.Problems) != 2 {
		t.Fatalf("the answer for programs (%v): %s", err, encoded)
	}
	for _, problem := range result.Failure.Problems {
		if !strings.Contains(strings.Join(keys, " "), problem.Path) || !strings.Contains(problem.Advice, problem.Path) {
			t.Errorf("a problem is told as %+v", problem)
		}
	}
}

// TestInventory_StartedByAnyClient_TellsOfEveryOrg has an input and none.
func TestInventory_StartedByAnyClient_TellsOfEveryOrg(t *testing.T) {
	b := setUp(t, nil)
	first := b.connect(b.spec())
	for id, input := range map[string][]any{"none": nil, "name": {connection.InventoryRequest{Name: b.name}}} {
		options := client.StartWorkflowOptions{ID: connection.InventoryWorkflowID(b.name + "-" + id), TaskQueue: b.TaskQueue}
		run, err := b.Client.ExecuteWorkflow(b.ctx, options, connection.InventoryWorkflow, input...)
		if err != nil {
			t.Fatal(err)
		}
		var found connection.Inventory
		if err := run.Get(b.ctx, &found); err != nil {
			t.Fatal(err)
		}
		b.record(run)
		if len(found.Connections) != 1 || found.Connections[0].AppID != first.AppID || !slices.Equal(found.Orgs, []string{"acme", "globex"}) || len(found.Unread) != 0 {
			t.Errorf("input %s: found %+v", id, found)
		}
		if told := found.Connections[0].Document != nil; told != (id == "name") {
			t.Errorf("input %s: the document is told: %v", id, told)
		}
	}
}

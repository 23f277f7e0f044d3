package e2e

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// rule is a rule for the test's connection, with more keys than it must have.
func (b *bench) rule(more map[string]any) map[string]any {
	rule := map[string]any{"connections": []string{b.name}, "orgs": []string{"acme"}, "accounts": []string{"acme"}}
	maps.Copy(rule, more)
	return rule
}

// restrict restarts the worker with rules.
func (b *bench) restrict(rules ...map[string]any) {
	b.t.Helper()
	if err := b.Worker.Stop(); err != nil {
		b.t.Fatal(err)
	}
	b.Set("rules", rules)
	if err := b.StartWorker(b.ctx); err != nil {
		b.t.Fatal(err)
	}
}

// everyRule allows another connection first, and the test's all that its documents ask for.
func (b *bench) everyRule() []map[string]any {
	return []map[string]any{
		{"connections": []string{"payroll"}, "orgs": []string{"*"}, "accounts": []string{"*"}},
		b.rule(map[string]any{"emails": true, "disconnect": true, "applications": []string{"wiki.acme.example"}}),
	}
}

// isRefusedByTheCLI starts a workflow with Temporal's command line and fails the test unless it is refused with the words.
func (b *bench) isRefusedByTheCLI(workflow string, spec connection.Spec, words ...string) {
	b.t.Helper()
	id := connection.WorkflowID(b.name)
	if workflow == connection.PlanWorkflow {
		id = connection.PlanWorkflowID(b.name)
	}
	b.temporalWell("workflow", "start", "--type", workflow, "--task-queue", b.TaskQueue, "--workflow-id", id, "--input-file", b.write("connection.json", spec))
	failure := b.failure(b.Client.GetWorkflow(b.ctx, id, ""), connection.ErrorRefused).Failure
	told := failure.Message + "\n" + failure.Advice
	for _, want := range append(words, "the worker's configuration doesn't allow this", "ask whoever runs the worker") {
		if !strings.Contains(told, want) {
			b.t.Errorf("%s: it doesn't say %q: %s", workflow, want, told)
		}
	}
}

func TestRules_WhatNoneAllows_IsRefusedBeforeAnythingIsChanged(t *testing.T) {
	b := setUp(t, nil)
	b.restrict(b.everyRule()...)
	before := b.state()
	connects := []string{connection.ConnectWorkflow, connection.PlanWorkflow}
	for _, test := range []struct {
		edit      func(*connection.Spec)
		workflows []string
		want      string
	}{
		{func(s *connection.Spec) { s.Okta.Org = "globex" }, append(connects, connection.DisconnectWorkflow), `Okta org "globex" is not allowed by rules[1].orgs`},
		{func(s *connection.Spec) { s.Cloudflare.Account = "globex" }, append(connects, connection.DisconnectWorkflow), `Cloudflare account "globex" is not allowed by rules[1].accounts`},
		{func(s *connection.Spec) { s.Policy.Applications = []string{"dashboard.acme.example"} }, connects, `which is reached by "dashboard.acme.example", is not allowed by rules[1].applications`},
		{func(s *connection.Spec) { s.Adopt = true }, connects, "is not allowed by rules[1].adopt"},
		{func(s *connection.Spec) { s.Okta.AssignGroups = []string{"Engineering", "Everyone"} }, connects, `the group "Everyone", which is the whole org, is not allowed by rules[1].everyone`},
		{func(s *connection.Spec) {
			s.Okta.AssignGroups = []string{"Engineering", "id:" + b.Sandbox.Orgs["acme"].Org.GroupID("Everyone")}
		}, connects, "rules[1].everyone"},
	} {
		spec := b.spec()
		test.edit(&spec)
		for _, workflow := range test.workflows {
			b.isRefusedByTheCLI(workflow, spec, test.want)
		}
	}
	b.unchanged(before)
}

func TestRules_WhatOneAllows_ConnectsAndDisconnects(t *testing.T) {
	b := setUp(t, nil)
	b.restrict(b.everyRule()...)
	before := b.state()
	spec := b.spec()
	spec.Policy.Applications = []string{"wiki.acme.example"}
	b.connect(spec)
	b.result(b.start(connection.DisconnectWorkflow, spec))
	b.unchanged(before)
}

func TestRules_AProtectedConnection_IsChangedButNotDisconnected(t *testing.T) {
	b := setUp(t, nil)
	spec := b.spec()
	b.connect(spec)
	before := b.state()
	b.restrict(b.rule(map[string]any{"emails": true, "disconnect": true, "prevent_disconnect": []string{"acme-*"}}))
	b.isRefusedByTheCLI(connection.DisconnectWorkflow, spec, "is protected: rules[0].prevent_disconnect")
	b.unchanged(before)
	b.restrict(b.rule(map[string]any{"emails": true}))
	b.isRefusedByTheCLI(connection.DisconnectWorkflow, spec, "is not allowed by rules[0].disconnect")
	b.unchanged(before)
	spec.Policy.Name = "Staff"
	b.connect(spec)
}

// TestRules_APolicyThatLetsInMore_IsNotTakenOver: a rollback would put it back as it was.
func TestRules_APolicyThatLetsInMore_IsNotTakenOver(t *testing.T) {
	b := setUp(t, nil)
	b.byHand() // its policy lets everyone in
	spec := b.spec()
	spec.Adopt = true
	b.restrict(b.rule(map[string]any{"emails": true, "adopt": true}))
	before := b.state()
	b.isRefusedByTheCLI(connection.ConnectWorkflow, spec, "taking over a policy that lets in the whole org or more", "rules[0].everyone")
	b.unchanged(before)
	b.restrict(b.rule(map[string]any{"emails": true, "adopt": true, "everyone": true}))
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRolledBack)
	b.unchanged(before)
}

// TestRules_AStepOfOthers_IsRefusedLikeTheDocument schedules steps by their names, as a workflow of anyone's can.
func TestRules_AStepOfOthers_IsRefusedLikeTheDocument(t *testing.T) {
	b := setUp(t, nil)
	b.restrict(b.everyRule()...)
	result := b.connect(b.spec())
	before := b.state()
	fence := activities.Fence{Connection: b.name}
	org := b.Sandbox.Orgs["acme"].Org
	accountID := b.Sandbox.Accounts["acme"].ID
	var dashboard string
	for _, application := range b.Sandbox.API.API.Applications(accountID) {
		if application["domain"] == "dashboard.acme.example" {
			dashboard = application["id"].(string)
		}
	}
	everyone := policyOf(thing{}, thing{provider: result.IdentityProviderID}, planner.OktaGroupRule("Everyone", result.IdentityProviderID))
	for name, test := range map[string]struct {
		step  string
		input any
		want  string
	}{
		"another connection": {
			"CreateOktaApp",
			activities.AppMove{Fence: activities.Fence{Connection: "others"}, Org: "acme", Want: planner.App{Label: "x", ClientID: "accessbridge-others-1", Connection: "others"}},
			`connection "others" is not allowed by rules[0].connections`,
		},
		"no connection": {"ReadClientCredentials", activities.AppRef{Org: "acme", AppID: result.AppID}, `connection "" is not allowed by rules[0].connections`},
		"another org":   {"AssignGroup", activities.Assignment{Fence: fence, Org: "globex", AppID: result.AppID, GroupID: org.GroupID("Sales")}, "rules[1].orgs"},
		"another account": {
			"CreateAccessPolicy", activities.PolicyMove{Fence: fence, Account: "globex", Want: planner.AccessPolicy{Name: "x", Decision: "allow"}}, "rules[1].accounts",
		},
		"another account, by its id": {
			"AssignGroup", activities.Assignment{
				Fence: activities.Fence{Connection: b.name, AccountID: b.Sandbox.Accounts["globex"].ID}, Org: "acme", AppID: result.AppID, GroupID: org.GroupID("Sales"),
			}, "rules[1].accounts",
		},
		"an account that isn't held": {
			"AssignGroup", activities.Assignment{
				Fence: activities.Fence{Connection: b.name, AccountID: "0123456789"}, Org: "acme", AppID: result.AppID, GroupID: org.GroupID("Sales"),
			}, `Cloudflare account "0123456789" is not allowed by rules[1].accounts`,
		},
		"a policy for everyone": {"CreateAccessPolicy", activities.PolicyMove{Fence: fence, Account: "acme", Want: everyone}, "rules[1].everyone"},
		"the group Everyone":    {"AssignGroup", activities.Assignment{Fence: fence, Org: "acme", AppID: result.AppID, GroupID: org.GroupID("Everyone")}, "rules[1].everyone"},
		"the group Everyone, as an undoing": {
			"AssignGroup", activities.Assignment{Fence: fence, Org: "acme", AppID: result.AppID, GroupID: org.GroupID("Everyone"), Undo: true}, "rules[1].everyone",
		},
		"another application": {
			"AttachPolicy", activities.Attachment{Fence: fence, Account: "acme", ApplicationID: dashboard, PolicyID: result.PolicyID, Application: "wiki.acme.example"}, "rules[1].applications",
		},
	} {
		err := b.scheduledByOthers(b.Client, test.step, test.input)
		if kind := stepError(err); kind != activities.ErrorNotAllowed || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the step ended with %q: %v, want one that says %q", name, kind, err, test.want)
		}
	}
	b.unchanged(before)
}

// TestRules_AProtectedConnection_IsNotTakenAwayStepByStep: what a rollback deletes, a step of others could ask for as well.
func TestRules_AProtectedConnection_IsNotTakenAwayStepByStep(t *testing.T) {
	b := setUp(t, nil)
	b.restrict(b.rule(map[string]any{"emails": true, "prevent_disconnect": []string{b.name}, "disconnect": true}))
	spec := b.spec()
	nothing := b.state()
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRolledBack) // a rollback may
	b.unchanged(nothing)
	b.okta().ClearFaults()
	result := b.connect(spec)
	before := b.state()
	r := &rogue{bench: b, own: thing{result.AppID, result.ClientID, result.IdentityProviderID, result.PolicyID}}
	r.fence = activities.Fence{Connection: b.name, OktaURL: result.OktaURL, AccountID: result.AccountID}
	own, forgetful := r.appNow(r.own), r.appNow(r.own)
	forgetful.Memory = nil
	elsewhere := r.fence
	elsewhere.OktaURL = ""
	for _, tried := range []struct {
		step  string
		input any
	}{
		{"RevertOktaApp", activities.AppMove{Fence: r.fence, Org: "acme", Want: own}},
		{"RevertIdentityProvider", activities.IdentityProviderMove{Fence: r.fence, Org: "acme", Account: "acme", Want: r.providerNow(r.own)}},
		{"RevertAccessPolicy", activities.PolicyMove{Fence: r.fence, Account: "acme", Want: r.policyNow(r.own)}},
		{"RevertAccessPolicy", activities.PolicyMove{Fence: elsewhere, Account: "acme", Want: r.policyNow(r.own)}},
		{"RevertMemory", activities.MemoryMove{Fence: r.fence, Org: "acme", Have: forgetful, Want: own}},
		{"WriteMemory", activities.MemoryMove{Fence: r.fence, Org: "acme", Want: r.remembering(r.own, thing{})}},
	} {
		if err := b.scheduledByOthers(b.Client, tried.step, tried.input); err == nil || !strings.Contains(err.Error(), "is protected: rules[0].prevent_disconnect") {
			t.Errorf("%s: the step ended with %v", tried.step, err)
		}
	}
	b.unchanged(before)
}

// stepError is the type of the error that a step ended with; "" for none.
func stepError(err error) string {
	var failed *temporal.ApplicationError
	if !errors.As(err, &failed) {
		return ""
	}
	return failed.Type()
}

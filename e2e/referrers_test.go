package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// byHandAccess has an administrator of the account ask Access for something, and gives the id in the answer.
func (b *bench) byHandAccess(method, path string, body any) string {
	b.t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	answer := b.cloudflare().ByHand(kit.HandRequest{Method: method, Path: "/client/v4/accounts/" + b.Sandbox.Accounts["acme"].ID + "/access" + path, Body: encoded})
	if answer.Status >= http.StatusBadRequest {
		b.t.Fatalf("%s %s by hand: %d %s", method, path, answer.Status, answer.Body)
	}
	var made struct {
		Result struct {
			ID string `json:"id"`
		} `json:"result"`
	}
	if err := json.Unmarshal(answer.Body, &made); err != nil {
		b.t.Fatal(err)
	}
	return made.Result.ID
}

// made makes something at a path, and gives what deletes it.
func (b *bench) made(path string, body any) (undo func()) {
	b.t.Helper()
	id := b.byHandAccess(http.MethodPost, path, body)
	return func() { b.byHandAccess(http.MethodDelete, path+"/"+id, nil) }
}

// ruled is a body with one rule.
func ruled(kind string, settings map[string]any) map[string]any {
	return map[string]any{"name": "Theirs", "decision": "allow", "include": []any{map[string]any{kind: settings}}}
}

// TestDisconnect_ReferredTo_RefusesUntilTheReferenceIsGone: whatever refers to the login method would refer to nothing.
func TestDisconnect_ReferredTo_RefusesUntilTheReferenceIsGone(t *testing.T) {
	okta := func(key, id string) map[string]any {
		return ruled("okta", map[string]any{"name": "Engineering", key: id})
	}
	wikiPolicies := func(b *bench) string { return "/apps/" + b.application("wiki.acme.example") + "/policies" }
	for name, test := range map[string]struct {
		refer func(b *bench, id string) (undo func())
		want  string
	}{
		"a group, by its rule":      {func(b *bench, id string) func() { return b.made("/groups", okta("identity_provider_id", id)) }, `Access group "Theirs"`},
		"a group, by the dashboard": {func(b *bench, id string) func() { return b.made("/groups", okta("connection_id", id)) }, `Access group "Theirs"`},
		"a group, by login method": {func(b *bench, id string) func() {
			return b.made("/groups", ruled("login_method", map[string]any{"id": id}))
		}, `Access group "Theirs"`},
		"a policy, by the dashboard":  {func(b *bench, id string) func() { return b.made("/policies", okta("connection_id", id)) }, `Access policy "Theirs"`},
		"an application's own policy": {func(b *bench, id string) func() { return b.made(wikiPolicies(b), okta("identity_provider_id", id)) }, `policy "Theirs" (`},
		"an application's login page": {offeredByHand, `Access application "Wiki"`},
		"a federation grant": {func(b *bench, id string) func() {
			return b.made("/idp_federation_grants", map[string]any{"idp_id": id})
		}, "federation grant"},
		"the organisation's own setting": {setByHand, "the setting login_default of the Access organisation"},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			nothing := b.state()
			id := b.connect(b.spec()).IdentityProviderID
			undo := test.refer(b, id)
			before := b.state()
			if notes := strings.Join(b.plan(b.spec()).Notes, "\n"); !strings.Contains(notes, test.want) {
				t.Errorf("the plan doesn't tell of %s: %s", test.want, notes)
			}
			refused := b.failure(b.start(connection.DisconnectWorkflow, b.spec()), connection.ErrorRefused)
			if !strings.Contains(refused.Failure.Message, test.want) || refused.Failure.Advice == "" {
				t.Errorf("the refusal doesn't name %s: %+v", test.want, refused.Failure)
			}
			b.unchanged(before)
			undo()
			b.result(b.start(connection.DisconnectWorkflow, b.spec()))
			b.unchanged(nothing)
		})
	}
}

func offeredByHand(b *bench, id string) (undo func()) {
	b.signInTo("wiki.acme.example", false, id)
	return func() { b.signInTo("wiki.acme.example", false) }
}

func setByHand(b *bench, id string) (undo func()) {
	api, account := b.Sandbox.API.API, b.Sandbox.Accounts["acme"].ID
	api.SetOrganization(account, "login_default", id)
	return func() { api.SetOrganization(account, "login_default", nil) }
}

// TestConnect_AccessGroupCameToUseTheLoginMethod_ARollbackWaits for a person to say what becomes of the group.
func TestConnect_AccessGroupCameToUseTheLoginMethod_ARollbackWaits(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	undo := func() {}
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindHand, When: kit.WhenAfter, Count: 1, Act: func(*http.Request, *kit.Answer) {
		for _, each := range b.Sandbox.API.API.IdentityProviders(b.Sandbox.Accounts["acme"].ID) {
			if each["type"] == "okta" {
				undo = b.made("/groups", ruled("login_method", map[string]any{"id": each["id"]}))
			}
		}
	}})
	run := b.start(connection.ConnectWorkflow, b.spec())
	b.eventually("the run waits for a person", func() bool { return b.progress(run).Needs != nil })
	if needs := b.progress(run).Needs; !strings.Contains(needs.Message, `Access group "Theirs"`) {
		t.Errorf("the run needs %+v", needs)
	}
	undo()
	if err := b.update(run, connection.ResumeUpdate); err != nil {
		t.Fatal(err)
	}
	b.failure(run, connection.ErrorRolledBack)
	b.unchanged(before)
}

// TestConnect_LoginMethodIsSharedWithOtherAccounts_IsNotChanged: they sign people in through it, and nothing tells what an update does to them.
func TestConnect_LoginMethodIsSharedWithOtherAccounts_IsNotChanged(t *testing.T) {
	b := setUp(t, nil)
	id := b.connect(b.withWiki()).IdentityProviderID
	undo := b.made("/idp_federation_grants", map[string]any{"idp_id": id})
	before := b.state()
	b.connect(b.withWiki()) // nothing would have to be changed
	renamed := b.withWiki()
	renamed.Cloudflare.IDPName, renamed.Okta.AppLabel = "Sign in", "Access"
	for workflow, id := range map[string]string{connection.PlanWorkflow: connection.PlanWorkflowID(b.name), connection.ConnectWorkflow: connection.WorkflowID(b.name)} {
		refused := b.failure(b.startAs(id, workflow, renamed), connection.ErrorRefused)
		if !strings.Contains(refused.Failure.Message, "would have to be changed (name)") || !strings.Contains(refused.Failure.Advice, "delete the grant first") {
			t.Errorf("%s was refused for %+v", workflow, refused.Failure)
		}
	}
	b.unchanged(before)
	if in, why := b.signsIn("Okta"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
	undo()
	b.connect(renamed)
	if in, why := b.signsIn("Sign in"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
}

// TestConnect_LoginMethodIsSharedByAnotherAccount_IsToldAndRefused before anything is changed that Cloudflare would refuse halfway.
func TestConnect_LoginMethodIsSharedByAnotherAccount_IsToldAndRefused(t *testing.T) {
	b := setUp(t, nil)
	id := b.connect(b.withWiki()).IdentityProviderID
	b.Sandbox.API.API.EditIdentityProvider(b.Sandbox.Accounts["acme"].ID, id, func(stored map[string]any) { stored["read_only"] = true })
	before := b.state()
	if plan := b.plan(b.withWiki()); len(plan.Moves()) != 0 || !strings.Contains(strings.Join(plan.Notes, "\n"), "is read-only: another account shares it with this one") {
		t.Errorf("the plan is %+v", plan)
	}
	renamed := b.withWiki()
	renamed.Cloudflare.IDPName, renamed.Okta.AppLabel = "Sign in", "Access"
	for workflow, want := range map[string]string{
		connection.ConnectWorkflow: "and would have to be changed (name)", connection.DisconnectWorkflow: "and can't be deleted here",
	} {
		refused := b.failure(b.start(workflow, renamed), connection.ErrorRefused)
		if !strings.Contains(refused.Failure.Message, want) {
			t.Errorf("%s was refused for %q, want %q", workflow, refused.Failure.Message, want)
		}
	}
	b.unchanged(before)
	if in, why := b.signsIn("Okta"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
}

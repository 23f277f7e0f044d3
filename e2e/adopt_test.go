package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// appByHand makes an app of somebody's own under the declared label, and returns its id.
func (b *bench) appByHand() string {
	b.t.Helper()
	id, err := b.MakeApp("acme", "Cloudflare Access")
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

// byHand makes what a person left half done under the declared names.
func (b *bench) byHand() {
	b.t.Helper()
	if err := b.MakeByHand(b.ctx, "acme", "acme"); err != nil {
		b.t.Fatal(err)
	}
}

func TestConnect_Adopt_TakesOverAndARollbackPutsBack(t *testing.T) {
	b := setUp(t, nil)
	b.byHand()
	before := b.state()
	spec := b.spec()
	spec.Adopt = true
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	result := b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRolledBack)
	if len(result.Left) != 0 {
		t.Errorf("left %v", result.Left)
	}
	b.unchanged(before)

	b.okta().ClearFaults()
	result = b.connect(spec)
	if result.ClientID != rig.ClientIDByHand {
		t.Errorf("client id %q, want that of the adopted app", result.ClientID)
	}
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		t.Errorf("both sides hold %+v, want %+v", got, want)
	}
	if again := b.connect(spec); actions(again.Changes, connection.ActionUnchanged) != nil {
		t.Errorf("the next run changed %v", actions(again.Changes, connection.ActionUnchanged))
	}
	away := b.result(b.start(connection.DisconnectWorkflow, spec))
	for i, id := range []string{result.PolicyID, result.IdentityProviderID, result.AppID} { // names aren't unique
		if len(away.Left) != 3 || !strings.Contains(away.Left[i], fmt.Sprintf("(%s) was not made by this connection", id)) {
			t.Errorf("left %q, want %s named", away.Left, id)
		}
	}
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		t.Errorf("after disconnect both sides hold %+v, want %+v", got, want)
	}
}

// TestDisconnect_Twice_LeavesWhatWasAdopted disconnects again, by a document that would take things over: there is nothing of the
// connection any more.
func TestDisconnect_Twice_LeavesWhatWasAdopted(t *testing.T) {
	b := setUp(t, nil)
	b.byHand()
	spec := b.spec()
	spec.Adopt = true
	b.connect(spec)
	b.result(b.start(connection.DisconnectWorkflow, spec))
	before := b.state()
	again := b.result(b.start(connection.DisconnectWorkflow, spec))
	if len(again.Changes) != 0 || len(again.Notes) != 3 {
		t.Errorf("the second disconnect changed %v, notes %q", again.Changes, again.Notes)
	}
	b.unchanged(before)
}

func TestDisconnect_AdoptedBesideOurOwnApp_DeletesTheAppAlone(t *testing.T) {
	b := setUp(t, nil)
	account := b.Sandbox.Accounts["acme"].ID
	theirs := b.Sandbox.API.API.AddPolicy(account, map[string]any{"name": "Okta staff", "decision": "allow", "include": []any{map[string]any{"everyone": map[string]any{}}}})
	spec := b.spec()
	spec.Adopt, spec.Policy.Applications = true, []string{"wiki.acme.example"}
	b.connect(spec)
	b.Sandbox.API.API.AttachPolicy(account, b.application("dashboard.acme.example"), theirs)
	spec.Adopt = false // the app's profile remembers what was adopted
	if again := b.connect(spec); actions(again.Changes, connection.ActionUnchanged) != nil {
		t.Errorf("the next run changed %v", actions(again.Changes, connection.ActionUnchanged))
	}
	away := b.result(b.start(connection.DisconnectWorkflow, spec))
	if got, want := b.counts(), (counts{0, 0, 1}); got != want || len(away.Left) != 1 {
		t.Errorf("after disconnect both sides hold %+v, want %+v; left %q", got, want, away.Left)
	}
	for _, each := range b.Sandbox.API.API.Applications(account) {
		policies, _ := each["policies"].([]any)
		if wants := each["domain"] == "dashboard.acme.example"; wants != (len(policies) == 1) {
			t.Errorf("application %v has policies %v", each["domain"], policies)
		}
	}
}

func TestConnect_AdoptedAppHasALoginMethodAlready_TakesThatOverAndARollbackPutsItBack(t *testing.T) {
	b := setUp(t, nil)
	if _, err := b.MakeIdentityProvider(b.ctx, "acme", "acme", "Theirs", b.appByHand()); err != nil {
		t.Fatal(err)
	}
	before := b.state()
	spec := b.spec()
	spec.Adopt = true
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindStatus, Status: 403})
	b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRolledBack)
	b.unchanged(before)
	b.cloudflare().ClearFaults()
	b.connect(spec)
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		t.Errorf("both sides hold %+v, want %+v", got, want)
	}
}

func TestConnect_AdoptedApp_IsKnownByItsMark(t *testing.T) {
	b := setUp(t, nil)
	b.appByHand()
	spec := b.spec()
	spec.Adopt = true
	first := b.connect(spec)
	spec.Adopt, spec.Okta.AppLabel = false, "Renamed"
	second := b.connect(spec)
	if second.AppID != first.AppID || len(b.Sandbox.Orgs["acme"].Org.AppIDs("Renamed")) != 1 {
		t.Errorf("the adopted app %s was not renamed, but %s used", first.AppID, second.AppID)
	}
	away := b.result(b.start(connection.DisconnectWorkflow, spec))
	if got, want := b.counts(), (counts{0, 0, 0}); got != want || len(away.Left) != 1 {
		t.Errorf("after disconnect both sides hold %+v, want %+v and the adopted app; left %v", got, want, away.Left)
	}
}

func TestConnect_AdoptsNothingOfAnotherConnection(t *testing.T) {
	b := setUp(t, nil)
	b.connect(b.spec())
	before := b.state()
	for _, part := range []string{"app", "identity provider", "policy"} {
		spec := b.spec()
		spec.Name, spec.Adopt = b.name+"-second", true
		spec.Okta.AppLabel, spec.Cloudflare.IDPName, spec.Policy.Name = "App", "Sign in", "Staff"
		switch part {
		case "app":
			spec.Okta.AppLabel = b.spec().Okta.AppLabel
		case "identity provider":
			spec.Cloudflare.IDPName = b.spec().Cloudflare.IDPName
		case "policy":
			spec.Policy.Name = b.spec().Policy.Name
		}
		result := b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRefused)
		if want := "it belongs to connection \"" + b.name + "\""; !strings.Contains(result.Failure.Message, want) {
			t.Errorf("%s: the refusal doesn't say %q: %s", part, want, result.Failure.Message)
		}
		b.unchanged(before)
	}
}

func TestDisconnect_StillUsedByOthers_RefusesAndNamesThem(t *testing.T) {
	for name, test := range map[string]struct {
		use  func(*bench, connection.Result)
		want string
	}{
		"policy": {func(b *bench, r connection.Result) {
			b.Sandbox.API.API.AttachPolicy(b.Sandbox.Accounts["acme"].ID, b.application("wiki.acme.example"), r.PolicyID)
		}, `Access application "Wiki"`},
		"identity provider": {func(b *bench, r connection.Result) {
			b.Sandbox.API.API.AllowIdentityProviders(b.Sandbox.Accounts["acme"].ID, b.application("wiki.acme.example"), r.IdentityProviderID)
		}, `Access application "Wiki"`},
		"a policy of others": {func(b *bench, r connection.Result) {
			b.Sandbox.API.API.AddPolicy(b.Sandbox.Accounts["acme"].ID, map[string]any{"name": "Theirs", "decision": "allow", "include": []any{
				map[string]any{"login_method": map[string]any{"id": r.IdentityProviderID}},
			}})
		}, `Access policy "Theirs"`},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			test.use(b, b.connect(b.spec()))
			before := b.state()
			result := b.failure(b.start(connection.DisconnectWorkflow, b.spec()), connection.ErrorRefused)
			if !strings.Contains(result.Failure.Message, test.want) {
				t.Errorf("the refusal doesn't name %s: %s", test.want, result.Failure.Message)
			}
			b.unchanged(before)
		})
	}
}

// application is the id of the seeded Access application with the domain.
func (b *bench) application(domain string) string {
	b.t.Helper()
	for _, each := range b.Sandbox.API.API.Applications(b.Sandbox.Accounts["acme"].ID) {
		if each["domain"] == domain {
			return each["id"].(string)
		}
	}
	b.t.Fatalf("the sandbox has no application %s", domain)
	return ""
}

func TestDisconnect_DeletionRefused_WaitsForAPersonAndGoesOn(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	b.connect(b.spec())
	b.okta().Inject(kit.Fault{Method: "POST", Path: "*/lifecycle/deactivate", Kind: kit.KindStatus, Status: 403, Count: 1})
	run := b.start(connection.DisconnectWorkflow, b.spec())
	b.inState(run, connection.RunNeedsOperator)
	if err := b.update(run, connection.ResumeUpdate); err != nil {
		t.Fatal(err)
	}
	b.result(run)
	b.unchanged(before)
}

func TestConnect_PolicyEditedByHandThenRenamedInTheDocument_IsFoundByItsID(t *testing.T) {
	b := setUp(t, nil)
	policy := b.connect(b.withWiki()).PolicyID
	b.Sandbox.API.API.EditPolicy(b.Sandbox.Accounts["acme"].ID, policy, func(body map[string]any) {
		body["exclude"] = []any{map[string]any{"email": map[string]any{"email": "carol@acme.example"}}}
	})
	renamed := b.withWiki()
	renamed.Policy.Name = "Staff"
	if moves := b.plan(renamed).Moves(); len(moves) != 1 || moves[0].ID != policy || moves[0].Action != connection.ActionUpdate {
		t.Errorf("the plan: %+v", moves)
	}
	if result := b.connect(renamed); result.PolicyID != policy || len(result.Notes) != 0 {
		t.Errorf("the policy is %s, not %s; notes %q", result.PolicyID, policy, result.Notes)
	}
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		t.Errorf("both sides hold %+v, want %+v", got, want)
	}
}

func TestConnect_LoginMethodDeletedByHand_ItsPolicyIsOursWhileTheAppIsThere(t *testing.T) {
	b := setUp(t, nil)
	org, api, account := b.Sandbox.Orgs["acme"].Org, b.Sandbox.API.API, b.Sandbox.Accounts["acme"].ID
	first := b.connect(b.spec())
	api.DeleteIdentityProvider(account, first.IdentityProviderID)
	second := b.connect(b.spec())
	if second.PolicyID != first.PolicyID {
		t.Errorf("the policy is %s, was %s", second.PolicyID, first.PolicyID)
	}
	api.DeleteIdentityProvider(account, second.IdentityProviderID)
	if err := org.DeleteApp(second.AppID); err != nil {
		t.Fatal(err)
	}
	before := b.state()
	refused := b.failure(b.start(connection.ConnectWorkflow, b.spec()), connection.ErrorRefused)
	if want := `named "Okta staff" (` + first.PolicyID + `) exists`; !strings.Contains(refused.Failure.Message, want) {
		t.Errorf("the refusal doesn't say %q: %s", want, refused.Failure.Message)
	}
	away := b.result(b.start(connection.DisconnectWorkflow, b.spec()))
	if want := `"Okta staff" (` + first.PolicyID + `) is not known to be of this connection`; len(away.Notes) != 1 || !strings.Contains(away.Notes[0], want) {
		t.Errorf("the notes don't say %q: %q", want, away.Notes)
	}
	b.unchanged(before)
}

// twin makes a login method by hand that is like the connection's own, but for what a connection doesn't declare.
func (b *bench) twin(clientID, appID string) string {
	return b.Sandbox.API.API.AddIdentityProvider(b.Sandbox.Accounts["acme"].ID, cloudflare.IdentityProvider{Name: "Okta", Type: "okta", Config: map[string]any{
		"client_id": clientID, "client_secret": b.secretOf(appID), "okta_account": b.Sandbox.Orgs["acme"].URL, "pkce_enabled": true, "email_claim_name": "mail",
	}})
}

func TestDisconnect_ALoginMethodOfOthersForTheAdoptedApp_IsLeftAndNamed(t *testing.T) {
	b := setUp(t, nil)
	b.appByHand()
	spec := b.spec()
	spec.Adopt = true
	connected := b.connect(spec)
	theirs := b.twin(connected.ClientID, connected.AppID)
	away := b.result(b.start(connection.DisconnectWorkflow, spec))
	if len(away.Notes) != 1 || !strings.Contains(away.Notes[0], theirs) {
		t.Errorf("the notes don't name %s: %q", theirs, away.Notes)
	}
	if !strings.Contains(b.state(), theirs) {
		t.Error("what is said to be left was deleted")
	}
}

func TestDisconnect_TwoLoginMethodsOfItsOwnClient_TakesBothAway(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	connected := b.connect(b.spec())
	b.twin(connected.ClientID, connected.AppID)
	if away := b.result(b.start(connection.DisconnectWorkflow, b.spec())); len(away.Notes) != 0 {
		t.Errorf("it is told of what is left: %q", away.Notes)
	}
	b.unchanged(before)
}

func TestPause_SomebodyMakesTheLoginMethodByHand_GivingUpLeavesIt(t *testing.T) {
	b := setUp(t, nil)
	app := b.appByHand()
	spec := b.spec()
	spec.Adopt, spec.OnFailure = true, connection.OnFailurePause
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindStatus, Status: 403})
	run := b.start(connection.ConnectWorkflow, spec)
	b.inState(run, connection.RunNeedsOperator)
	theirs := b.twin(rig.ClientIDByHand, app)
	if err := b.update(run, connection.RollbackUpdate); err != nil {
		t.Fatal(err)
	}
	b.failure(run, connection.ErrorRolledBack)
	if !strings.Contains(b.state(), theirs) {
		t.Error("the login method that somebody made was deleted")
	}
}

func TestAdopt_APolicyWhoseLoginMethodIsGone_IsNobodysUntilAdopted(t *testing.T) {
	b := setUp(t, nil)
	if _, err := b.MakeApp("acme", "By hand"); err != nil {
		t.Fatal(err)
	}
	api, account := b.Sandbox.API.API, b.Sandbox.Accounts["acme"].ID
	orphan := func() string {
		return api.AddPolicy(account, map[string]any{
			"name": "Okta staff", "decision": "allow", "include": []any{map[string]any{"email": map[string]any{"email": "x@acme.example"}}},
			"require": []any{map[string]any{"login_method": map[string]any{"id": "11111111-2222-3333-4444-555555555555"}}},
		})
	}
	spec := b.spec()
	spec.Adopt, spec.Okta.AppLabel = true, "By hand"
	adopted := orphan()
	if connected := b.connect(spec); connected.PolicyID != adopted {
		t.Errorf("the policy is %s, want the adopted %s", connected.PolicyID, adopted)
	}
	late := orphan()
	b.result(b.start(connection.DisconnectWorkflow, spec))
	for _, theirs := range []string{adopted, late} {
		if !strings.Contains(b.state(), theirs) {
			t.Errorf("the policy %s was deleted, which the connection didn't make", theirs)
		}
	}
}

// TestConnect_Adopt_PolicyOfAnotherNameForTheLoginMethod_StaysItsOwners: it requires the login method that is taken over, and is not the
// connection's for that; not even once the connection's own was deleted by hand.
func TestConnect_Adopt_PolicyOfAnotherNameForTheLoginMethod_StaysItsOwners(t *testing.T) {
	b := setUp(t, nil)
	idp, err := b.MakeIdentityProvider(b.ctx, "acme", "acme", "Okta", b.appByHand())
	if err != nil {
		t.Fatal(err)
	}
	api, account := b.Sandbox.API.API, b.Sandbox.Accounts["acme"].ID
	theirs := api.AddPolicy(account, map[string]any{
		"name": "Contractors read-only", "decision": "allow",
		"include": []any{map[string]any{"email_domain": map[string]any{"domain": "contractors.example"}}}, "require": []any{map[string]any{"login_method": map[string]any{"id": idp}}},
	})
	api.AttachPolicy(account, b.application("dashboard.acme.example"), theirs)
	unchanged := func(when string) {
		for _, policy := range api.Policies(account) {
			if policy["id"] == theirs && (policy["name"] != "Contractors read-only" || !strings.Contains(fmt.Sprint(policy["include"]), "contractors.example")) {
				t.Errorf("%s it is %v", when, policy)
			}
		}
		if got := b.uses("dashboard.acme.example"); len(got) != 1 {
			t.Errorf("%s the dashboard uses %v", when, got)
		}
	}
	spec := b.withWiki()
	spec.Adopt = true
	for _, when := range []string{"after connect", "after the connection's own was deleted"} {
		result := b.connect(spec)
		if !strings.Contains(strings.Join(result.Notes, "\n"), fmt.Sprintf(`Access policy "Contractors read-only" (%s) refers to the identity provider "Okta" too, and is left alone`, theirs)) || result.PolicyID == theirs {
			t.Errorf("%s the policy is %s, notes %q", when, result.PolicyID, result.Notes)
		}
		unchanged(when)
		if in, why := b.signsIn("Okta"); !in {
			t.Errorf("%s alice doesn't get in: %s", when, why)
		}
		api.DeletePolicy(account, result.PolicyID)
	}
	b.connect(spec)
	b.result(b.start(connection.DisconnectWorkflow, spec))
	unchanged("after disconnect")
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		t.Errorf("after disconnect both sides hold %+v, want %+v", got, want)
	}
}

// TestRollback_TheMarkWasTakenAway_WaitsForItAndResumes: without its mark, nothing says that the app was taken over.
func TestRollback_TheMarkWasTakenAway_WaitsForItAndResumes(t *testing.T) {
	b := setUp(t, nil)
	id := b.appByHand()
	before := b.state()
	spec := b.spec()
	spec.Adopt, spec.OnFailure = true, connection.OnFailurePause
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindStatus, Status: 403, Count: 1})
	run := b.start(connection.ConnectWorkflow, spec)
	b.inState(run, connection.RunNeedsOperator)
	var marked any
	edit := func(change func(app map[string]any)) {
		if err := b.Sandbox.Orgs["acme"].Org.EditApp(id, change); err != nil {
			t.Fatal(err)
		}
	}
	edit(func(app map[string]any) { marked, app["profile"] = app["profile"], map[string]any{"owner": "someone"} })
	if err := b.update(run, connection.RollbackUpdate); err != nil {
		t.Fatal(err)
	}
	b.eventually("the rollback waits for an operator", func() bool {
		needs := b.progress(run).Needs
		return needs != nil && strings.Contains(needs.Message, "is not connection") && strings.Contains(needs.Advice, "give the Okta app back the profile")
	})
	edit(func(app map[string]any) { app["profile"] = marked })
	if err := b.update(run, connection.ResumeUpdate); err != nil {
		t.Fatal(err)
	}
	b.failure(run, connection.ErrorRolledBack)
	b.unchanged(before)
}

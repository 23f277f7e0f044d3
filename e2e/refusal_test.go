package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

func TestConnect_SurveyFindsAReason_RefusesBeforeAnythingIsChanged(t *testing.T) {
	for name, test := range map[string]struct {
		seed func(*host.Options)
		hand func(*bench)
		edit func(*connection.Spec)
		want []string
	}{
		"missing groups, all in one error": {
			edit: func(s *connection.Spec) { s.Okta.AssignGroups = append(s.Okta.AssignGroups, "Nobody", "Noone") },
			want: []string{`no group "Nobody"`, `no group "Noone"`},
		},
		"group in other letters": {
			edit: func(s *connection.Spec) { s.Okta.AssignGroups = append(s.Okta.AssignGroups, "sales") }, want: []string{`no group "sales"`},
		},
		"ambiguous group": {
			hand: func(b *bench) { b.Sandbox.Orgs["acme"].Org.CreateGroup(okta.Group{Name: "Support", Type: "APP_GROUP"}) },
			want: []string{`2 groups in Okta org "acme" are named "Support"`},
		},
		"app of others": {
			hand: func(b *bench) { b.appByHand() },
			want: []string{`an Okta app named "Cloudflare Access"`, "adopt: true"},
		},
		"identity provider and policy of others": {
			hand: func(b *bench) {
				id := b.Sandbox.Accounts["acme"].ID
				b.Sandbox.API.API.AddIdentityProvider(id, cloudflare.IdentityProvider{Name: "Okta", Type: "okta", Config: map[string]any{"client_id": "other", "okta_account": "https://other.okta.com"}})
				b.Sandbox.API.API.AddPolicy(id, map[string]any{"name": "Okta staff", "decision": "allow", "include": []any{map[string]any{"everyone": map[string]any{}}}})
			},
			want: []string{`identity provider named "Okta"`, `Access policy named "Okta staff"`},
		},
		"adopting what can't be put back": {
			hand: func(b *bench) {
				b.Sandbox.API.API.AddIdentityProvider(b.Sandbox.Accounts["acme"].ID, cloudflare.IdentityProvider{Name: "Okta", Type: "okta", Config: map[string]any{"client_id": "other", "okta_account": "https://other.okta.com"}})
			},
			edit: func(s *connection.Spec) { s.Adopt = true }, want: []string{"can't be adopted", "not in this Okta org"},
		},
		"missing application": {
			edit: func(s *connection.Spec) { s.Policy.Applications = []string{"nowhere.acme.example"} },
			want: []string{`no Access application "nowhere.acme.example"`},
		},
		"Okta token revoked":       {hand: func(b *bench) { b.Sandbox.Orgs["acme"].Org.RevokeToken(b.Sandbox.Orgs["acme"].Token) }, want: []string{"401 E0000011"}},
		"Cloudflare token revoked": {hand: func(b *bench) { b.Sandbox.API.API.RevokeToken(b.Sandbox.Accounts["acme"].Token) }, want: []string{"cloudflare: GET", "the API token is wrong, expired or revoked"}},
		"Access not enabled":       {seed: func(o *host.Options) { o.Accounts[0].AccessDisabled = true }, want: []string{"9999", "Access is not enabled"}},
		"Okta's certificate not trusted": {
			hand: func(b *bench) {
				if err := b.Worker.Stop(); err != nil {
					b.t.Fatal(err)
				}
				b.Set("ca_file", "")
				if err := b.StartWorker(b.ctx); err != nil {
					b.t.Fatal(err)
				}
			},
			want: []string{"certificate is not trusted", "ca_file"},
		},
		"neither org nor account known": {
			edit: func(s *connection.Spec) { s.Okta.Org, s.Cloudflare.Account = "no-org", "no-account" },
			want: []string{"okta.orgs.no-org and cloudflare.accounts.no-account"},
		},
		"unknown org":     {edit: func(s *connection.Spec) { s.Okta.Org = "nowhere" }, want: []string{"no credentials under okta.orgs.nowhere"}},
		"unknown account": {edit: func(s *connection.Spec) { s.Cloudflare.Account = "nowhere" }, want: []string{"no credentials under cloudflare.accounts.nowhere"}},
		"wrong document":  {edit: func(s *connection.Spec) { s.Policy.Allow.Groups = []string{"Sales"} }, want: []string{"policy.allow.groups"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, test.seed)
			if test.hand != nil {
				test.hand(b)
			}
			before := b.state()
			spec := b.spec()
			if test.edit != nil {
				test.edit(&spec)
			}
			result := b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRefused)
			for _, want := range test.want {
				if !strings.Contains(result.Failure.Message+" "+result.Failure.Advice, want) {
					t.Errorf("the refusal doesn't say %q: %+v", want, result.Failure)
				}
			}
			if result.Failure.Advice == "" {
				t.Errorf("the refusal doesn't say what to do: %+v", result.Failure)
			}
			b.unchanged(before)
			b.onlyRead()
		})
	}
}

// onlyRead fails the test when anything but reading was asked of either side.
func (b *bench) onlyRead() {
	b.t.Helper()
	for _, side := range []*kit.Server{b.okta(), b.cloudflare()} {
		for _, request := range side.Requests() {
			if request.Method != "GET" {
				b.t.Errorf("%s %s was sent", request.Method, request.Path)
			}
		}
	}
}

func TestConnect_WrongWorkflowID_IsRefused(t *testing.T) {
	b := setUp(t, nil)
	spec := b.spec()
	spec.Name += "-other"
	run := b.startAs(connection.WorkflowID(b.name), connection.ConnectWorkflow, spec)
	result := b.failure(run, connection.ErrorRefused)
	if !strings.Contains(result.Failure.Message, "must be") {
		t.Errorf("the refusal doesn't tell the ID to use: %s", result.Failure.Message)
	}
	b.onlyRead()
	_, id, _ := strings.Cut(result.Failure.Message, "must be ")
	id, _, _ = strings.Cut(id, ":")
	if b.result(b.startAs(strings.Trim(id, `"`), connection.ConnectWorkflow, spec)).State != connection.RunConnected {
		t.Errorf("a run of the ID %s is not connected", id)
	}
}

func TestPlan_TellsWhatConnectWouldChange_AndOnlyReads(t *testing.T) {
	b := setUp(t, nil)
	plan := b.plan(b.spec())
	b.onlyRead()
	if len(plan.Moves()) != 6 {
		t.Errorf("the plan has %v", actions(plan.Changes, connection.ActionUnchanged))
	}
	const guardsNothing = `policy.applications names no application: the policy "Okta staff" guards nothing until it is attached to one`
	if result := b.connect(b.spec()); !slices.Contains(plan.Notes, guardsNothing) || !slices.Contains(result.Notes, guardsNothing) {
		t.Errorf("the plan's notes are %q, the result's %q", plan.Notes, result.Notes)
	}
	plan = b.plan(b.spec())
	if moves := plan.Moves(); len(moves) != 0 {
		t.Errorf("after connect the plan still has %v", moves)
	}
}

// plan runs Plan to its good end.
func (b *bench) plan(spec connection.Spec) (plan connection.Plan) {
	b.t.Helper()
	run := b.startAs(connection.PlanWorkflowID(spec.Name), connection.PlanWorkflow, spec)
	if err := run.Get(b.ctx, &plan); err != nil {
		b.t.Fatal(err)
	}
	b.record(run)
	return plan
}

func TestDisconnect_LoginMethodsAreNotListed_RefusesInsteadOfLeavingThem(t *testing.T) {
	b := setUp(t, nil)
	b.connect(b.spec())
	before := b.state()
	b.cloudflare().Inject(kit.Fault{
		Method: "GET", Path: identityProvidersPath + "?page=*", Kind: kit.KindStatus, Status: 200, Body: `{"success":true,"errors":[],"messages":[],"result":[]}`,
	})
	result := b.failure(b.start(connection.DisconnectWorkflow, b.spec()), connection.ErrorRefused)
	if !strings.Contains(result.Failure.Message, "lists no identity provider") || !strings.Contains(result.Failure.Advice, "permission") {
		t.Errorf("the refusal says %+v", result.Failure)
	}
	b.unchanged(before)
}

func TestConnect_DocumentNamesAnotherOrgOrAccount_RefusesInsteadOfLeavingTheFirst(t *testing.T) {
	b := setUp(t, nil)
	b.connect(b.spec())
	before := b.state()
	for want, edit := range map[string]func(*connection.Spec){
		"okta.org: connection":           func(s *connection.Spec) { s.Okta.Org = "globex" },
		"cloudflare.account: connection": func(s *connection.Spec) { s.Cloudflare.Account = "globex" },
	} {
		spec := b.spec()
		edit(&spec)
		result := b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRefused)
		if !strings.Contains(result.Failure.Message, want) {
			t.Errorf("the refusal doesn't say %q: %s", want, result.Failure.Message)
		}
		b.unchanged(before)
	}
}

func TestPlan_Refused_SaysWhyAndOnlyReads(t *testing.T) {
	b := setUp(t, nil)
	spec := b.spec()
	spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "Nobody")
	result := b.failure(b.startAs(connection.PlanWorkflowID(b.name), connection.PlanWorkflow, spec), connection.ErrorRefused)
	if !strings.Contains(result.Failure.Message, `no group "Nobody"`) {
		t.Errorf("the refusal says %q", result.Failure.Message)
	}
	b.onlyRead()
}

func TestDisconnect_CancelledDuringItsSurvey_ChangesNothing(t *testing.T) {
	b := setUp(t, nil)
	b.connect(b.spec())
	before := b.state()
	b.okta().Inject(kit.Fault{Method: "GET", Path: "/api/v1/apps*", Kind: kit.KindDelay, Count: 1, Delay: kit.Duration(time.Minute)})
	run := b.start(connection.DisconnectWorkflow, b.spec())
	b.eventually("the survey is under way", func() bool { return len(b.okta().Faults()) == 0 })
	b.cancel(run)
	b.unchanged(before)
}

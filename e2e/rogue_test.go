package e2e

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/activities"
	cloudflareclient "github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
)

// thing is something that isn't the connection's, or is, on both sides: an app, an identity provider for it, and a policy about that.
type thing struct{ app, clientID, provider, policy string }

// rogue is who schedules steps by their names for a connection of their own, with the ids of others.
type rogue struct {
	*bench
	fence activities.Fence
	// own is the rogue's own connection, byHand what a person made, and victim another connection.
	own, byHand, victim thing
	application         string
	group               string
	// adopting is what a refusal says to take over what a person made.
	adopting string
}

// attack is the input of a step that is to be refused. Without words it only reads, and succeeds.
type attack struct {
	input any
	words string
}

const (
	elsewhere = "https://evil.example"
	notOurs   = "the step is refused: "
)

// newRogue connects two connections, and makes by hand what belongs to none.
func newRogue(b *bench) *rogue {
	b.t.Helper()
	spec := b.spec()
	result := b.connect(spec)
	r := &rogue{bench: b, own: thing{result.AppID, result.ClientID, result.IdentityProviderID, result.PolicyID}}
	r.fence = activities.Fence{Connection: b.name, OktaURL: result.OktaURL, AccountID: result.AccountID}
	spec.Name, spec.Okta.AppLabel, spec.Cloudflare.IDPName, spec.Policy.Name = "victim-of-"+b.name, "Theirs", "Theirs", "Theirs"
	spec.Policy.Applications = []string{"wiki.acme.example"}
	result = b.connect(spec)
	r.victim = thing{result.AppID, result.ClientID, result.IdentityProviderID, result.PolicyID}
	r.byHand = r.payroll()
	r.group = b.Sandbox.Orgs["acme"].Org.GroupID("Support")
	for _, application := range b.Sandbox.API.API.Applications(b.account()) {
		if application["domain"] == "dashboard.acme.example" {
			r.application = application["id"].(string)
		}
	}
	b.Sandbox.API.API.AttachPolicy(b.account(), r.application, r.byHand.policy)
	b.Sandbox.API.API.AllowIdentityProviders(b.account(), r.application, r.byHand.provider, r.victim.provider)
	return r
}

// payroll is made by hand.
func (r *rogue) payroll() thing {
	r.t.Helper()
	made := thing{clientID: "payroll"}
	var err error
	if made.app, err = r.MakeClient("acme", "Payroll", made.clientID); err != nil {
		r.t.Fatal(err)
	}
	if err := r.Sandbox.Orgs["acme"].Org.AssignGroup(made.app, r.Sandbox.Orgs["acme"].Org.GroupID("Sales")); err != nil {
		r.t.Fatal(err)
	}
	api := r.Sandbox.API.API
	made.provider = api.AddIdentityProvider(r.account(), cloudflare.IdentityProvider{Name: "Payroll", Type: "okta", Config: map[string]any{
		"client_id": made.clientID, "client_secret": r.secretOf(made.app), "okta_account": r.fence.OktaURL,
	}})
	made.policy = api.AddPolicy(r.account(), map[string]any{
		"name": "Payroll", "decision": "allow", "include": []any{map[string]any{"okta": map[string]any{"name": "Sales", "identity_provider_id": made.provider}}},
		"require": []any{map[string]any{"login_method": map[string]any{"id": made.provider}}},
	})
	return made
}

// marked is an app as the rogue would have it, marked as the rogue's own connection's.
func (r *rogue) marked(of thing, redirects ...string) planner.App {
	return planner.App{ID: of.app, ClientID: of.clientID, Label: "Payroll", Status: planner.AppActive, Connection: r.name, RedirectURIs: redirects, IssuerMode: "ORG_URL"}
}

func (r *rogue) provider(of thing, issuer string) planner.IdentityProvider {
	return planner.IdentityProvider{ID: of.provider, Name: "Payroll", ClientID: of.clientID, OktaAccount: issuer}
}

// policyOf is a policy with the id of one thing, that requires the identity provider of another.
func policyOf(of, about thing, include ...planner.Rule) planner.AccessPolicy {
	return planner.AccessPolicy{ID: of.policy, Name: "Payroll", Decision: "allow", Include: include, Require: []planner.Rule{planner.LoginMethodRule(about.provider)}}
}

// attacks are what the rogue tries, by the names of the steps: every one that the worker registers.
func (r *rogue) attacks() map[string][]attack {
	attacks := map[string][]attack{
		"Survey":          {{activities.SurveyRequest{Spec: r.spec()}, ""}},
		"ListOrgs":        {{nil, ""}},
		"ListConnections": {{activities.InventoryRequest{Org: "acme"}, ""}},
		"TurnHolder":      {{"accessbridge/application/" + r.account() + "/" + r.application, "not found"}},
	}
	for _, of := range []thing{r.byHand, r.victim} {
		for step, tried := range r.attacksOn(of) {
			attacks[step] = append(attacks[step], tried...)
		}
	}
	for step, tried := range r.attacksWith() {
		attacks[step] = append(attacks[step], tried...)
	}
	return attacks
}

// attacksOn act on a thing of others.
func (r *rogue) attacksOn(of thing) map[string][]attack {
	app, ref := r.marked(of, elsewhere), activities.Assignment{Fence: r.fence, Org: "acme", AppID: of.app, GroupID: r.group}
	back := ref
	back.Undo = true
	have, claim := r.appNow(of), &planner.Claim{Name: "groups", ValueType: "GROUPS", Filter: "REGEX", Value: ".*"}
	provider := r.provider(of, r.fence.OktaURL)
	policy := policyOf(of, of, planner.EmailRule("rogue@evil.example"))
	wasPolicy := r.policyNow(of)
	adopting := notOurs
	if of == r.byHand {
		adopting = r.adopting
	}
	return map[string][]attack{
		"CreateOktaApp": {{activities.AppMove{Fence: r.fence, Org: "acme", Have: &have, Want: app}, adopting}},
		"RevertOktaApp": {
			{activities.AppMove{Fence: r.fence, Org: "acme", Want: app}, notOurs},
			{activities.AppMove{Fence: r.fence, Org: "acme", Have: &planner.App{ID: of.app, Label: "Rogue", Status: "INACTIVE"}, Want: r.appNow(of)}, notOurs},
		},
		"SetGroupsClaim":        {{activities.ClaimMove{Fence: r.fence, Org: "acme", AppID: of.app, IssuerMode: "ORG_URL", Want: claim}, notOurs}},
		"RevertGroupsClaim":     {{activities.ClaimMove{Fence: r.fence, Org: "acme", AppID: of.app, IssuerMode: "ORG_URL", Have: &planner.Claim{Name: "evil"}, Want: r.claimNow(of)}, notOurs}},
		"ReadClientCredentials": {{activities.AppRef{Fence: r.fence, Org: "acme", AppID: of.app}, notOurs}},
		"AssignGroup":           {{ref, notOurs}, {back, notOurs}},
		"UnassignGroup":         {{ref, notOurs}},
		"RegisterIdentityProvider": {
			{activities.IdentityProviderMove{Fence: r.fence, Org: "acme", Account: "acme", AppID: of.app, Want: planner.IdentityProvider{Name: "x", ClientID: of.clientID, OktaAccount: elsewhere}}, notOurs},
			{activities.IdentityProviderMove{Fence: r.fence, Org: "acme", Account: "acme", AppID: r.own.app, Want: planner.IdentityProvider{Name: "x", ClientID: of.clientID, OktaAccount: r.fence.OktaURL}}, notOurs},
		},
		"RevertIdentityProvider": {
			{activities.IdentityProviderMove{Fence: r.fence, Org: "acme", Account: "acme", Want: provider}, notOurs},
			{activities.IdentityProviderMove{Fence: r.fence, Org: "acme", Account: "acme", Have: &planner.IdentityProvider{ID: of.provider, Name: "Rogue", ClientID: of.clientID, OktaAccount: elsewhere}, Want: r.providerNow(of)}, notOurs},
		},
		"CreateAccessPolicy": {{activities.PolicyMove{Fence: r.fence, Account: "acme", Want: policyOf(thing{}, of, planner.EmailRule("rogue@evil.example"))}, notOurs}},
		"RevertAccessPolicy": {
			{activities.PolicyMove{Fence: r.fence, Account: "acme", Want: policy}, notOurs},
			{activities.PolicyMove{Fence: r.fence, Account: "acme", Have: &planner.AccessPolicy{ID: of.policy, Name: "Rogue", Decision: "allow", Include: []planner.Rule{{"everyone": {}}}}, Want: wasPolicy}, notOurs},
		},
		"AttachPolicy": {
			{activities.Attachment{Fence: r.fence, Account: "acme", ApplicationID: r.application, PolicyID: of.policy, Place: planner.AtTheEnd}, notOurs},
			{activities.Attachment{Fence: r.fence, Account: "acme", ApplicationID: r.application, SignIn: &planner.SignInMove{From: planner.SignIn{IdentityProviders: []string{of.provider}}}}, notOurs},
		},
		"DetachPolicy": {
			{activities.Attachment{Fence: r.fence, Account: "acme", ApplicationID: r.application, PolicyID: of.policy}, notOurs},
			{activities.Attachment{Fence: r.fence, Account: "acme", ApplicationID: r.application, SignIn: &planner.SignInMove{From: planner.SignIn{IdentityProviders: []string{of.provider}}}}, notOurs},
		},
		"WriteMemory":  {{activities.MemoryMove{Fence: r.fence, Org: "acme", Want: r.remembering(of, thing{})}, notOurs}},
		"RevertMemory": {{activities.MemoryMove{Fence: r.fence, Org: "acme", Have: r.remembering(of, r.own), Want: r.appNow(of)}, notOurs}},
		"TestConnection": {{activities.ConnectionTest{
			Fence: r.fence, Org: "acme", Account: "acme", AppID: of.app, IdentityProvider: provider, Policy: &wasPolicy, Uncertain: activities.Uncertain{Lost: true},
		}, notOurs}},
	}
}

// attacksWith have the rogue's own things be what no document can have them be, so that those of others come into reach.
func (r *rogue) attacksWith() map[string][]attack {
	callback := planner.RedirectURI(r.Sandbox.API.API.AuthDomain(r.account()))
	create := func(clientID, connection string, redirects ...string) activities.AppMove {
		return activities.AppMove{Fence: r.fence, Org: "acme", Want: planner.App{ClientID: clientID, Label: "x", Status: planner.AppActive, Connection: connection, RedirectURIs: redirects, IssuerMode: "ORG_URL"}}
	}
	own := r.appNow(r.own)
	open, inactive := own, own
	open.Broker, inactive.Status = true, "INACTIVE"
	kept := create(planner.ClientID(r.name, 8), r.name, callback)
	kept.Want.Kept = []string{r.victim.policy}
	return map[string][]attack{
		"CreateOktaApp": {
			{create(planner.ClientID(r.name, 7), r.name, callback, elsewhere), elsewhere},
			{create(planner.ClientID("victim-of-"+r.name, 2), r.name, callback), notOurs},
			{create(planner.ClientID(r.name, 7), "victim-of-"+r.name, callback), notOurs},
			{activities.AppMove{Fence: r.fence, Org: "acme", Have: &own, Want: r.marked(r.own, callback, elsewhere)}, elsewhere},
			{activities.AppMove{Fence: r.fence, Org: "acme", Have: &own, Want: open}, "Federation Broker Mode"},
			{activities.AppMove{Fence: r.fence, Org: "acme", Have: &own, Want: inactive}, "INACTIVE"},
			{kept, notOurs},
		},
		"RegisterIdentityProvider": {
			{activities.IdentityProviderMove{Fence: r.fence, Org: "acme", Account: "acme", AppID: r.own.app, Want: r.provider(thing{clientID: r.own.clientID}, elsewhere)}, elsewhere},
			{activities.IdentityProviderMove{
				Fence: r.fence, Org: "acme", Account: "acme", AppID: r.own.app, Have: new(r.provider(r.victim, r.fence.OktaURL)),
				Want: r.provider(thing{clientID: r.own.clientID, provider: r.victim.provider}, r.fence.OktaURL),
			}, notOurs},
		},
		"CreateAccessPolicy": {
			{activities.PolicyMove{Fence: r.fence, Account: "acme", Want: policyOf(thing{}, r.own, planner.Rule{"everyone": {}})}, notOurs},
			{activities.PolicyMove{Fence: r.fence, Account: "acme", Want: planner.AccessPolicy{Name: "x", Decision: "bypass", Include: []planner.Rule{{"everyone": {}}}}}, notOurs},
			{activities.PolicyMove{Fence: r.fence, Account: "acme", Have: new(r.policyNow(r.victim)), Want: policyOf(r.victim, r.own, planner.EmailRule("rogue@evil.example"))}, notOurs},
		},
		"WriteMemory":   {{activities.MemoryMove{Fence: r.fence, Org: "acme", Want: r.remembering(r.own, r.victim)}, notOurs}},
		"RevertMemory":  {{activities.MemoryMove{Fence: r.fence, Org: "acme", Have: r.remembering(r.own, r.victim), Want: own}, notOurs}},
		"RevertOktaApp": {{activities.AppMove{Fence: r.fence, Org: "acme", Have: new(r.remembering(r.own, r.victim)), Want: own}, notOurs}},
	}
}

// remembering is an app that remembers what is another's.
func (r *rogue) remembering(app, of thing) planner.App {
	next := r.appNow(app)
	next.Connection = r.name
	next.Memory = &planner.Memory{IdentityProvider: of.provider, Policies: []string{of.policy}}
	return next
}

// TestSteps_OfOthers_ActOnNothingOfOthers tries every step with ids of others, where everything is allowed, and where rules allow the
// rogue's own connection all but to take over what others made.
func TestSteps_OfOthers_ActOnNothingOfOthers(t *testing.T) {
	for name, restricted := range map[string]bool{"without rules": false, "with rules": true} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			r := newRogue(b)
			if r.adopting = elsewhere; restricted {
				r.adopting = "rules[0].adopt"
			}
			attacks := r.attacks()
			if restricted {
				b.restrict(b.rule(map[string]any{"emails": true, "everyone": true, "disconnect": true, "applications": []string{"*"}}))
			}
			before := b.state()
			steps := reflect.TypeFor[*activities.Activities]()
			for i := range steps.NumMethod() {
				step := steps.Method(i).Name
				if len(attacks[step]) == 0 {
					t.Errorf("nothing is tried with the step %s", step)
				}
				for at, tried := range attacks[step] {
					r.try(step, at, tried)
				}
			}
			b.unchanged(before)
		})
	}
}

// try schedules a step, which must be refused with the words; one without words must fail, or change nothing.
func (r *rogue) try(step string, at int, tried attack) {
	r.t.Helper()
	err := r.scheduledByOthers(r.Client, step, tried.input)
	if tried.words != "" && (err == nil || !strings.Contains(err.Error(), tried.words)) {
		r.t.Errorf("%s %d: the step ended with %v, want one that says %q", step, at, err, tried.words)
	}
}

// clients are clients with the worker's credentials, to read things as it does.
func (r *rogue) clients() (*okta.Client, *cloudflareclient.Client) {
	r.t.Helper()
	options := transport.Options{Base: r.Sandbox.CA.Client().Transport}
	org, account := r.Sandbox.Orgs["acme"], r.Sandbox.Accounts["acme"]
	cloudflareURL := r.Sandbox.WorkerConfig()["cloudflare"].(map[string]any)["base_url"].(string)
	oktaClient, noOrg := okta.New(org.URL, secret.New(org.Token), options)
	cloudflareClient, noAccount := cloudflareclient.New(cloudflareURL, account.ID, secret.New(account.Token), options)
	if err := errors.Join(noOrg, noAccount); err != nil {
		r.t.Fatal(err)
	}
	return oktaClient, cloudflareClient
}

// read fails the test where a thing can't be read.
func read[T any](r *rogue, by func(context.Context, string) (*T, error), id string) T {
	r.t.Helper()
	found, err := by(r.ctx, id)
	if err != nil || found == nil {
		r.t.Fatalf("%s can't be read: %v", id, err)
	}
	return *found
}

func (r *rogue) appNow(of thing) planner.App {
	org, _ := r.clients()
	return read(r, org.ReadApp, of.app).App
}

func (r *rogue) providerNow(of thing) planner.IdentityProvider {
	_, account := r.clients()
	return read(r, account.ReadIdentityProvider, of.provider).IdentityProvider
}

func (r *rogue) policyNow(of thing) planner.AccessPolicy {
	_, account := r.clients()
	return read(r, account.ReadPolicy, of.policy)
}

func (r *rogue) claimNow(of thing) *planner.Claim {
	org, _ := r.clients()
	claim, err := org.Claim(r.ctx, of.app)
	if err != nil {
		r.t.Fatal(err)
	}
	return claim
}

package cloudflare_test

import (
	"context"
	"fmt"
	"math"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
	sandbox "github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/conformance"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

const (
	account = "0123456789abcdef0123456789abcdef"
	token   = "a-token-for-tests"
)

// fixture is a simulated account, and the client under test for it.
type fixture struct {
	*cloudflare.Client
	api *sandbox.API
	ctx context.Context
}

// serve starts the API with one account.
func serve(t *testing.T, changes ...func(*sandbox.Config)) fixture {
	t.Helper()
	config := sandbox.Config{Limit: -1, Accounts: []sandbox.Account{{
		ID: account, Name: "Acme", AuthDomain: "acme.cloudflareaccess.example", Tokens: []sandbox.Token{{Value: token}},
		Applications:      []sandbox.Application{{Name: "Wiki", Domain: "wiki.acme.example"}},
		IdentityProviders: []sandbox.IdentityProvider{{Name: "One-time PIN", Type: "onetimepin"}},
	}}}
	for _, change := range changes {
		change(&config)
	}
	api, err := sandbox.New(config)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(kit.Wrap(api, kit.WithObserver(conformance.Observer())))
	t.Cleanup(server.Close)
	client, err := cloudflare.New(server.URL+sandbox.Base+"/", account, secret.New(token), transport.Options{Base: server.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	return fixture{client, api, t.Context()}
}

// loginMethod is what a connection asks for.
func loginMethod() planner.IdentityProvider {
	return planner.IdentityProvider{Name: "Okta", ClientID: "accessbridge-acme-0123abcd", OktaAccount: "https://acme.okta.example", PKCE: new(true)}
}

// register makes the login method and returns its id.
func (f fixture) register(t *testing.T) string {
	t.Helper()
	id, err := f.CreateIdentityProvider(f.ctx, loginMethod(), cloudflare.Handed{ClientSecret: secret.New("one")})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// stored is a login method as the API keeps it, its secret too.
func (f fixture) stored(id string) map[string]any {
	all := f.api.IdentityProviders(account)
	return all[slices.IndexFunc(all, func(each map[string]any) bool { return each["id"] == id })]
}

func TestIdentityProvider_Lifecycle_ReadsBackAsWritten(t *testing.T) {
	t.Parallel()
	f := serve(t)
	want := loginMethod()
	want.ID = f.register(t)
	got, err := f.GetIdentityProvider(f.ctx, want.ID)
	if err != nil {
		t.Fatal(err)
	}
	listed := &cloudflare.IdentityProvider{IdentityProvider: want, Type: "okta", RedirectURL: planner.RedirectURI("acme.cloudflareaccess.example")}
	if diff := cmp.Diff(listed, got); diff != "" {
		t.Error(diff)
	}
	if twin := f.register(t); twin == want.ID {
		t.Error("a repeated create made nothing")
	} else if all, err := f.IdentityProvidersOf(f.ctx, want.ClientID); err != nil || len(all) != 2 {
		t.Errorf("the client has %d identity providers, %v", len(all), err)
	}
	if none, err := f.IdentityProvidersOf(f.ctx, "accessbridge-acme"); err != nil || len(none) != 0 {
		t.Errorf("a client id that is the start of another's found %v, %v", none, err)
	}
	for range 2 { // it can be repeated
		if err := f.DeleteIdentityProvider(f.ctx, want.ID); err != nil {
			t.Error(err)
		}
	}
	if gone, err := f.GetIdentityProvider(f.ctx, want.ID); gone != nil || err != nil {
		t.Errorf("a deleted identity provider reads as %+v, %v", gone, err)
	}
}

func TestUpdateIdentityProvider_OtherSettings_Survive(t *testing.T) {
	t.Parallel()
	f := serve(t)
	want := loginMethod()
	want.ID = f.register(t)
	f.api.EditIdentityProvider(account, want.ID, func(stored map[string]any) {
		config := stored["config"].(map[string]any)
		config["claims"], config["email_claim_name"], config["authorization_server_id"] = []any{"department"}, "mail", "aus1"
		stored["scim_config"] = map[string]any{"enabled": true, "user_deprovision": true, "seat_deprovision": false, "identity_update_behavior": "automatic", "secret": "kept"}
	})
	want.Name, want.PKCE = "Sign in", new(false)
	if err := f.UpdateIdentityProvider(f.ctx, want, cloudflare.Handed{ClientSecret: secret.New("two")}); err != nil {
		t.Fatal(err)
	}
	stored := f.stored(want.ID)
	config, scim := stored["config"].(map[string]any), stored["scim_config"].(map[string]any)
	for name, got := range map[string][2]any{
		"name": {stored["name"], "Sign in"}, "secret": {config["client_secret"], "two"}, "PKCE": {config["pkce_enabled"], false},
		"claims": {fmt.Sprint(config["claims"]), "[department]"}, "e-mail claim": {config["email_claim_name"], "mail"},
		"authorization server": {config["authorization_server_id"], "aus1"},
		"SCIM":                 {scim["enabled"], true}, "SCIM secret": {scim["secret"], "kept"}, "SCIM behaviour": {scim["identity_update_behavior"], "automatic"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s is %v, want %v", name, got[0], got[1])
		}
	}
}

// staff is a policy as a connection asks for it.
func staff(identityProvider string) planner.AccessPolicy {
	return planner.AccessPolicy{
		Name: "Okta staff", Decision: "allow",
		Include: []planner.Rule{planner.OktaGroupRule(`Eng "1"\`, identityProvider), planner.EmailRule("ceo@acme.example")},
		Require: []planner.Rule{planner.LoginMethodRule(identityProvider)},
	}
}

func TestPolicy_Lifecycle_KeepsTheSettingsOfOthers(t *testing.T) {
	t.Parallel()
	f := serve(t)
	identityProvider := f.register(t)
	want := staff(identityProvider)
	var err error
	if want.ID, err = f.CreatePolicy(f.ctx, want); err != nil {
		t.Fatal(err)
	}
	f.api.EditPolicy(account, want.ID, func(stored map[string]any) { stored["session_duration"] = "8h" })
	want.Name, want.Include = "Staff", []planner.Rule{planner.EmailDomainRule("acme.example")}
	if err := f.UpdatePolicy(f.ctx, want); err != nil {
		t.Fatal(err)
	}
	if stored := f.api.Policies(account)[0]; stored["session_duration"] != "8h" {
		t.Errorf("a setting of others was lost: %v", stored)
	}
	got, err := f.GetPolicy(f.ctx, want.ID)
	if err != nil || got.Name != want.Name || !planner.SameRules(got.Include, want.Include) || !planner.SameRules(got.Require, want.Require) {
		t.Errorf("it reads back as %+v, %v", got, err)
	}
	if _, err := f.CreatePolicy(f.ctx, staff("00000000-0000-0000-0000-000000000000")); transport.As(err) == nil || transport.As(err).Code != "11017" {
		t.Errorf("a rule for an unknown identity provider: %v", err)
	}
	for range 2 { // it can be repeated
		if err := f.DeletePolicy(f.ctx, want.ID); err != nil {
			t.Error(err)
		}
	}
	if gone, err := f.GetPolicy(f.ctx, want.ID); gone != nil || err != nil {
		t.Errorf("a deleted policy reads as %+v, %v", gone, err)
	}
}

func TestLists_ManyPages_AreReadToTheEnd(t *testing.T) {
	t.Parallel()
	f := serve(t)
	for i := range 401 {
		f.api.AddPolicy(account, map[string]any{"name": fmt.Sprint(i), "decision": "allow", "include": []any{map[string]any{"everyone": map[string]any{}}}})
		f.api.AddIdentityProvider(account, sandbox.IdentityProvider{Name: fmt.Sprint(i), Type: "okta"})
	}
	policies, err := f.ListPolicies(f.ctx)
	if err != nil || len(policies) != 401 {
		t.Errorf("%d policies, %v", len(policies), err)
	}
	all, err := f.ListIdentityProviders(f.ctx)
	if err != nil || len(all) != 402 {
		t.Errorf("%d identity providers, %v", len(all), err)
	}
}

func TestAttachPolicy_OthersKeepTheirOrder(t *testing.T) {
	t.Parallel()
	f := serve(t)
	applications, err := f.ListApplications(f.ctx)
	if err != nil {
		t.Fatal(err)
	}
	application := applications[0].ID
	ids := make([]string, 4)
	for i := range ids {
		ids[i] = f.api.AddPolicy(account, map[string]any{"name": fmt.Sprint(i), "decision": "allow", "include": []any{map[string]any{"everyone": map[string]any{}}}})
	}
	for _, step := range []struct {
		do   func(context.Context, string, string) error
		id   string
		want []string
	}{
		{f.attachAt(0), ids[0], ids[:1]},
		{f.attachAt(math.MaxInt32), ids[1], ids[:2]},
		{f.attachAt(math.MaxInt32), ids[1], ids[:2]}, // it can be repeated
		{f.attachAt(1), ids[2], []string{ids[0], ids[2], ids[1]}},
		{f.detach, ids[0], []string{ids[2], ids[1]}},
		{f.detach, ids[0], []string{ids[2], ids[1]}},
		{f.attachAt(0), ids[0], []string{ids[0], ids[2], ids[1]}},
	} {
		if err := step.do(f.ctx, application, step.id); err != nil {
			t.Fatal(err)
		}
		applications, err := f.ListApplications(f.ctx)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, applications[0].Policies); diff != "" {
			t.Error(diff)
		}
	}
	if err := f.DeletePolicy(f.ctx, ids[0]); !transport.Is(err, transport.Conflict) {
		t.Errorf("deleting a policy in use: %v", err)
	}
	if err := f.DetachPolicy(f.ctx, "00000000-0000-0000-0000-000000000000", ids[0], nil); err != nil {
		t.Errorf("detaching from an application that is gone: %v", err)
	}
}

func TestAttachPolicy_OthersKeepTheirPrecedence(t *testing.T) {
	t.Parallel()
	f := serve(t)
	application := f.api.Applications(account)[0]["id"].(string)
	ids := make([]string, 3)
	for i := range ids {
		ids[i] = f.api.AddPolicy(account, map[string]any{"name": fmt.Sprint(i), "decision": "allow", "include": []any{map[string]any{"everyone": map[string]any{}}}})
		f.api.AttachPolicy(account, application, ids[i])
	}
	before := fmt.Sprint(f.api.Applications(account)[0]["policies"])
	if err := f.DetachPolicy(f.ctx, application, ids[1], nil); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint([]any{map[string]any{"id": ids[0], "precedence": 1}, map[string]any{"id": ids[2], "precedence": 3}})
	if got := fmt.Sprint(f.api.Applications(account)[0]["policies"]); got != want {
		t.Errorf("after detaching: %s, want %s", got, want)
	}
	if err := f.AttachPolicy(f.ctx, application, ids[1], planner.Place{Position: 1}, nil, nil); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(f.api.Applications(account)[0]["policies"]); got != before {
		t.Errorf("after attaching again: %s, want %s", got, before)
	}
}

func (f fixture) attachAt(position int) func(context.Context, string, string) error {
	return func(ctx context.Context, application, policy string) error {
		return f.AttachPolicy(ctx, application, policy, planner.Place{Position: position}, nil, nil)
	}
}

func TestDeleteIdentityProvider_InUse_IsAConflictWhereCloudflareSaysSo(t *testing.T) {
	t.Parallel()
	f := serve(t, func(config *sandbox.Config) { config.RefuseDeletingUsedIdentityProvider = true })
	id := f.register(t)
	if _, err := f.CreatePolicy(f.ctx, staff(id)); err != nil {
		t.Fatal(err)
	}
	if err := f.DeleteIdentityProvider(f.ctx, id); !transport.Is(err, transport.Conflict) {
		t.Errorf("deleting an identity provider in use: %v", err)
	}
}

func TestAccount_IsTheID(t *testing.T) {
	t.Parallel()
	if id := serve(t).Account(); id != account {
		t.Errorf("got %q", id)
	}
}

func TestAuthDomain_IsThatOfTheAccount(t *testing.T) {
	t.Parallel()
	f := serve(t)
	if domain, err := f.AuthDomain(f.ctx); err != nil || domain != "acme.cloudflareaccess.example" {
		t.Errorf("%q, %v", domain, err)
	}
	for _, hostile := range []string{"", "evil.example/path", "a@evil.example", "evil.example?x", "a b", "a\nb", "[::1]", "#"} {
		f := serve(t, func(config *sandbox.Config) { config.Accounts[0].AuthDomain = hostile })
		if domain, err := f.AuthDomain(f.ctx); err == nil {
			t.Errorf("the authorization domain %q was accepted", domain)
		}
	}
}

func TestEveryCall_WhatIsNoID_NeverReachesAPath(t *testing.T) {
	t.Parallel()
	f := serve(t)
	for _, id := range []string{"", "short", "../../../user/tokens", "0123456789/../x", "0123456789?x=y", "0123456789#", "0123 45678", "01234567\n9", "%2e%2e%2f0000", "аааааааа"} {
		for name, call := range map[string]func() error{
			"GetIdentityProvider": func() error { _, err := f.GetIdentityProvider(f.ctx, id); return err },
			"UpdateIdentityProvider": func() error {
				return f.UpdateIdentityProvider(f.ctx, planner.IdentityProvider{ID: id}, cloudflare.Handed{ClientSecret: secret.New("x")})
			},
			"DeleteIdentityProvider": func() error { return f.DeleteIdentityProvider(f.ctx, id) },
			"GetPolicy":              func() error { _, err := f.GetPolicy(f.ctx, id); return err },
			"UpdatePolicy":           func() error { return f.UpdatePolicy(f.ctx, planner.AccessPolicy{ID: id}) },
			"DeletePolicy":           func() error { return f.DeletePolicy(f.ctx, id) },
			"AttachPolicy":           func() error { return f.AttachPolicy(f.ctx, id, "00000000", planner.AtTheEnd, nil, nil) },
			"DetachPolicy":           func() error { return f.DetachPolicy(f.ctx, id, "00000000", nil) },
		} {
			if err := call(); err == nil || transport.As(err) != nil {
				t.Errorf("%s(%q): %v, want a refusal before anything is sent", name, id, err)
			}
		}
	}
}

func (f fixture) detach(ctx context.Context, application, policy string) error {
	return f.DetachPolicy(ctx, application, policy, nil)
}

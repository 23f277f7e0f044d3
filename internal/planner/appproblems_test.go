package planner_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

func TestProblems_AppThatNobodyCouldSignInThrough(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		edit func(*planner.App)
		want []string
	}{
		"client secret in the body":    {func(a *planner.App) { a.ClientAuth = "client_secret_post" }, nil},
		"not asked for":                {func(a *planner.App) { a.ClientAuth = "" }, nil},
		"private key":                  {func(a *planner.App) { a.ClientAuth = "private_key_jwt" }, []string{`okta.app_label: the Okta app "Cloudflare Access" (0oa1) has its client authenticate with private_key_jwt, which Access can't do: it has a client secret alone; set its client authentication to Client secret in Okta`}},
		"none":                         {func(a *planner.App) { a.ClientAuth = "none" }, []string{"authenticate with none"}},
		"adopted, in broker mode":      {func(a *planner.App) { a.Adopted, a.Broker = true, true }, []string{"is in Federation Broker Mode: everybody may use it, and Okta assigns no groups to such an app; turn that mode off in Okta, where nobody needs it, or choose another okta.app_label"}},
		"adopted, encrypted tokens":    {func(a *planner.App) { a.Adopted, a.IDTokenEncryption = true, "RSA-OAEP-256" }, []string{"has its ID tokens encrypted (RSA-OAEP-256), which Access can't read"}},
		"our own: both are turned off": {func(a *planner.App) { a.Broker, a.IDTokenEncryption = true, "RSA-OAEP-256" }, nil},
		"adopted, all that can be wrong": {func(a *planner.App) {
			a.Adopted, a.Broker, a.IDTokenEncryption, a.ClientAuth = true, true, "x", "private_key_jwt"
		}, []string{"private_key_jwt", "Broker", "encrypted"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			have := connected(acme())
			have.App.ID, have.App.Label = "0oa1", "Cloudflare Access"
			test.edit(have.App)
			wantProblems(t, planner.Problems(acme(), have), test.want)
		})
	}
}

func TestProblems_AppRequiresPKCE_AccessMustUseIt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		required bool
		uses     *bool
		want     []string
	}{
		"required, used": {true, new(true), nil}, "required, by default": {true, nil, nil}, "neither": {false, new(false), nil},
		"required, not used": {true, new(false), []string{`cloudflare.pkce: the Okta app "Cloudflare Access" (0oa1) requires PKCE, and Access would send no challenge: nobody could sign in; set cloudflare.pkce to true`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := acme()
			spec.Cloudflare.PKCE = test.uses
			have := connected(acme())
			have.App.ID, have.App.Label, have.App.PKCERequired = "0oa1", "Cloudflare Access", test.required
			wantProblems(t, planner.Problems(spec, have), test.want)
		})
	}
}

func TestWantApp_OurOwnKeepsPeopleOut_IsPutRight(t *testing.T) {
	t.Parallel()
	have := connected(acme())
	have.App.Broker, have.App.IDTokenEncryption = true, "RSA-OAEP-256"
	want := planner.WantApp(acme(), have, "")
	if want.Broker || want.IDTokenEncryption != "" {
		t.Errorf("wanted is %+v", want)
	}
	diff := planner.DiffApp(have.App, want)
	if diff.Action != connection.ActionUpdate || len(diff.Fields) != 2 || diff.Fields[0].Before != "on" || diff.Fields[0].After != "off" {
		t.Errorf("the plan says %+v", diff)
	}
}

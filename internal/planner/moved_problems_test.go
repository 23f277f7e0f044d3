package planner_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// TestProblems_Moved finds a document that names another org or account than before: what was made there would be left behind.
func TestProblems_Moved(t *testing.T) {
	t.Parallel()
	const elsewhere = "https://other.cloudflareaccess.com/cdn-cgi/access/callback"
	const org, account = `okta.org: connection "acme" was made with Okta org "https://old.okta.com"`, `cloudflare.account: connection "acme" was made with another Cloudflare account`
	provider := func(clientID, oktaAccount string) func(*planner.State) {
		return func(s *planner.State) {
			s.IdentityProvider = &planner.IdentityProvider{ClientID: clientID, OktaAccount: oktaAccount}
		}
	}
	app := func(clientID string, redirectURIs ...string) func(*planner.State) {
		return func(s *planner.State) {
			s.App = &planner.App{ClientID: clientID, RedirectURIs: redirectURIs}
		}
	}
	to := func(oktaURL, accountID string) func(*planner.State) {
		return func(s *planner.State) {
			s.AccountID, s.ConnectedTo = "account", &planner.Target{OktaURL: oktaURL, AccountID: accountID}
		}
	}
	both := func(changes ...func(*planner.State)) func(*planner.State) {
		return func(s *planner.State) {
			for _, change := range changes {
				change(s)
			}
		}
	}
	there := func(account string) func(*planner.State) {
		return func(s *planner.State) {
			s.Elsewhere = append(s.Elsewhere, connection.Existing{OktaURL: "https://old.okta.com", Account: account, AppLabel: "Access", AppID: "0oa7"})
		}
	}
	const here = "https://acme.okta.com"
	for name, test := range map[string]struct {
		have func(*planner.State)
		want []string
	}{
		"Temporal remembers another org":              {to("https://old.okta.com", "account"), []string{`okta.org: connection "acme" is connected to Okta org https://old.okta.com`}},
		"Temporal remembers another account":          {to(here, "old"), []string{`cloudflare.account: connection "acme" is connected to Okta org https://acme.okta.com and Cloudflare account old`}},
		"Temporal remembers both":                     {to("https://old.okta.com", "old"), []string{"okta.org: "}},
		"Temporal remembers the same":                 {to(here, "account"), nil},
		"the same, in capitals by an earlier version": {to("https://Acme.Okta.com/", "account"), nil},
		"another org tells":                           {there("old"), []string{`okta.org: connection "acme" is connected to Okta org https://old.okta.com (its app there is "Access", 0oa7), and Cloudflare account "old", not to https://acme.okta.com and "acme"`}},
		"another org tells, without account":          {there(""), []string{`(its app there is "Access", 0oa7), not to`}},
		"two other orgs tell":                         {both(there("old"), there("older")), []string{`account "old"`, `account "older"`}},
		"the same org, in capitals":                   {provider(ourClient, "HTTPS://ACME.okta.com/"), nil},
		"another account, the org in capitals":        {to("https://Acme.Okta.com", "old"), []string{`cloudflare.account: `}},
		"the org has another URL now":                 {both(to("https://old.okta.com", "account"), app("0oa9")), nil},
		"the account's identity provider is here":     {both(to(here, "old"), provider("0oa9", here)), nil},
		"another org":                                 {provider(ourClient, "https://old.okta.com"), []string{org}},
		"another org, by an earlier version":          {provider(runsClient, "https://old.okta.com"), []string{org}},
		"the same org":                                {provider(ourClient, "https://acme.okta.com"), nil},
		"an identity provider of others":              {provider("0oa9", "https://old.okta.com"), nil},
		"another account":                             {app(ourClient, elsewhere), []string{account}},
		"the same account":                            {app(ourClient, "https://acme.cloudflareaccess.com/cdn-cgi/access/callback"), nil},
		"an app of others":                            {app("0oa9", elsewhere), nil},
		"another callback beside":                     {app(ourClient, elsewhere, "https://acme.cloudflareaccess.com/cdn-cgi/access/callback"), nil},
		"a callback of something else":                {app(ourClient, "https://other.example/callback"), nil},
		"no callback":                                 {app(ourClient), nil},
		"both sides there, another org in between":    {func(s *planner.State) { app(ourClient, elsewhere)(s); provider(ourClient, "https://old.okta.com")(s) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			have := nothing()
			test.have(&have)
			wantProblems(t, planner.Problems(acme(), have), test.want)
		})
	}
}

func TestDisconnectProblems_WhatIsOursOrAdopted_IsNone(t *testing.T) {
	t.Parallel()
	uses := planner.Application{ID: "wiki", Name: "Wiki", Domain: "wiki.example", UsesPolicy: true}
	pinned := planner.Application{ID: "hub", Name: "Hub", Domain: "hub.example", UsesIdentityProvider: true}
	for name, test := range map[string]struct {
		have func(*planner.State)
		want []string
	}{
		"nothing exists": {func(s *planner.State) { s.App, s.IdentityProvider, s.Policy = nil, nil, nil }, nil},
		"attached by us": {func(s *planner.State) {
			s.App.Applications, s.Applications = []string{"wiki"}, []planner.Application{uses}
		}, nil},
		"named in the document": {func(s *planner.State) { named(s, "wiki"); s.Applications = []planner.Application{uses} }, nil},
		"attached by others":    {func(s *planner.State) { s.Applications = []planner.Application{uses} }, []string{`"Wiki" (wiki.example, wiki) still uses the Access policy "Okta staff"`}},
		"attached, adopted":     {func(s *planner.State) { s.Policy.Adopted, s.Applications = true, []planner.Application{uses} }, nil},
		"attached, without our app": {
			func(s *planner.State) { s.App, s.Applications = nil, []planner.Application{uses} }, []string{`still uses the Access policy "Okta staff"`},
		},
		"ours, but pinned": {
			func(s *planner.State) { named(s, "hub"); s.Applications = []planner.Application{pinned} }, []string{`"Hub" (hub.example, hub) still uses the identity provider "Okta"`},
		},
		"pinned, adopted": {func(s *planner.State) {
			s.IdentityProvider.Adopted, s.Applications = true, []planner.Application{pinned}
		}, nil},
		"pinned, without a policy": {
			func(s *planner.State) { s.Policy, s.Applications = nil, []planner.Application{pinned} }, []string{`still uses the identity provider "Okta"`},
		},
		"other policies":          {func(s *planner.State) { s.OtherPolicies = []string{`"Theirs" (p9)`} }, []string{`policy "Theirs" (p9) still refers to the identity provider "Okta"`}},
		"other policies, adopted": {func(s *planner.State) { s.IdentityProvider.Adopted, s.OtherPolicies = true, []string{`"Theirs" (p9)`} }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			have := connected(acme())
			test.have(&have)
			wantProblems(t, planner.DisconnectProblems(acme(), have), test.want)
		})
	}
}

func named(state *planner.State, id string) {
	state.Named = append(state.Named, planner.FoundApplication{Entry: id + ".example", IDs: []string{id}})
}

func TestDisconnectNotes_WhatIsLeft_IsNamed(t *testing.T) {
	t.Parallel()
	notes := planner.DisconnectNotes(planner.State{Strangers: []planner.Stranger{
		{Resource: connection.ResourceApp, ID: "0oa9", Name: "Theirs"}, {Resource: connection.ResourceApp, ID: "0oa2", Name: "Ours", Made: true},
	}})
	if len(notes) != 1 || notes[0] != `Okta app "Theirs" (0oa9) is not known to be of this connection, and is left alone` {
		t.Errorf("notes: %q", notes)
	}
}

func TestTestURL(t *testing.T) {
	t.Parallel()
	if got := planner.TestURL("acme.cloudflareaccess.com", "idp1"); got != "https://acme.cloudflareaccess.com/cdn-cgi/access/test-idp/idp1" {
		t.Errorf("test URL %s", got)
	}
}

// TestDisconnectProblems_Moved: a disconnect that looks elsewhere would end as if nothing were left.
func TestDisconnectProblems_Moved(t *testing.T) {
	t.Parallel()
	have := nothing()
	have.ConnectedTo = &planner.Target{OktaURL: "https://old.okta.com"}
	wantProblems(t, planner.DisconnectProblems(acme(), have), []string{"okta.org: "})
}

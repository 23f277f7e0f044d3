package planner_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/internal/planner"
)

// TestFederation_SourceOfAGrant_IsNotChanged, but is given a client secret with which people can sign in again.
func TestFederation_SourceOfAGrant_IsNotChanged(t *testing.T) {
	t.Parallel()
	deadSecret := func(s *planner.State) {
		s.IdentityProvider.SecretID, s.Secrets = "one", planner.Secrets{Newest: "two", Active: []string{"two"}}
	}
	renamed := func(s *planner.State) { s.IdentityProvider.Name = "Sign in" }
	for name, test := range map[string]struct {
		have func(*planner.State)
		want []string
	}{
		"as declared":           {func(*planner.State) {}, nil},
		"its secret is dead":    {deadSecret, nil},
		"another name":          {renamed, []string{"\"Sign in\" (idp1) would have to be changed (name), and other accounts sign people in through it: this account shares it by federation grant f1"}},
		"and a dead secret too": {func(s *planner.State) { deadSecret(s); renamed(s) }, []string{"changed (client_secret, name)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			have := connected(acme())
			test.have(&have)
			have.Referrers = planner.ReferrersTo("idp1", planner.Referring{Groups: []planner.AccessGroup{{ID: "g1", Include: ruleOf("okta", "connection_id", "idp1")}}})
			wantProblems(t, planner.Problems(acme(), have), nil)
			have.Referrers = planner.ReferrersTo("idp1", planner.Referring{Grants: []planner.FederationGrant{{ID: "f1", IdentityProvider: "idp1"}}})
			wantProblems(t, planner.Problems(acme(), have), test.want)
		})
	}
}

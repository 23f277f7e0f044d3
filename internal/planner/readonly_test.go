package planner_test

import (
	"slices"
	"testing"

	"github.com/accessbridge/accessbridge/internal/planner"
)

// TestReadOnly_IdentityProvider is told of, and refuses what Cloudflare would refuse halfway.
func TestReadOnly_IdentityProvider(t *testing.T) {
	t.Parallel()
	const is = `identity provider "Okta" (idp1) is read-only: another account shares it with this one`
	for name, test := range map[string]struct {
		have       func(*planner.State)
		connect    []string
		disconnect []string
	}{
		"as declared": {func(*planner.State) {}, nil, []string{is + ", and can't be deleted here"}},
		"adopted":     {func(s *planner.State) { s.IdentityProvider.Adopted = true }, nil, nil},
		"adopted, of another account": {func(s *planner.State) {
			s.IdentityProvider.Adopted, s.IdentityProvider.OktaAccount = true, "https://old.example"
		}, []string{is + ", and would have to be changed (okta_account)"}, nil},
		"its secret is dead": {func(s *planner.State) {
			s.IdentityProvider.SecretID, s.Secrets = "one", planner.Secrets{Newest: "two", Active: []string{"two"}}
		}, []string{is + ", and would have to be changed (client_secret)"}, []string{is}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			have := connected(acme())
			have.IdentityProvider.ReadOnly = true
			test.have(&have)
			wantProblems(t, planner.Problems(acme(), have), test.connect)
			wantProblems(t, planner.DisconnectProblems(acme(), have), test.disconnect)
			if notes := planner.Notes(acme(), have); !slices.Contains(notes, is+", and can't be changed here") {
				t.Errorf("notes: %q", notes)
			}
			have.IdentityProvider.ReadOnly = false
			wantProblems(t, planner.Problems(acme(), have), nil)
			wantProblems(t, planner.DisconnectProblems(acme(), have), nil)
		})
	}
}

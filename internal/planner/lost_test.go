package planner_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// TestPickLost_WhatTheRunBeforeHadConnected_IsNamedWhereNothingShowsIt, and is never acted on.
func TestPickLost_WhatTheRunBeforeHadConnected_IsNamedWhereNothingShowsIt(t *testing.T) {
	t.Parallel()
	listed := planner.Listed{
		Apps:              []planner.ListedApp{listedApp("0oa1", ourClient), listedApp("0oa7", "0oa7")},
		IdentityProviders: []planner.ListedIdentityProvider{listedProvider("idp1", "Okta", ourClient), listedProvider("idp7", "Theirs", "0oa7")},
		Policies:          []planner.AccessPolicy{built("policy1", "Okta staff", "idp1"), plain("policy7", "By hand"), built("policy8", "Referring", "idp1")},
	}
	for name, test := range map[string]struct {
		connected planner.References
		want      string
	}{
		"none":               {planner.References{}, ""},
		"ours":               {planner.References{Apps: []string{"0oa1"}, IdentityProviders: []string{"idp1"}, Policies: []string{"policy1"}}, ""},
		"gone":               {planner.References{Policies: []string{"policy9"}}, ""},
		"changed":            {planner.References{Apps: []string{"0oa7"}, IdentityProviders: []string{"idp7"}, Policies: []string{"policy7"}}, "0oa7 idp7 policy7"},
		"it is named anyway": {planner.References{Policies: []string{"policy8"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			have := connected(acme())
			planner.PickLost(&have, listed, test.connected)
			var ids []string
			for _, lost := range have.Lost {
				ids = append(ids, lost.ID)
			}
			if got := strings.Join(ids, " "); got != test.want {
				t.Errorf("lost %q, want %q", got, test.want)
			}
			for _, notes := range [][]string{planner.Notes(acme(), have), planner.DisconnectNotes(have)} {
				if told := strings.Contains(strings.Join(notes, "\n"), "was the connection's when the run before ended"); told != (test.want != "") {
					t.Errorf("notes: %q", notes)
				}
			}
			if moves := planner.Diff(acme(), have, "").Moves(); moves != nil {
				t.Errorf("moves: %+v", moves)
			}
		})
	}
}

// TestDisconnectNotes_MemoryTakenAway says what can't be known.
func TestDisconnectNotes_MemoryTakenAway(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		have func(*planner.State)
		want string
	}{
		"all was found":         {func(*planner.State) {}, ""},
		"no policy":             {func(s *planner.State) { s.Policy = nil }, "no policy of the connection was found"},
		"no identity provider":  {func(s *planner.State) { s.Policy, s.IdentityProvider = nil, nil }, "no identity provider of the connection was found"},
		"a policy refers to it": {func(s *planner.State) { s.Policy, s.OtherPolicies = nil, []string{`"Theirs" (p9)`} }, ""},
		"the run before tells": {func(s *planner.State) {
			s.Policy, s.Lost = nil, []planner.Stranger{{Resource: connection.ResourcePolicy, ID: "p9"}}
		}, ""},
		"it remembers": {func(s *planner.State) { s.Policy = nil; s.App.Memory = &planner.Memory{} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			have := connected(acme())
			have.App.ClientID, have.App.Memory = ourClient, nil
			test.have(&have)
			notes := strings.Join(planner.DisconnectNotes(have), "\n")
			if says := strings.Contains(notes, "of the connection was found"); says != (test.want != "") || !strings.Contains(notes, test.want) {
				t.Errorf("notes: %q, want %q", notes, test.want)
			}
		})
	}
}

package planner_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		spec func(*connection.Spec)
		have func(*planner.State)
		want []string
	}{
		"none": {nil, nil, nil},
		"every missing and ambiguous group": {nil, func(s *planner.State) {
			s.Groups = []planner.FoundGroup{{Name: "Engineering"}, {Name: "Support", IDs: []string{"00g2", "00g3"}}}
		}, []string{`no group "Engineering"`, `2 groups in Okta org "acme" are named "Support" (00g2; 00g3); name the one you mean by its id, such as id:00g2`}},
		"missing and ambiguous application": {nil, func(s *planner.State) {
			s.Named = []planner.FoundApplication{{Entry: "a.example"}, {Entry: "b.example", IDs: []string{"1", "2"}}}
		}, []string{`no Access application "a.example"`, `2 Access applications have the domain "b.example"`}},
		"stranger": {nil, func(s *planner.State) {
			s.Strangers = []planner.Stranger{{Resource: connection.ResourceApp, ID: "0oa9", Name: "Cloudflare Access"}}
		}, []string{`okta.app_label: an Okta app named "Cloudflare Access" (0oa9)`}},
		"stranger that may be adopted": {func(s *connection.Spec) { s.Adopt = true }, func(s *planner.State) {
			s.Strangers = []planner.Stranger{{Resource: connection.ResourceApp, ID: "0oa9", Name: "Cloudflare Access"}}
		}, nil},
		"stranger that can't be adopted": {func(s *connection.Spec) { s.Adopt = true }, func(s *planner.State) {
			s.Strangers = []planner.Stranger{{Resource: connection.ResourcePolicy, ID: "1", Name: "P", Why: "because"}}
		}, []string{"can't be adopted: because"}},
		"a second one of a run's own": {func(s *connection.Spec) { s.Adopt = true }, func(s *planner.State) {
			s.Strangers = []planner.Stranger{{Resource: connection.ResourceApp, ID: "0oa9", Name: "Cloudflare Access", Why: "because", Made: true}}
		}, []string{`okta.app_label: a run of connection "acme" made a second Okta app, "Cloudflare Access" (0oa9): there must be only one; see which`}},
		"an update that would lose a setting": {nil, func(s *planner.State) {
			*s = connected(acme())
			s.IdentityProvider.Name, s.IdentityProvider.Unreadable = "Other", []string{"api_token"}
		}, []string{"api_token, which can't be read back"}},
		"no update, nothing lost": {nil, func(s *planner.State) {
			*s = connected(acme())
			s.IdentityProvider.Unreadable = []string{"api_token"}
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec, have := acme(), nothing()
			if test.spec != nil {
				test.spec(&spec)
			}
			if test.have != nil {
				test.have(&have)
			}
			wantProblems(t, planner.Problems(spec, have), test.want)
		})
	}
}

func wantProblems(t *testing.T, got []planner.Problem, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d problems, want %d: %v", len(got), len(want), got)
	}
	for i, problem := range got {
		if !strings.Contains(problem.String(), want[i]) || problem.Advice == "" {
			t.Errorf("problem %q doesn't say %q with what to do", problem, want[i])
		}
	}
}

func TestDisconnectProblems(t *testing.T) {
	t.Parallel()
	ours := planner.Application{ID: "ours", Name: "Ours", Domain: "ours.example", UsesPolicy: true}
	theirs := planner.Application{ID: "theirs", Name: "Theirs", Domain: "theirs.example", UsesPolicy: true}
	pinned := planner.Application{ID: "pinned", Name: "Pinned", Domain: "pinned.example", UsesIdentityProvider: true}
	have := connected(acme())
	have.App.Applications = []string{"ours"}
	have.Applications = []planner.Application{ours, theirs, pinned}
	have.OtherPolicies = []string{`"Another" (p9)`}
	wantProblems(t, planner.DisconnectProblems(acme(), have), []string{
		`application "Theirs" (theirs.example, theirs) still uses the Access policy "Okta staff"`,
		`application "Pinned" (pinned.example, pinned) still uses the identity provider "Okta"`,
		`policy "Another" (p9) still refers to the identity provider "Okta"`,
	})
}

func TestNotes_WhatIsLeftAlone_IsNamed(t *testing.T) {
	t.Parallel()
	have := connected(acme())
	have.App.Applications = []string{"ours"}
	have.Applications = []planner.Application{
		{ID: "ours", Name: "Ours", UsesPolicy: true}, {ID: "theirs", Name: "Theirs", Domain: "theirs.example", UsesPolicy: true}, {ID: "other", Name: "Other"},
	}
	have.Applications = append(have.Applications, planner.Application{ID: "named", Name: "Named", UsesPolicy: true})
	have.Named = []planner.FoundApplication{{Entry: "named.example", IDs: []string{"named"}}}
	have.OtherPolicies = []string{`"Old staff" (p8)`}
	notes := planner.Notes(acme(), have)
	if len(notes) != 2 || !strings.Contains(notes[0], `policy "Old staff" (p8) refers to the identity provider "Okta" too`) ||
		!strings.Contains(notes[1], `application "Theirs" (theirs.example) uses the policy "Okta staff"`) {
		t.Errorf("notes: %q", notes)
	}
	if notes := planner.Notes(guarding(false), connected(acme())); notes != nil {
		t.Errorf("notes where nothing is left alone: %q", notes)
	}
}

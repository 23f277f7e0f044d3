package planner_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

func acme() connection.Spec {
	return connection.Spec{
		Name: "acme",
		Okta: connection.OktaSpec{AssignGroups: []string{"Engineering", "Support"}},
		Policy: connection.PolicySpec{
			Name: "Okta staff", Allow: connection.Allow{Groups: []string{"Engineering"}, Emails: []string{"ceo@acme.example"}},
		},
	}.WithDefaults()
}

// nothing is the survey of two sides on which nothing of the connection exists.
func nothing() planner.State {
	return planner.State{
		OktaURL: "https://acme.okta.com", AuthDomain: "acme.cloudflareaccess.com",
		Groups: []planner.FoundGroup{{Name: "Engineering", IDs: []string{"00g1"}}, {Name: "Support", IDs: []string{"00g2"}}},
	}
}

// connected is the survey after a run has carried the document out.
func connected(spec connection.Spec) planner.State {
	state := nothing()
	app := planner.WantApp(spec, state, "accessbridge-acme-0123abcd")
	app.ID = "0oa1"
	state.App = &app
	identityProvider := planner.WantIdentityProvider(spec, state, app.ClientID)
	identityProvider.ID = "idp1"
	state.IdentityProvider = &identityProvider
	policy := planner.WantPolicy(spec, state, identityProvider.ID)
	policy.ID = "policy1"
	state.Policy = &policy
	remembering := planner.WantMemory(spec, state, app, identityProvider.ID, policy.ID, planner.HandedSecret{})
	state.App = &remembering
	return state
}

func TestDiff_Nothing_CreatesAllInTheOrderOfTheProcedure(t *testing.T) {
	t.Parallel()
	var got []connection.Resource
	for _, change := range planner.Diff(acme(), nothing(), "").Changes {
		if change.Action != connection.ActionCreate {
			t.Errorf("%s %s: %s", change.Resource, change.Name, change.Action)
		}
		got = append(got, change.Resource)
	}
	want := []connection.Resource{
		connection.ResourceApp, connection.ResourceGroupsClaim, connection.ResourceIdentityProvider,
		connection.ResourceGroupAssignment, connection.ResourceGroupAssignment, connection.ResourcePolicy,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDiff_Connected_ChangesNothing(t *testing.T) {
	t.Parallel()
	if moves := planner.Diff(acme(), connected(acme()), "").Moves(); moves != nil {
		t.Errorf("moves: %+v", moves)
	}
}

func TestDiff_SomebodyChangedSomething_ChangesThatBack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hand func(*planner.State)
		want connection.Change
	}{
		"app deactivated": {
			func(s *planner.State) { s.App.Status = "INACTIVE" },
			connection.Change{Resource: connection.ResourceApp, Name: "Cloudflare Access", ID: "0oa1", Action: connection.ActionUpdate, Fields: []connection.Field{{Name: "status", Before: "INACTIVE", After: "ACTIVE"}}},
		},
		"redirect URI added": {
			func(s *planner.State) { s.App.RedirectURIs = append(s.App.RedirectURIs, "https://evil.example/") },
			connection.Change{Resource: connection.ResourceApp, Name: "Cloudflare Access", ID: "0oa1", Action: connection.ActionUpdate, Fields: []connection.Field{{
				Name: "redirect_uris", Before: "https://acme.cloudflareaccess.com/cdn-cgi/access/callback, https://evil.example/", After: "https://acme.cloudflareaccess.com/cdn-cgi/access/callback",
			}}},
		},
		"claim taken away": {
			func(s *planner.State) { s.App.Claim = nil },
			connection.Change{Resource: connection.ResourceGroupsClaim, Name: "groups", Action: connection.ActionCreate, Fields: []connection.Field{
				{Name: "name", After: "groups"}, {Name: "value_type", After: "GROUPS"}, {Name: "filter", After: "REGEX"}, {Name: "value", After: ".*"},
			}},
		},
		"group unassigned": {
			func(s *planner.State) { s.App.Groups = s.App.Groups[:1] },
			connection.Change{Resource: connection.ResourceGroupAssignment, Name: "Support", ID: "00g2", Action: connection.ActionCreate},
		},
		"group assigned": {
			func(s *planner.State) {
				s.App.Groups = append(s.App.Groups, planner.Group{ID: "00g9", Name: "Sales"})
			},
			connection.Change{Resource: connection.ResourceGroupAssignment, Name: "Sales", ID: "00g9", Action: connection.ActionDelete},
		},
		"identity provider renamed": {
			func(s *planner.State) { s.IdentityProvider.Name = "Other" },
			connection.Change{Resource: connection.ResourceIdentityProvider, Name: "Okta", ID: "idp1", Action: connection.ActionUpdate, Fields: []connection.Field{{Name: "name", Before: "Other", After: "Okta"}}},
		},
		"rule added to the policy": {
			func(s *planner.State) {
				s.Policy.Include = append(s.Policy.Include, planner.Rule{"everyone": {}})
			},
			connection.Change{Resource: connection.ResourcePolicy, Name: "Okta staff", ID: "policy1", Action: connection.ActionUpdate, Fields: []connection.Field{{
				Name: "include", Before: `Okta group "Engineering", e-mail ceo@acme.example, map[everyone:map[]]`, After: `Okta group "Engineering", e-mail ceo@acme.example`,
			}}},
		},
		"policy for another identity provider": {
			func(s *planner.State) {
				*s.Policy = planner.WantPolicy(acme(), *s, "idp0")
				s.Policy.ID = "policy1"
			},
			connection.Change{Resource: connection.ResourcePolicy, Name: "Okta staff", ID: "policy1", Action: connection.ActionUpdate, Fields: []connection.Field{{Name: "rules", Before: "another identity provider", After: "this connection's identity provider"}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := connected(acme())
			test.hand(&state)
			if diff := cmp.Diff([]connection.Change{test.want}, planner.Diff(acme(), state, "").Moves()); diff != "" {
				t.Errorf("moves (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDiff_OrderOfRules_MeansNothing(t *testing.T) {
	t.Parallel()
	state := connected(acme())
	state.Policy.Include[0], state.Policy.Include[1] = state.Policy.Include[1], state.Policy.Include[0]
	if moves := planner.Diff(acme(), state, "").Moves(); moves != nil {
		t.Errorf("moves: %+v", moves)
	}
}

func TestDiff_WhatCloudflareDoesNotTell_IsNotCompared(t *testing.T) {
	t.Parallel()
	state := connected(acme())
	state.IdentityProvider.PKCE = nil
	if moves := planner.Diff(acme(), state, "").Moves(); moves != nil {
		t.Errorf("moves: %+v", moves)
	}
}

func TestDiff_Attachments_OnlyOurOwnAreTakenAway(t *testing.T) {
	t.Parallel()
	state := connected(acme())
	state.App.Applications = []string{"ours"}
	state.Applications = []planner.Application{
		{ID: "ours", Domain: "ours.example", UsesPolicy: true}, {ID: "theirs", Domain: "theirs.example", UsesPolicy: true}, {ID: "new", Domain: "new.example"},
	}
	state.Named = []planner.FoundApplication{{Entry: "new.example", IDs: []string{"new"}}}
	want := []connection.Change{
		{Resource: connection.ResourceAttachment, Name: "ours.example", ID: "ours", Action: connection.ActionDelete},
		{Resource: connection.ResourceAttachment, Name: "new.example", ID: "new", Action: connection.ActionCreate},
	}
	if diff := cmp.Diff(want, planner.Diff(acme(), state, "").Of(connection.ResourceAttachment)); diff != "" {
		t.Error(diff)
	}
}

// TestDiff_WhatIsCarriedOut_IsThenUnchanged holds for every document: after its plan was carried out, its next plan is empty.
func TestDiff_WhatIsCarriedOut_IsThenUnchanged(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := acme()
		spec.Okta.AppLabel = rapid.StringN(1, 20, 40).Draw(t, "label")
		spec.Cloudflare.PKCE = new(rapid.Bool().Draw(t, "pkce"))
		spec.Policy.Allow.Groups = rapid.SliceOfDistinct(rapid.SampledFrom(spec.Okta.AssignGroups), rapid.ID).Draw(t, "groups")
		spec.Policy.Allow.Emails = rapid.SliceOf(rapid.StringN(1, 5, 20)).Draw(t, "emails")
		if moves := planner.Diff(spec, connected(spec), "").Moves(); moves != nil {
			t.Fatalf("moves: %+v", moves)
		}
	})
}

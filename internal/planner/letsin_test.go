package planner_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

func TestAccessPolicy_LetsIn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rule             planner.Rule
		emails, everyone bool
	}{
		"a group":            {planner.OktaGroupRule("Engineering", "idp"), false, false},
		"the whole org":      {planner.OktaGroupRule("everyone", "idp"), false, true},
		"an address":         {planner.EmailRule("ceo@acme.example"), true, false},
		"a domain":           {planner.EmailDomainRule("acme.example"), true, false},
		"everyone":           {planner.Rule{"everyone": {}}, false, true},
		"a kind of others":   {planner.Rule{"ip": {"ip": "0.0.0.0/0"}}, false, true},
		"a group and others": {planner.Rule{"okta": {"name": "Engineering"}, "everyone": {}}, false, true},
	} {
		emails, everyone := planner.AccessPolicy{Decision: "allow", Include: []planner.Rule{test.rule}}.LetsIn()
		if emails != test.emails || everyone != test.everyone {
			t.Errorf("%s: emails %v, everyone %v", name, emails, everyone)
		}
	}
}

func TestAccessPolicy_LetsIn_DependsOnTheDecision(t *testing.T) {
	t.Parallel()
	for decision, want := range map[string]bool{"allow": false, "bypass": true, "non_identity": true, "deny": false} {
		policy := planner.AccessPolicy{Decision: decision, Include: []planner.Rule{planner.OktaGroupRule("Engineering", "idp")}}
		if _, everyone := policy.LetsIn(); everyone != want {
			t.Errorf("%s: everyone %v", decision, everyone)
		}
	}
}

func TestAssignsEveryone_UnderWhateverEntry(t *testing.T) {
	t.Parallel()
	var spec connection.Spec
	for entry, state := range map[string]planner.State{
		"Everyone":         {},
		"id:00gEveryone01": {Groups: []planner.FoundGroup{{Name: "id:00gEveryone01", Called: "Everyone"}}},
	} {
		spec.Okta.AssignGroups = []string{"Engineering", entry}
		if !planner.AssignsEveryone(spec, state) {
			t.Errorf("%s doesn't", entry)
		}
	}
	spec.Okta.AssignGroups = []string{"Everyone else"}
	if planner.AssignsEveryone(spec, planner.State{Groups: []planner.FoundGroup{{Name: "Everyone else"}}}) {
		t.Error("a group of another name does")
	}
}

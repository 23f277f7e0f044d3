package planner_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

func TestWantApp_Claim_IsOfTheDeclaredKind(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		claim connection.GroupsClaim
		want  planner.Claim
		says  string
	}{
		"filter": {
			connection.GroupsClaim{Filter: connection.FilterEquals, Value: "Staff"},
			planner.Claim{Name: "groups", ValueType: "GROUPS", Filter: "EQUALS", Value: "Staff"},
			"EQUALS Staff",
		},
		"expression": {
			connection.GroupsClaim{Expression: "x"},
			planner.Claim{Name: "groups", ValueType: "EXPRESSION", Value: "x"},
			"the expression x",
		},
		"long expression": {
			connection.GroupsClaim{Expression: strings.Repeat("é", 301)},
			planner.Claim{Name: "groups", ValueType: "EXPRESSION", Value: strings.Repeat("é", 301)},
			"the expression " + strings.Repeat("é", 300) + "… (301 characters)",
		},
		"assigned, in an order of its own": {
			connection.GroupsClaim{Assigned: true},
			planner.Claim{Name: "groups", ValueType: "EXPRESSION", Value: `getFilteredGroups({"` + otherID + `", "` + staffID + `"}, "group.name", 100)`},
			`the expression getFilteredGroups({"` + otherID + `", "` + staffID + `"}, "group.name", 100)`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec, have := with(staff(test.claim), true), nothing()
			have.Groups = planner.FindGroups(spec.Okta.AssignGroups, map[string]planner.Group{staffID: {ID: staffID, Name: "A"}, otherID: {ID: otherID, Name: "B"}}, nil)
			claim := planner.WantApp(spec, have, "").Claim
			if diff := cmp.Diff(&test.want, claim); diff != "" {
				t.Error(diff)
			}
			if claim.String() != test.says {
				t.Errorf("it says %q, want %q", claim, test.says)
			}
		})
	}
}

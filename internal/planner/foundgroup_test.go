package planner_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

func TestFindGroups(t *testing.T) {
	t.Parallel()
	staff := planner.Group{ID: staffID, Name: "Staff", Imported: true}
	namesake := planner.Group{ID: otherID, Name: "Staff"}
	got := planner.FindGroups(
		[]string{"Nobody", allowedByID, "Staff", "id:" + otherID[:19] + "x"},
		map[string]planner.Group{staffID: staff}, map[string][]planner.Group{"Staff": {staff, namesake}},
	)
	want := []planner.FoundGroup{
		{Name: "Nobody"},
		{Name: allowedByID, IDs: []string{staffID}, Called: "Staff", Imported: []string{staffID}, Namesakes: []planner.Group{namesake}},
		{Name: "Staff", IDs: []string{staffID, otherID}, Imported: []string{staffID}},
		{Name: "id:" + otherID[:19] + "x"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestWant_GroupGivenByItsID_IsCalledByItsName in the policy, because Access compares names, and once, though two have it.
func TestWant_GroupGivenByItsID_IsCalledByItsName(t *testing.T) {
	t.Parallel()
	spec := with(staff(connection.GroupsClaim{Assigned: true}), true)
	one, other := planner.Group{ID: staffID, Name: "Staff"}, planner.Group{ID: otherID, Name: "Staff"}
	have := nothing()
	have.Groups = planner.FindGroups(spec.Okta.AssignGroups, map[string]planner.Group{staffID: one, otherID: other}, map[string][]planner.Group{"Staff": {one, other}})
	policy := planner.WantPolicy(spec, have, "idp1")
	if diff := cmp.Diff([]planner.Rule{planner.OktaGroupRule("Staff", "idp1")}, policy.Include); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]planner.Group{one, other}, planner.WantApp(spec, have, "").Groups, cmpopts.IgnoreFields(planner.Group{}, "Priority")); diff != "" {
		t.Error(diff)
	}
}

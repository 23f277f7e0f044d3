package e2e

import (
	"strings"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// groupAdvice is about groups and the groups claim.
var groupAdvice = []advised{
	{
		advice: "create it or correct the name",
		refused: func(b *bench, spec *connection.Spec) {
			spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "sales")
		},
		ways: []way{
			func(b *bench, _ *connection.Spec, _ string) { b.org().CreateGroup(okta.Group{Name: "sales"}) },
			func(_ *bench, spec *connection.Spec, _ string) { spec.Okta.AssignGroups[2] = "Sales" },
		},
	},
	{
		advice: "correct the id: it is at the end of the group's address",
		refused: func(b *bench, spec *connection.Spec) {
			spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "id:00gAAAAAAAAAAAAAAAAA")
		},
		ways: []way{func(b *bench, spec *connection.Spec, _ string) {
			spec.Okta.AssignGroups[2] = "id:" + b.org().GroupID("Sales")
		}},
	},
	{
		advice: "if an id is meant, correct it",
		refused: func(b *bench, spec *connection.Spec) {
			spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "id:00gA")
		},
		ways: []way{
			func(b *bench, spec *connection.Spec, _ string) {
				spec.Okta.AssignGroups[2] = "id:" + b.org().GroupID("Sales")
			},
			func(b *bench, _ *connection.Spec, _ string) { b.org().CreateGroup(okta.Group{Name: "id:00gA"}) },
		},
	},
	{
		advice: "name the one you mean by its id, such as id:",
		refused: func(b *bench, _ *connection.Spec) {
			b.org().CreateGroup(okta.Group{Name: "Support", Type: "APP_GROUP"})
		},
		ways: []way{func(_ *bench, spec *connection.Spec, advice string) {
			id, _, _ := strings.Cut(strings.TrimPrefix(advice, "name the one you mean by its id, such as "), ",")
			spec.Okta.AssignGroups[1] = id
		}},
	},
	{
		advice: "leave one of them out",
		refused: func(b *bench, spec *connection.Spec) {
			spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "id:"+b.org().GroupID("Support"))
		},
		ways: []way{func(_ *bench, spec *connection.Spec, _ string) { spec.Okta.AssignGroups = spec.Okta.AssignGroups[:2] }},
	},
	{
		advice:  "set okta.groups_claim to {assigned: true}, or to an expression such as",
		seed:    inDirectory(okta.Group{Name: "AD Staff", Type: "APP_GROUP"}),
		refused: func(b *bench, spec *connection.Spec) { *spec = b.letsIn("AD Staff", connection.GroupsClaim{}) },
		ways: []way{assignedClaim, func(_ *bench, spec *connection.Spec, advice string) {
			_, expression, _ := strings.Cut(advice, "{expression: '")
			expression, _, _ = strings.Cut(expression, "'}")
			spec.Okta.GroupsClaim = connection.GroupsClaim{Expression: expression}
		}},
	},
	{
		advice: "widen the claim, or set it to {assigned: true}",
		refused: func(b *bench, spec *connection.Spec) {
			*spec = b.letsIn("id:"+b.org().GroupID("Engineering"), connection.GroupsClaim{Filter: "EQUALS", Value: "Sales"})
		},
		ways: []way{assignedClaim, func(_ *bench, spec *connection.Spec, _ string) { spec.Okta.GroupsClaim.Value = "Engineering" }},
	},
	{
		advice: "set okta.groups_claim to {assigned: true}: then Okta tells of the assigned groups alone",
		refused: func(b *bench, spec *connection.Spec) {
			*spec = b.letsIn("id:"+b.org().GroupID("Support"), connection.GroupsClaim{Expression: `Groups.startsWith("OKTA", "S", 100)`})
			b.org().CreateGroup(okta.Group{Name: "Support", Type: "APP_GROUP"})
		},
		ways: []way{assignedClaim},
	},
	{
		advice: "allow them too, or take them out of okta.assign_groups",
		refused: func(b *bench, spec *connection.Spec) {
			*spec = b.letsIn("id:"+b.org().GroupID("Support"), connection.GroupsClaim{Assigned: true})
			spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "id:"+b.org().CreateGroup(okta.Group{Name: "Support", Type: "APP_GROUP"}))
		},
		ways: []way{
			func(_ *bench, spec *connection.Spec, _ string) { spec.Policy.Allow.Groups = spec.Okta.AssignGroups },
			func(_ *bench, spec *connection.Spec, _ string) { spec.Okta.AssignGroups = spec.Okta.AssignGroups[:1] },
		},
	},
}

func (b *bench) org() *okta.Org { return b.Sandbox.Orgs["acme"].Org }

func assignedClaim(_ *bench, spec *connection.Spec, _ string) {
	spec.Okta.GroupsClaim = connection.GroupsClaim{Assigned: true}
}

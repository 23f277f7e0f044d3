package planner_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

const (
	staffID     = "00gstaff000000000000"
	otherID     = "00gother000000000000"
	allowedByID = "id:" + staffID
)

// staff is a document that lets in one group, given by its id, with a claim.
func staff(claim connection.GroupsClaim) connection.Spec {
	spec := acme()
	spec.Okta.AssignGroups, spec.Okta.GroupsClaim = []string{allowedByID}, claim
	spec.Policy.Allow = connection.Allow{Groups: []string{allowedByID}}
	return spec
}

func TestProblems_GroupsAndTheClaim(t *testing.T) {
	t.Parallel()
	filter := func(kind connection.ClaimFilter, value string) connection.GroupsClaim {
		return connection.GroupsClaim{Filter: kind, Value: value}
	}
	all, assigned := filter(connection.FilterRegex, ".*"), connection.GroupsClaim{Assigned: true}
	expression := connection.GroupsClaim{Expression: `Groups.startsWith("active_directory", "", 100)`}
	ours := planner.Group{ID: staffID, Name: "Staff"}
	imported := planner.Group{ID: staffID, Name: "Staff", Imported: true}
	namesake, importedNamesake := planner.Group{ID: otherID, Name: "Staff"}, planner.Group{ID: otherID, Name: "Staff", Imported: true}
	const leftOut = `policy.allow.groups: the group "Staff" (` + staffID + `) is imported from AD, LDAP or another app (type APP_GROUP), and Okta leaves such groups out of a groups claim that is a filter: the policy would never let its members in; set okta.groups_claim to {assigned: true}`
	const alike = `policy.allow.groups: the policy can't tell the group "Staff" (` + staffID + `) from others that have the same name (` + otherID + `): Access compares names, and would let their members in too; `
	for name, test := range map[string]struct {
		spec  connection.Spec
		named []planner.Group // all groups with the name
		want  []string
	}{
		"ours, filter":                 {staff(all), []planner.Group{ours}, nil},
		"imported, filter":             {staff(all), []planner.Group{imported}, []string{leftOut}},
		"imported, assigned":           {staff(assigned), []planner.Group{imported}, nil},
		"imported, expression":         {staff(expression), []planner.Group{imported}, nil},
		"filtered out":                 {staff(filter(connection.FilterStartsWith, "Eng")), []planner.Group{ours}, []string{`the group "Staff" (` + staffID + `) doesn't pass okta.groups_claim (STARTS_WITH "Eng"): the policy would never let its members in; widen the claim`}},
		"namesake, filter":             {staff(all), []planner.Group{ours, namesake}, []string{alike + "set okta.groups_claim to {assigned: true}"}},
		"imported namesake, filter":    {staff(all), []planner.Group{ours, importedNamesake}, nil},
		"namesake, expression":         {staff(expression), []planner.Group{ours, importedNamesake}, []string{alike + "set okta.groups_claim"}},
		"namesake, assigned":           {staff(assigned), []planner.Group{ours, namesake}, nil},
		"assigned namesake, assigned":  {with(staff(assigned), false), []planner.Group{ours, namesake}, []string{alike + "allow them too, or take them out of okta.assign_groups"}},
		"allowed namesake, assigned":   {with(staff(assigned), true), []planner.Group{ours, namesake}, nil},
		"none with the id":             {staff(all), nil, []string{`okta.assign_groups: there is no group with the id ` + staffID + ` in Okta org "acme"; correct the id`}},
		"neither is found, and no two": {with(staff(all), true), nil, []string{"no group with the id " + staffID, "no group with the id " + otherID}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			have := nothing()
			byID := map[string]planner.Group{}
			for _, group := range test.named {
				byID[group.ID] = group
			}
			have.Groups = planner.FindGroups(test.spec.Okta.AssignGroups, byID, map[string][]planner.Group{"Staff": test.named})
			wantProblems(t, planner.Problems(test.spec, have), test.want)
		})
	}
}

// with assigns the namesake too, and lets it in or not.
func with(spec connection.Spec, allowed bool) connection.Spec {
	spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "id:"+otherID)
	if allowed {
		spec.Policy.Allow.Groups = append(spec.Policy.Allow.Groups, "id:"+otherID)
	}
	return spec
}

func TestProblems_GroupsThatAreNotOne(t *testing.T) {
	t.Parallel()
	spec := acme()
	spec.Okta.AssignGroups, spec.Policy.Allow = []string{"Staff", allowedByID, "Twice", "id:00x"}, connection.Allow{Emails: []string{"a@acme.example"}}
	staff := planner.Group{ID: staffID, Name: "Staff"}
	have := nothing()
	have.Groups = planner.FindGroups(spec.Okta.AssignGroups, map[string]planner.Group{staffID: staff}, map[string][]planner.Group{
		"Staff": {staff}, "Twice": {{ID: "00g1", Name: "Twice"}, {ID: "00g2", Name: "Twice", Imported: true}},
	})
	wantProblems(t, planner.Problems(spec, have), []string{
		`okta.assign_groups: "Staff" and "` + allowedByID + `" are the same group of Okta org "acme"; leave one of them out`,
		`2 groups in Okta org "acme" are named "Twice" (00g1; 00g2, imported); name the one you mean by its id, such as id:00g1`,
		`there is no group "id:00x" in Okta org "acme"; if an id is meant, correct it`,
	})
}

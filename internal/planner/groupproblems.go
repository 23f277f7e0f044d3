package planner

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// groupProblems are the reasons not to start that the groups of the document give: those that can't be found, and those whose members
// the policy would never let in, or others in their place.
func groupProblems(spec connection.Spec, have State) []Problem {
	var problems []Problem
	entryOf, found := map[string]string{}, map[string]FoundGroup{}
	for _, group := range have.Groups {
		found[group.Name] = group
		if len(group.IDs) != 1 {
			problems = append(problems, notOneGroup(spec, group))
			continue
		}
		if before, twice := entryOf[group.IDs[0]]; twice {
			problems = append(problems, Problem{
				Path:    "okta.assign_groups",
				Message: fmt.Sprintf("%s and %s are the same group of Okta org %q", quote(before), quote(group.Name), spec.Okta.Org),
				Advice:  "leave one of them out",
			})
		}
		entryOf[group.IDs[0]] = group.Name
	}
	for _, entry := range spec.Policy.Allow.Groups {
		group, there := found[entry]
		if !there || len(group.IDs) != 1 {
			continue
		}
		problems = append(problems, claimProblems(spec, group)...)
		problems = append(problems, namesakeProblems(spec, have, group)...)
	}
	return problems
}

func notOneGroup(spec connection.Spec, group FoundGroup) Problem {
	problem := Problem{Path: "okta.assign_groups"}
	if id := connection.GroupID(group.Name); id != "" {
		problem.Message = fmt.Sprintf("there is no group with the id %s in Okta org %q", id, spec.Okta.Org)
		problem.Advice = "correct the id: it is at the end of the group's address in the Okta Admin Console"
		return problem
	}
	if len(group.IDs) == 0 {
		problem.Message = fmt.Sprintf("there is no group %s in Okta org %q", quote(group.Name), spec.Okta.Org)
		problem.Advice = "create it or correct the name; names are compared exactly, upper and lower case too"
		if strings.HasPrefix(group.Name, "id:") {
			problem.Advice = "if an id is meant, correct it: it has 20 characters and starts with 00g; else create the group or correct the name"
		}
		return problem
	}
	ids := make([]string, len(group.IDs))
	for i, id := range group.IDs {
		ids[i] = id
		if slices.Contains(group.Imported, id) {
			ids[i] += ", imported"
		}
	}
	problem.Message = fmt.Sprintf("%d groups in Okta org %q are named %s (%s)", len(ids), spec.Okta.Org, quote(group.Name), strings.Join(ids, "; "))
	problem.Advice = "name the one you mean by its id, such as id:" + group.IDs[0] + ", or rename all but one of them"
	return problem
}

// claimProblems finds a group that the policy allows, and that the claim's filter leaves out: its members could never get in.
func claimProblems(spec connection.Spec, group FoundGroup) []Problem {
	claim, called := spec.Okta.GroupsClaim, quote(group.Title())
	if claim.Filter == "" {
		return nil
	}
	if len(group.Imported) > 0 {
		return []Problem{{
			Path:    "policy.allow.groups",
			Message: fmt.Sprintf("the group %s (%s) is imported from AD, LDAP or another app (type APP_GROUP), and Okta leaves such groups out of a groups claim that is a filter: the policy would never let its members in", called, group.IDs[0]),
			Advice:  `set okta.groups_claim to {assigned: true}, or to an expression such as {expression: 'Groups.startsWith("active_directory", "", 100)'}`,
		}}
	}
	if group.Called != "" && !claim.Passes(group.Called) {
		return []Problem{{
			Path:    "policy.allow.groups",
			Message: fmt.Sprintf("the group %s (%s) doesn't pass okta.groups_claim (%s %s): the policy would never let its members in", called, group.IDs[0], claim.Filter, quote(claim.Value)),
			Advice:  "widen the claim, or set it to {assigned: true}",
		}}
	}
	return nil
}

// namesakeProblems finds a group that the policy allows by its id, and that has the name of others which the claim can tell of: Access
// compares names, and would let their members in too.
func namesakeProblems(spec connection.Spec, have State, group FoundGroup) []Problem {
	allowed, assigned := map[string]bool{}, idsOf(wantGroups(spec, have))
	for _, each := range have.Groups {
		if slices.Contains(spec.Policy.Allow.Groups, each.Name) && len(each.IDs) == 1 {
			allowed[each.IDs[0]] = true
		}
	}
	var alike []string
	for _, other := range group.Namesakes {
		told := true
		switch claim := spec.Okta.GroupsClaim; {
		case claim.Assigned:
			told = assigned[other.ID]
		case claim.Filter != "":
			told = !other.Imported
		}
		if told && !allowed[other.ID] {
			alike = append(alike, other.ID)
		}
	}
	if len(alike) == 0 {
		return nil
	}
	advice := "set okta.groups_claim to {assigned: true}: then Okta tells of the assigned groups alone"
	if spec.Okta.GroupsClaim.Assigned {
		advice = "allow them too, or take them out of okta.assign_groups"
	}
	return []Problem{{
		Path: "policy.allow.groups",
		Message: fmt.Sprintf("the policy can't tell the group %s (%s) from others that have the same name (%s): Access compares names, and would let their members in too",
			quote(group.Title()), group.IDs[0], strings.Join(alike, ", ")),
		Advice: advice,
	}}
}

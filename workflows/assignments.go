package workflows

import (
	"fmt"
	"slices"

	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// assignGroups assigns the app to the declared groups, and takes it from those that the document names no more.
func (c *connect) assignGroups() []func(workflow.Context) error {
	var moves []func(workflow.Context) error
	for _, change := range c.result.Changes {
		if change.Resource != connection.ResourceGroupAssignment || change.Action == connection.ActionUnchanged {
			continue
		}
		id := map[connection.Action]string{
			connection.ActionCreate: "AssignGroup ", connection.ActionUpdate: "PrioritiseGroup ", connection.ActionDelete: "UnassignGroup ",
		}[change.Action] + change.ID
		c.expect(id)
		moves = append(moves, func(ctx workflow.Context) error { return c.assignGroup(ctx, change) })
	}
	return moves
}

// assignGroup assigns the app to a group, takes it away, or gives the assignment another priority.
func (c *connect) assignGroup(ctx workflow.Context, change connection.Change) error {
	assignment := activities.Assignment{Fence: c.fence, Org: c.spec.Okta.Org, AppID: c.app.ID, GroupID: change.ID, Priority: planner.PriorityOf(c.app, change.ID)}
	group := "the group " + quoted(change.Name)
	assign := transition[activities.Assignment]{"AssignGroup " + change.ID, "Assign the app to " + group, steps.AssignGroup}
	unassign := transition[activities.Assignment]{"UnassignGroup " + change.ID, "Take the app from " + group, steps.UnassignGroup}
	if c.have.App == nil { // then it goes with the app
		return toggle(ctx, c.run, assign, unassign, change.Action, assignment, nil)
	}
	before := c.assignedBefore(assignment)
	if change.Action == connection.ActionUpdate {
		assign = transition[activities.Assignment]{"PrioritiseGroup " + change.ID, fmt.Sprintf("Give %s the priority %d", group, *assignment.Priority), steps.AssignGroup}
		unassign = transition[activities.Assignment]{"", fmt.Sprintf("Give %s the priority %d back", group, *before.Priority), steps.AssignGroup}
		assignment.From, before.From = before.Priority, assignment.Priority
	}
	return toggle(ctx, c.run, assign, unassign, change.Action, assignment, &before)
}

// assignedBefore is how an assignment is put back as the survey found it.
func (c *connect) assignedBefore(assignment activities.Assignment) activities.Assignment {
	assignment.Undo, assignment.Priority = true, nil
	for _, group := range c.have.App.Groups {
		if group.ID == assignment.GroupID {
			assignment.Priority, assignment.Profile = group.Priority, group.Profile
		}
	}
	return assignment
}

// orderAssignments orders the undoing of assignments, which was noted in the order of the steps: first the groups that the run
// assigned are taken away, then that with priority 0 is assigned, which Okta gives only to the first, then the others are.
func (c *connect) orderAssignments(ctx workflow.Context) {
	if c.have.App == nil { // they go with the app
		return
	}
	order := map[string]int{}
	for _, change := range c.result.Changes {
		if change.Resource == connection.ResourceGroupAssignment && change.Action == connection.ActionCreate {
			order[connection.UndoPrefix+"AssignGroup "+change.ID] = 1
		}
	}
	for _, group := range c.have.App.Groups {
		order[connection.UndoPrefix+"UnassignGroup "+group.ID] = 3
		if planner.AssignedFirst(group) {
			order[connection.UndoPrefix+"UnassignGroup "+group.ID] = 2
		}
	}
	ordered := reordered(c.undo, order)
	same := slices.EqualFunc(ordered, c.undo, func(a, b undo) bool { return a.id == b.id })
	if !same && workflow.GetVersion(ctx, "assignments put back in order", workflow.DefaultVersion, 1) != workflow.DefaultVersion {
		c.undo = ordered
	}
}

// reordered has the undoings that an order is given for happen in it, in the places that they have among the others. The last is the
// first to happen.
func reordered(all []undo, order map[string]int) []undo {
	var some []undo
	for _, each := range all {
		if order[each.id] != 0 {
			some = append(some, each)
		}
	}
	slices.SortStableFunc(some, func(a, b undo) int { return order[b.id] - order[a.id] })
	ordered := slices.Clone(all)
	for at, next := 0, 0; at < len(all); at++ {
		if order[all[at].id] != 0 {
			ordered[at] = some[next]
			next++
		}
	}
	return ordered
}

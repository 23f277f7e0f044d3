package okta

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// assignment lets a group use an app.
type assignment struct {
	group    *group
	sequence int
	priority int
	profile  object
	updated  time.Time
}

// assigned is the assignment of a group to the app, or nil.
func (a *app) assigned(groupID string) *assignment {
	for _, candidate := range a.assignments {
		if candidate.group.id == groupID {
			return candidate
		}
	}
	return nil
}

func (a *app) unassign(groupID string) {
	a.assignments = slices.DeleteFunc(a.assignments, func(x *assignment) bool { return x.group.id == groupID })
}

func (o *Org) assignmentView(r *http.Request, a *app, x *assignment) object {
	path := "/api/v1/apps/" + a.id
	view := object{
		"id": x.group.id, "lastUpdated": timestamp(x.updated), "priority": x.priority, "profile": clone(x.profile),
		"_links": object{
			"app":   o.href(path),
			"self":  o.href(path + "/groups/" + x.group.id),
			"group": o.href("/api/v1/groups/" + x.group.id),
		},
	}
	if r.URL.Query().Get("expand") == "group" {
		view["_embedded"] = object{"group": o.groupView(x.group)}
	}
	return view
}

func (o *Org) listAssignments(r *http.Request) answer {
	return o.withApp(r, func(a *app) answer {
		var entries []entry
		q := r.URL.Query().Get("q")
		for _, e := range o.listed(r, listOfAssignments(a), o.assignmentEntries(a)) {
			if hasPrefixFold(e.name, q) {
				entries = append(entries, e)
			}
		}
		return o.page(r, pageLimits{standard: 20, most: 200}, "00g", entries)
	})
}

func (o *Org) assignmentEntries(a *app) []entry {
	entries := []entry{}
	for _, x := range a.assignments {
		entries = append(entries, o.assignmentEntry(a, x))
	}
	return entries
}

func (o *Org) assignmentEntry(a *app, x *assignment) entry {
	view := func(r *http.Request) object { return o.assignmentView(r, a, x) }
	return entry{id: x.group.id, name: x.group.name(), sequence: x.sequence, view: view}
}

func (o *Org) getAssignment(r *http.Request) answer {
	return o.withApp(r, func(a *app) answer {
		id := r.PathValue("groupId")
		x := a.assigned(id)
		if x == nil {
			return notFound(id, "ApplicationGroupAssignment")
		}
		return success(o.assignmentView(r, a, x))
	})
}

func (o *Org) assignGroup(r *http.Request) answer {
	return o.withApp(r, func(a *app) answer {
		if a.status != active {
			return notFound(a.id, "AppInstance")
		}
		if everybody(a) {
			return invalid("GroupAppAssignment",
				"It is not possible to assign groups to an AppInstance that has Federation Broker Mode enabled")
		}
		return o.withGroup(r, func(g *group) answer {
			body, err := readObject(r)
			if err != nil {
				return malformed()
			}
			priority, refusal := readPriority(body)
			if refusal != nil {
				return *refusal
			}
			x := o.assign(a, g, priority)
			if profile, ok := body["profile"].(object); ok {
				x.profile = profile
			}
			return success(o.assignmentView(r, a, x))
		})
	})
}

// readPriority is the priority that a caller wants, or 0 where none is given. To ask for 0 is an error
// that Okta doesn't explain.
func readPriority(body object) (int, *answer) {
	given, present := body["priority"]
	if !present || given == nil {
		return 0, nil
	}
	number, ok := given.(json.Number)
	priority, err := number.Int64()
	if !ok || err != nil || priority < 0 || priority > 100_000 {
		return 0, invalidPointer("priority", "priority: The value must be a number from 1 to 100000.")
	}
	if priority == 0 {
		refusal := internalError()
		return 0, &refusal
	}
	return int(priority), nil
}

// assign gives the app to a group, or changes what it was given with. The first group without a priority gets 0. What Okta
// gives the next isn't recorded; here it comes last. Two groups may have the same priority: no one loses theirs.
func (o *Org) assign(a *app, g *group, priority int) *assignment {
	x := a.assigned(g.id)
	if x == nil {
		x = &assignment{group: g, sequence: o.nextSequence(), profile: object{}, priority: a.nextPriority()}
		a.assignments = append(a.assignments, x)
	}
	if priority > 0 {
		x.priority = priority
	}
	x.updated = o.now()
	return x
}

func (a *app) nextPriority() int {
	next := 0
	for _, x := range a.assignments {
		next = max(next, x.priority+1)
	}
	return next
}

func (o *Org) unassignGroup(r *http.Request) answer {
	return o.withApp(r, func(a *app) answer {
		id := r.PathValue("groupId")
		if a.assigned(id) == nil {
			return notFound(id, "ApplicationGroupAssignment")
		}
		a.unassign(id)
		return noContent()
	})
}

package okta

import (
	"fmt"
	"slices"
)

// What follows is for tests: what somebody does in the admin console while a client of ours isn't looking.

// CreateGroup makes a group and returns its id. Unlike the API, it makes groups of any type and name.
func (o *Org) CreateGroup(seed Group) string {
	defer o.change()()
	return o.addGroup(seed).id
}

// DeleteGroup deletes a group, also from the apps that it is assigned to.
func (o *Org) DeleteGroup(id string) error {
	defer o.change()()
	g := o.findGroup(id)
	if g == nil {
		return fmt.Errorf("okta: no group %q", id)
	}
	o.removeGroup(g)
	return nil
}

// GroupID is the id of the first group with a name; "" if there is none.
func (o *Org) GroupID(name string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, g := range o.store.groups {
		if g.name() == name {
			return g.id
		}
	}
	return ""
}

// AddUser adds a person to the org.
func (o *Org) AddUser(seed User) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.addUser(seed)
}

// CreateApp makes an active app of a body as POST /api/v1/apps takes it, and returns its id.
func (o *Org) CreateApp(body map[string]any) (string, error) {
	defer o.change()()
	a, refusal := o.addApp(body, active)
	if refusal != nil {
		return "", fmt.Errorf("okta: %v", refusal.body)
	}
	return a.id, nil
}

// DeleteApp deletes an app, whatever its status.
func (o *Org) DeleteApp(id string) error {
	return o.editApp(id, func(a *app) error { o.removeApp(a); return nil })
}

// RenameApp changes an app's label.
func (o *Org) RenameApp(id, label string) error {
	return o.EditApp(id, func(body map[string]any) { body["label"] = label })
}

// EditApp changes what an app says of itself, such as settings and profile, in place.
func (o *Org) EditApp(id string, edit func(body map[string]any)) error {
	return o.editApp(id, func(a *app) error { edit(a.body); return nil })
}

// SetAppStatus makes an app ACTIVE or INACTIVE.
func (o *Org) SetAppStatus(id, status string) error {
	return o.editApp(id, func(a *app) error {
		if status != active && status != inactive {
			return fmt.Errorf("okta: status %q: want %s or %s", status, active, inactive)
		}
		a.status = status
		return nil
	})
}

// AssignGroup assigns a group to an app.
func (o *Org) AssignGroup(appID, groupID string) error {
	return o.editApp(appID, func(a *app) error {
		g := o.findGroup(groupID)
		if g == nil {
			return fmt.Errorf("okta: no group %q", groupID)
		}
		o.assign(a, g, 0)
		return nil
	})
}

// SetAssignment changes how a group is assigned to an app. Another group that has the priority keeps it.
func (o *Org) SetAssignment(appID, groupID string, priority int, profile map[string]any) error {
	return o.editApp(appID, func(a *app) error {
		g := o.findGroup(groupID)
		if g == nil || a.assigned(groupID) == nil {
			return fmt.Errorf("okta: group %q isn't assigned to app %q", groupID, appID)
		}
		o.assign(a, g, priority).profile = profile
		return nil
	})
}

// UnassignGroup takes an app away from a group.
func (o *Org) UnassignGroup(appID, groupID string) error {
	return o.editApp(appID, func(a *app) error {
		if a.assigned(groupID) == nil {
			return fmt.Errorf("okta: group %q isn't assigned to app %q", groupID, appID)
		}
		a.unassign(groupID)
		return nil
	})
}

// AddMember puts a person into a group. Unlike a seed it tells groups apart that have the same name.
func (o *Org) AddMember(groupID, login string) error {
	defer o.change()()
	g := o.findGroup(groupID)
	for _, u := range o.store.users {
		if g != nil && u.seed.Login == login {
			u.groups, g.membership = append(u.groups, g), o.now()
			return nil
		}
	}
	return fmt.Errorf("okta: no group %q, or no user %q", groupID, login)
}

// AssignedGroups are the names of the groups that an app is assigned to.
func (o *Org) AssignedGroups(appID string) (names []string) {
	_ = o.editApp(appID, func(a *app) error {
		for _, each := range a.assignments {
			names = append(names, each.group.name())
		}
		return nil
	})
	return names
}

// SetGroupsClaim sets which groups an app's ID tokens tell; an empty filter type means none.
func (o *Org) SetGroupsClaim(appID, filterType, value string) error {
	return o.editApp(appID, func(a *app) error {
		if filterType == "" {
			a.claim = nil
			return nil
		}
		a.claim = &claim{issuerMode: "ORG_URL", valueType: "GROUPS", name: "groups", filterType: filterType, value: value}
		return nil
	})
}

// AppIDs are the ids of the apps with a label, in the order of their creation.
func (o *Org) AppIDs(label string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var ids []string
	for _, a := range o.store.apps {
		if a.label() == label {
			ids = append(ids, a.id)
		}
	}
	return slices.Clip(ids)
}

func (o *Org) editApp(id string, edit func(*app) error) error {
	defer o.change()()
	a := o.findApp(id)
	if a == nil {
		return fmt.Errorf("okta: no app %q", id)
	}
	a.updated = o.now()
	return edit(a)
}

// change locks the org for a change. What it returns has lists that lag remember the change, and unlocks.
func (o *Org) change() (done func()) {
	o.mu.Lock()
	return func() {
		defer o.mu.Unlock()
		o.remember(o.clock())
	}
}

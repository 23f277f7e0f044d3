package okta

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// everyone is the name of the group that every org has, and everybody is in.
const everyone = "Everyone"

// mostFound is how many groups a search by q finds at most, whatever the limit. There is no next page.
const mostFound = 300

// The types of groups: Okta's own, those that it has by itself, and those that come from a directory or another app.
const (
	oktaGroup    = "OKTA_GROUP"
	builtInGroup = "BUILT_IN"
	appGroup     = "APP_GROUP"
)

type group struct {
	id       string
	sequence int
	kind     string
	// source is the type of what it comes from, such as active_directory; OKTA for Okta itself.
	source  string
	profile object
	owners  []object
	created time.Time
	// updated is when the group's profile was last changed, membership is when its members were.
	updated, membership time.Time
}

func (g *group) name() string { return text(g.profile, "name") }

func (o *Org) seedGroups() {
	seeds := append([]Group{{Name: everyone, Description: "All users in your organization", Type: builtInGroup}},
		o.config.Groups...)
	for _, seed := range seeds {
		if seed.Name == everyone && seed.Type != builtInGroup {
			continue
		}
		g := o.addGroup(seed)
		// Seeded groups may share a name, as groups of different sources do: their place tells them apart.
		g.id = o.stableID("00g", seed.Name+" "+strconv.Itoa(len(o.store.groups)))
	}
}

func (o *Org) addGroup(seed Group) *group {
	g := &group{kind: cmp.Or(seed.Type, oktaGroup), source: oktaSource, created: o.now()}
	g.updated, g.membership = g.created, g.created
	if g.kind == appGroup {
		g.source = cmp.Or(seed.Source, "active_directory")
	}
	g.profile = object{"name": seed.Name, "description": seed.Description}
	g.id, g.sequence = o.newID("00g")
	o.store.groups = append(o.store.groups, g)
	return g
}

func (o *Org) findGroup(id string) *group {
	for _, g := range o.store.groups {
		if g.id == id {
			return g
		}
	}
	return nil
}

func (o *Org) withGroup(r *http.Request, serve func(*group) answer) answer {
	id := r.PathValue("groupId")
	g := o.findGroup(id)
	if g == nil {
		return notFound(id, "UserGroup")
	}
	return serve(g)
}

func (o *Org) groupView(g *group) object {
	path := "/api/v1/groups/" + g.id
	links := object{
		"logo": []object{
			{"name": "medium", "href": o.url + "/assets/img/logos/groups/okta-medium.png", "type": "image/png"},
			{"name": "large", "href": o.url + "/assets/img/logos/groups/okta-large.png", "type": "image/png"},
		},
		"users": o.href(path + "/users"),
		"apps":  o.href(path + "/apps"),
	}
	if o.config.OIE {
		links["owners"] = o.href(path + "/owners")
	}
	objectClass := "okta:user_group"
	if g.kind == appGroup {
		objectClass = "okta:windows_security_principal"
	}
	return object{
		"id": g.id, "created": timestamp(g.created), "lastUpdated": timestamp(g.updated),
		"lastMembershipUpdated": timestamp(g.membership), "objectClass": []string{objectClass}, "type": g.kind,
		"profile": clone(g.profile), "_links": links,
	}
}

func (o *Org) getGroup(r *http.Request) answer {
	return o.withGroup(r, func(g *group) answer { return success(o.groupView(g)) })
}

func (o *Org) createGroup(r *http.Request) answer {
	body, err := readObject(r)
	if err != nil {
		return malformed()
	}
	if refusal := o.checkGroupName(body, nil); refusal != nil {
		return *refusal
	}
	g := o.addGroup(Group{Name: text(body, "profile", "name")})
	g.profile = overlay(g.profile, clone(body["profile"].(object)))
	return success(o.groupView(g))
}

// checkGroupName refuses a body whose group's name is none, or another's of Okta's own groups.
func (o *Org) checkGroupName(body object, but *group) *answer {
	name := text(body, "profile", "name")
	taken := func(g *group) bool { return g != but && g.name() == name && g.kind != appGroup }
	switch {
	case name == "":
		return invalidPointer("name", "name: The field cannot be left blank")
	case len(name) > 255:
		return invalidPointer("name", "name: The field is too long")
	case slices.ContainsFunc(o.store.groups, taken):
		return invalidPointer("name", "name: An object with this field already exists in the current organization")
	}
	return nil
}

// replaceGroup replaces the profile of one of Okta's own groups. Others can't be changed here, a name neither.
func (o *Org) replaceGroup(r *http.Request) answer {
	return o.withGroup(r, func(g *group) answer {
		body, err := readObject(r)
		if err != nil {
			return malformed()
		}
		if g.kind != oktaGroup {
			return accessDenied()
		}
		if refusal := o.checkGroupName(body, g); refusal != nil {
			return *refusal
		}
		g.profile, g.updated = overlay(object{"description": ""}, clone(body["profile"].(object))), o.now()
		return success(o.groupView(g))
	})
}

func (o *Org) deleteGroup(r *http.Request) answer {
	return o.withGroup(r, func(g *group) answer {
		if g.kind != oktaGroup {
			return accessDenied()
		}
		o.removeGroup(g)
		return noContent()
	})
}

// removeGroup takes the group out of the org, of everybody's groups and of every app.
func (o *Org) removeGroup(g *group) {
	o.store.groups = slices.DeleteFunc(o.store.groups, func(other *group) bool { return other == g })
	for _, u := range o.store.users {
		u.groups = slices.DeleteFunc(u.groups, func(other *group) bool { return other == g })
	}
	for _, a := range o.store.apps {
		a.unassign(g.id)
	}
}

func (o *Org) listGroupApps(r *http.Request) answer {
	return o.withGroup(r, func(g *group) answer {
		var entries []entry
		for _, a := range o.store.apps {
			if a.assigned(g.id) != nil {
				entries = append(entries, o.appEntry(a))
			}
		}
		return o.page(r, pageLimits{standard: 20, most: 200}, "0oa", entries)
	})
}

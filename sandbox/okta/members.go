package okta

import (
	"net/http"
	"slices"
)

func (o *Org) userEntry(u *user) entry {
	return entry{id: u.id, name: u.seed.Login, sequence: u.sequence, view: func(*http.Request) object { return o.userView(u) }}
}

func (o *Org) listMembers(r *http.Request) answer {
	return o.withGroup(r, func(g *group) answer {
		var entries []entry
		for _, u := range o.store.users {
			if slices.Contains(u.groups, g) {
				entries = append(entries, o.userEntry(u))
			}
		}
		return o.page(r, pageLimits{standard: 1000, most: 1000}, "00u", entries)
	})
}

// withMember serves a change of one person's membership. Only those of Okta's own groups can be changed.
func (o *Org) withMember(r *http.Request, change func(*group, *user)) answer {
	return o.withGroup(r, func(g *group) answer {
		u := o.findUser(r.PathValue("userId"))
		switch {
		case u == nil:
			return notFound(r.PathValue("userId"), "User")
		case g.kind != oktaGroup:
			return accessDenied()
		}
		change(g, u)
		return noContent()
	})
}

func (o *Org) addMember(r *http.Request) answer {
	return o.withMember(r, func(g *group, u *user) {
		if !slices.Contains(u.groups, g) {
			u.groups, g.membership = append(u.groups, g), o.now()
		}
	})
}

func (o *Org) removeMember(r *http.Request) answer {
	return o.withMember(r, func(g *group, u *user) {
		if slices.Contains(u.groups, g) {
			u.groups, g.membership = slices.DeleteFunc(u.groups, func(other *group) bool { return other == g }), o.now()
		}
	})
}

func (o *Org) listUserGroups(r *http.Request) answer {
	return o.withUser(r, func(u *user) answer {
		var entries []entry
		for _, g := range o.store.groups {
			if slices.Contains(u.groups, g) {
				entries = append(entries, o.groupEntry(g))
			}
		}
		return o.page(r, pageLimits{standard: 10_000, most: 10_000}, "00g", entries)
	})
}

package okta

import (
	"net/http"
	"slices"
	"time"
)

// appUser lets a person use an app without a group.
type appUser struct {
	person   *user
	sequence int
	userName string
	profile  object
	created  time.Time
	updated  time.Time
}

// userOf is a person's own assignment to the app, or nil.
func (a *app) userOf(u *user) *appUser {
	for _, x := range a.users {
		if x.person == u {
			return x
		}
	}
	return nil
}

// groupOf is the first of a person's groups that may use the app, or nil.
func (a *app) groupOf(u *user) *assignment {
	for _, x := range a.assignments {
		if slices.Contains(u.groups, x.group) {
			return x
		}
	}
	return nil
}

// appUserView is a person as a user of the app: by themselves, or else by a group. It is nil where they may not use it.
func (o *Org) appUserView(r *http.Request, a *app, u *user) object {
	own, group := a.userOf(u), a.groupOf(u)
	if own == nil && group == nil {
		return nil
	}
	links := object{"app": o.href("/api/v1/apps/" + a.id), "user": o.href("/api/v1/users/" + u.id)}
	scope, shown := "USER", own
	if own == nil {
		scope, shown = "GROUP", &appUser{userName: u.seed.Login, profile: group.profile, created: group.updated, updated: group.updated}
		links["group"] = object{"href": o.url + "/api/v1/groups/" + group.group.id, "name": group.group.name()}
	}
	view := object{
		"id": u.id, "externalId": nil, "created": timestamp(shown.created), "lastUpdated": timestamp(shown.updated), "scope": scope,
		"status": active, "statusChanged": timestamp(shown.created), "passwordChanged": nil, "syncState": "DISABLED",
		"credentials": object{"userName": shown.userName}, "profile": clone(shown.profile), "_links": links,
	}
	if r.URL.Query().Get("expand") == "user" {
		view["_embedded"] = object{"user": o.userView(u)}
	}
	return view
}

func (o *Org) listAppUsers(r *http.Request) answer {
	return o.withApp(r, func(a *app) answer {
		var entries []entry
		q := r.URL.Query().Get("q")
		for _, u := range o.store.users {
			found := slices.ContainsFunc([]string{u.seed.Login, u.seed.Email, u.seed.FirstName, u.seed.LastName}, func(text string) bool {
				return hasPrefixFold(text, q)
			})
			if found && o.appUserView(r, a, u) != nil {
				view := func(r *http.Request) object { return o.appUserView(r, a, u) }
				entries = append(entries, entry{id: u.id, name: u.seed.Login, sequence: u.sequence, view: view})
			}
		}
		return o.page(r, pageLimits{standard: 50, most: 500}, "00u", entries)
	})
}

// withAppUser serves an endpoint of one user of an app.
func (o *Org) withAppUser(r *http.Request, serve func(*app, *user) answer) answer {
	return o.withApp(r, func(a *app) answer {
		id := r.PathValue("userId")
		if u := o.findUser(id); u != nil && o.appUserView(r, a, u) != nil {
			return serve(a, u)
		}
		return notFound(id, "AppUser")
	})
}

func (o *Org) getAppUser(r *http.Request) answer {
	return o.withAppUser(r, func(a *app, u *user) answer { return success(o.appUserView(r, a, u)) })
}

// assignUser lets a person use the app. One who may by a group already, may by themselves from then on.
func (o *Org) assignUser(r *http.Request) answer {
	return o.withApp(r, func(a *app) answer {
		body, err := readObject(r)
		if err != nil {
			return malformed()
		}
		id := text(body, "id")
		u := o.findUser(id)
		switch {
		case a.status != active:
			return notFound(a.id, "AppInstance")
		case id == "":
			return invalid("id", "id: The field cannot be left blank")
		case u == nil:
			return notFound(id, "User")
		}
		return o.setAppUser(r, a, u, body)
	})
}

// updateAppUser changes what the body has, and leaves the rest as it is.
func (o *Org) updateAppUser(r *http.Request) answer {
	return o.withAppUser(r, func(a *app, u *user) answer {
		body, err := readObject(r)
		if err != nil {
			return malformed()
		}
		return o.setAppUser(r, a, u, body)
	})
}

func (o *Org) setAppUser(r *http.Request, a *app, u *user, body object) answer {
	x := a.userOf(u)
	if x == nil {
		x = &appUser{person: u, sequence: o.nextSequence(), userName: u.seed.Login, profile: object{}, created: o.now()}
		a.users = append(a.users, x)
	}
	if name := text(body, "credentials", "userName"); name != "" {
		x.userName = name
	}
	if profile, given := body["profile"].(object); given {
		x.profile = overlay(x.profile, profile)
	}
	x.updated = o.now()
	return success(o.appUserView(r, a, u))
}

// unassignUser takes the app from a person, unless a group gives it to them.
func (o *Org) unassignUser(r *http.Request) answer {
	return o.withAppUser(r, func(a *app, u *user) answer {
		if a.groupOf(u) != nil {
			return refuse(http.StatusForbidden, "E0000046", "Deactivate application for user forbidden.",
				"The application cannot be unassigned from the user while their group memberships grant them access.")
		}
		a.users = slices.DeleteFunc(a.users, func(x *appUser) bool { return x.person == u })
		return noContent()
	})
}

// listFeatures refuses: the org's apps have no provisioning. Okta documents that it answers with an error then, but not which.
func (o *Org) listFeatures(r *http.Request) answer {
	return o.withApp(r, func(*app) answer {
		return invalid("provisioning", "Provisioning isn't enabled for the application.")
	})
}

// getConnection tells of the provisioning of an app that has none in Okta's catalogue.
func (o *Org) getConnection(r *http.Request) answer {
	return o.withApp(r, func(a *app) answer {
		return success(object{
			"authScheme": "UNKNOWN", "status": "UNKNOWN",
			"_links": object{"self": o.href("/api/v1/apps/"+a.id+"/connections/default", "GET", "POST")},
		})
	})
}

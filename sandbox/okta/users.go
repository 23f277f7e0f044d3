package okta

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

type user struct {
	id       string
	sequence int
	seed     User
	groups   []*group
	// updated is when the profile was changed; zero where it never was.
	updated time.Time
}

func (o *Org) seedUsers() {
	for _, seed := range o.config.Users {
		o.addUser(seed)
	}
}

// addUser puts a person into Everyone and into the groups that the seed names.
func (o *Org) addUser(seed User) *user {
	if seed.Login == "" {
		seed.Login = seed.Email
	}
	if seed.Email == "" {
		seed.Email = seed.Login
	}
	u := &user{seed: seed}
	u.id, u.sequence = o.seedID("00u", seed.Login)
	for _, g := range o.store.groups {
		if g.name() == everyone || slices.Contains(seed.Groups, g.name()) {
			u.groups = append(u.groups, g)
		}
	}
	o.store.users = append(o.store.users, u)
	return u
}

func (o *Org) findUser(id string) *user {
	for _, u := range o.store.users {
		if u.id == id {
			return u
		}
	}
	return nil
}

// signIn finds the person with a login and a password. The login may be in any case.
func (o *Org) signIn(login, password string) *user {
	for _, u := range o.store.users {
		if strings.EqualFold(u.seed.Login, login) && u.seed.Password == password && password != "" {
			return u
		}
	}
	return nil
}

func (u *user) name() string { return strings.TrimSpace(u.seed.FirstName + " " + u.seed.LastName) }

func (u *user) groupNames() []string {
	names := []string{}
	for _, g := range u.groups {
		names = append(names, g.name())
	}
	slices.Sort(names)
	return names
}

// mayUse reports whether an app lets the person in: by themselves, through one of their groups, or because it lets everybody in.
func (u *user) mayUse(a *app) bool {
	return everybody(a) || a.userOf(u) != nil || slices.ContainsFunc(u.groups, func(g *group) bool { return a.assigned(g.id) != nil })
}

// everybody reports whether the app is in Federation Broker Mode: whoever is in the org may use it.
func everybody(a *app) bool {
	mode, _ := value(a.body, "settings", "implicitAssignment").(bool)
	return mode
}

// userView is a person as the API shows them.
func (o *Org) userView(u *user) object {
	path := "/api/v1/users/" + u.id
	since := timestamp(o.store.created)
	updated := since
	if !u.updated.IsZero() {
		updated = timestamp(u.updated)
	}
	return object{
		"id": u.id, "status": active, "created": since, "activated": since, "statusChanged": since, "lastLogin": nil, "lastUpdated": updated,
		"passwordChanged": since, "type": object{"id": o.stableID("oty", "user")},
		"profile": object{
			"firstName": u.seed.FirstName, "lastName": u.seed.LastName, "login": u.seed.Login, "email": u.seed.Email,
			"mobilePhone": nil, "secondEmail": nil,
		},
		"credentials": object{"password": object{}, "provider": object{"type": "OKTA", "name": "OKTA"}},
		"_links":      object{"self": o.href(path)},
	}
}

func (o *Org) listUsers(r *http.Request) answer {
	search, refusal := querySearch(r, all([]string{"id", "status", "profile.login", "profile.email", "profile.firstName", "profile.lastName"},
		[]string{"eq", "sw", "co"}))
	if refusal != nil {
		return *refusal
	}
	var entries []entry
	for _, u := range o.store.users {
		view := o.userView(u)
		field := func(name string) string { return text(view, strings.Split(name, ".")...) }
		if search.matches(field) {
			entries = append(entries, o.userEntry(u))
		}
	}
	return o.page(r, pageLimits{standard: 200, most: 200}, "00u", entries)
}

// administrator is the person whose API token it is.
func (o *Org) administrator() *user {
	login := "administrator@" + o.config.Name + ".example"
	return &user{id: o.stableID("00u", login), seed: User{Login: login, Email: login, FirstName: "Org", LastName: "Administrator"}}
}

func (o *Org) getUser(r *http.Request) answer {
	return o.withUser(r, func(u *user) answer { return success(o.userView(u)) })
}

// withUser serves an endpoint of one person, whom an id or a login names, or me.
func (o *Org) withUser(r *http.Request, serve func(*user) answer) answer {
	id := r.PathValue("userId")
	if id == "me" {
		return serve(o.administrator())
	}
	for _, u := range o.store.users {
		if u.id == id || u.seed.Login == id {
			return serve(u)
		}
	}
	return notFound(id, "User")
}

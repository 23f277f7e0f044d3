package okta

import (
	"net/http"
	"strings"
)

// updateUser changes those attributes of a person's profile that the body has, and leaves the others as they are.
func (o *Org) updateUser(r *http.Request) answer {
	return o.withUser(r, func(u *user) answer {
		body, err := readObject(r)
		if err != nil {
			return malformed()
		}
		profile, _ := body["profile"].(object)
		changed := u.seed
		for name, attribute := range map[string]*string{
			"firstName": &changed.FirstName, "lastName": &changed.LastName, "email": &changed.Email, "login": &changed.Login,
		} {
			given, has := profile[name]
			value, isText := given.(string)
			switch {
			case !has:
			case !isText || value == "":
				return invalid(name, name+": The field cannot be left blank")
			default:
				*attribute = value
			}
		}
		if r.PathValue("userId") == "me" { // the administrator isn't one of the org's people here
			return accessDenied()
		}
		if o.hasLogin(changed.Login, u) {
			return invalid("login", "login: An object with this field already exists in the current organization")
		}
		u.seed, u.updated = changed, o.now()
		return success(o.userView(u))
	})
}

// hasLogin reports whether another person has the login, in any case of letters.
func (o *Org) hasLogin(login string, but *user) bool {
	for _, u := range o.store.users {
		if u.id != but.id && strings.EqualFold(u.seed.Login, login) {
			return true
		}
	}
	return false
}

package okta

import (
	"net/http"
	"slices"
)

// addOwner makes a person or a group an owner of a group.
func (o *Org) addOwner(r *http.Request) answer {
	return o.withGroup(r, func(g *group) answer {
		body, err := readObject(r)
		if err != nil {
			return malformed()
		}
		id, kind := text(body, "id"), text(body, "type")
		name, found := o.ownerName(id, kind)
		switch {
		case kind != "USER" && kind != "GROUP":
			return invalid("type", "type: The type must be USER or GROUP.")
		case !found:
			return notFound(id, map[string]string{"USER": "User", "GROUP": "UserGroup"}[kind])
		case slices.ContainsFunc(g.owners, func(owner object) bool { return owner["id"] == id }):
			return invalid("owner", "Provided owner is already assigned to this group")
		}
		owner := object{
			"id": id, "type": kind, "displayName": name, "resolved": true, "originId": nil, "originType": "OKTA_DIRECTORY",
			"lastUpdated": timestamp(o.now()),
		}
		g.owners = append(g.owners, owner)
		return created(owner)
	})
}

// ownerName is what an owner is called, and whether there is such a person or group.
func (o *Org) ownerName(id, kind string) (name string, found bool) {
	if u := o.findUser(id); u != nil && kind == "USER" {
		return u.name(), true
	}
	if g := o.findGroup(id); g != nil && kind == "GROUP" {
		return g.name(), true
	}
	return "", false
}

func (o *Org) listOwners(r *http.Request) answer {
	return o.withGroup(r, func(g *group) answer { return success(append([]object{}, g.owners...)) })
}

func (o *Org) removeOwner(r *http.Request) answer {
	return o.withGroup(r, func(g *group) answer {
		id := r.PathValue("ownerId")
		at := slices.IndexFunc(g.owners, func(owner object) bool { return owner["id"] == id })
		if at < 0 {
			return notFound(id, "GroupOwner")
		}
		g.owners = slices.Delete(g.owners, at, at+1)
		return noContent()
	})
}

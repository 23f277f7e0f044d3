package cloudflare

import "github.com/google/uuid"

var groupEndpoints = map[string]endpoint{
	"GET groups":         {"idp:read", listGroups},
	"POST groups":        {"idp:write", createGroup},
	"GET groups/{id}":    {"idp:read", getGroup},
	"PUT groups/{id}":    {"idp:write", updateGroup},
	"DELETE groups/{id}": {"idp:write", deleteGroup},
}

func listGroups(c *call) reply { return c.page(c.listed(listOfGroups), 100, 1000) }

func getGroup(c *call) reply {
	stored, found := c.account.groups.get(c.PathValue("id"))
	if !found {
		return failNotFound()
	}
	return ok(stored)
}

func createGroup(c *call) reply {
	stored, refusal := readGroup(c)
	if refusal != nil {
		return *refusal
	}
	stored["created_at"], stored["updated_at"] = c.api.now(), c.api.now()
	c.account.groups.put(uuid.NewString(), stored)
	return created(stored)
}

func updateGroup(c *call) reply {
	before, found := c.account.groups.get(c.PathValue("id"))
	if !found {
		return failNotFound()
	}
	stored, refusal := readGroup(c)
	if refusal != nil {
		return *refusal
	}
	stored["created_at"], stored["updated_at"] = before["created_at"], c.api.now()
	c.account.groups.put(c.PathValue("id"), stored)
	return ok(stored)
}

func deleteGroup(c *call) reply {
	if _, found := c.account.groups.get(c.PathValue("id")); !found {
		return failNotFound()
	}
	c.account.groups.remove(c.PathValue("id"))
	return accepted(c.PathValue("id"))
}

func readGroup(c *call) (resource, *reply) {
	sent, refusal := c.body()
	if refusal != nil {
		return nil, refusal
	}
	stored := only(sent, "name", "is_default")
	if text(stored, "name") == "" {
		refusal := failInvalid("name is required")
		return nil, &refusal
	}
	return stored, c.account.readRules(sent, stored)
}

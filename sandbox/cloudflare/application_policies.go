package cloudflare

import (
	"slices"

	"github.com/google/uuid"
)

// applicationPolicyEndpoints are those of policies that belong to one application only, which Cloudflare
// calls legacy.
var applicationPolicyEndpoints = map[string]endpoint{
	"GET apps/{app}/policies":         {"apps:read", listApplicationPolicies},
	"POST apps/{app}/policies":        {"apps:write", createApplicationPolicy},
	"GET apps/{app}/policies/{id}":    {"apps:read", getApplicationPolicy},
	"PUT apps/{app}/policies/{id}":    {"apps:write", updateApplicationPolicy},
	"DELETE apps/{app}/policies/{id}": {"apps:write", deleteApplicationPolicy},
}

func listApplicationPolicies(c *call) reply {
	application, found := c.account.applications.get(c.PathValue("app"))
	if !found {
		return failUnknownApplication()
	}
	shown := []resource{}
	for _, policy := range list(c.account.showApplication(application), "policies") {
		fields, _ := policy.(resource)
		shown = append(shown, fields)
	}
	return c.page(shown, 100, 1000)
}

func createApplicationPolicy(c *call) reply {
	application, found := c.account.applications.get(c.PathValue("app"))
	if !found {
		return failUnknownApplication()
	}
	sent, refusal := c.body()
	if refusal != nil {
		return *refusal
	}
	stored, refusal := c.account.newPolicy(sent)
	if refusal != nil {
		return *refusal
	}
	link, refusal := place(application, linked{uuid.NewString(), precedence(sent)})
	if refusal != nil {
		return *refusal
	}
	stored[owner] = c.PathValue("app")
	stored["created_at"], stored["updated_at"] = c.api.now(), c.api.now()
	c.account.policies.put(link.id, stored)
	return created(c.showOwned(stored, link))
}

func getApplicationPolicy(c *call) reply {
	_, stored, link, refusal := c.owned()
	if refusal != nil {
		return *refusal
	}
	return ok(c.showOwned(stored, link))
}

// updateApplicationPolicy leaves a reusable policy alone: that is changed at its own address.
func updateApplicationPolicy(c *call) reply {
	application, before, link, refusal := c.owned()
	if refusal != nil {
		return *refusal
	}
	if text(before, owner) == "" {
		return failInvalid("can not update reusable policies through this endpoint")
	}
	sent, refusal := c.body()
	if refusal != nil {
		return *refusal
	}
	stored, refusal := c.account.newPolicy(sent)
	if refusal != nil {
		return *refusal
	}
	if wanted := precedence(sent); wanted > 0 {
		link.precedence = wanted
	}
	if link, refusal = place(application, link); refusal != nil {
		return *refusal
	}
	stored[owner], stored["created_at"], stored["updated_at"] = before[owner], before["created_at"], c.api.now()
	c.account.policies.put(link.id, stored)
	return ok(c.showOwned(stored, link))
}

// deleteApplicationPolicy detaches the policy; one that belongs to the application only is gone with that.
func deleteApplicationPolicy(c *call) reply {
	application, stored, link, refusal := c.owned()
	if refusal != nil {
		return *refusal
	}
	setLinks(application, slices.DeleteFunc(links(application), func(other linked) bool { return other.id == link.id }))
	if text(stored, owner) != "" {
		c.account.policies.remove(link.id)
	} else {
		c.account.lag[link.id] = c.api.config.DetachLag
	}
	return accepted(link.id)
}

// owned finds the application and its policy.
func (c *call) owned() (application, policy resource, link linked, refusal *reply) {
	application, found := c.account.applications.get(c.PathValue("app"))
	if !found {
		answer := failUnknownApplication()
		return nil, nil, linked{}, &answer
	}
	for _, link := range links(application) {
		if policy, found := c.account.policies.get(link.id); found && link.id == c.PathValue("id") {
			return application, policy, link, nil
		}
	}
	answer := failNotFound()
	return nil, nil, linked{}, &answer
}

func precedence(sent map[string]any) int {
	value, _ := sent["precedence"].(float64)
	return int(value)
}

// place gives the policy its precedence in the application: the next one when it asks for none.
func place(application resource, link linked) (linked, *reply) {
	others := slices.DeleteFunc(links(application), func(other linked) bool { return other.id == link.id })
	last := 0
	for _, other := range others {
		if other.precedence == link.precedence {
			refusal := failInvalid("policy precedences must be unique")
			return link, &refusal
		}
		last = max(last, other.precedence)
	}
	if link.precedence == 0 {
		link.precedence = last + 1
	}
	setLinks(application, append(others, link))
	return link, nil
}

func (c *call) showOwned(stored resource, link linked) resource {
	shown := c.account.showPolicy(stored)
	shown["precedence"] = link.precedence
	return shown
}

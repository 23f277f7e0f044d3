package cloudflare

import (
	"slices"

	"github.com/google/uuid"
)

var policyEndpoints = map[string]endpoint{
	"GET policies":         {"policies:read", listPolicies},
	"POST policies":        {"policies:write", createPolicy},
	"GET policies/{id}":    {"policies:read", getPolicy},
	"PUT policies/{id}":    {"policies:write", updatePolicy},
	"DELETE policies/{id}": {"policies:write", deletePolicy},
}

var decisions = []string{"allow", "deny", "non_identity", "bypass"}

// policySettings are what a policy keeps beside its rules. A reusable one has no precedence of its own.
var policySettings = []string{
	"name", "decision", "approval_groups", "approval_required", "connection_rules", "isolation_required",
	"mfa_config", "purpose_justification_prompt", "purpose_justification_required", "session_duration",
}

// owner is the key under which the policy of one application only keeps that application; not in answers.
const owner = "_application"

func listPolicies(c *call) reply {
	return c.page(c.listed(listOfPolicies), 100, 1000)
}

func (a *account) showPolicies() []resource {
	shown := []resource{}
	for _, stored := range a.policies.all() {
		if text(stored, owner) == "" {
			shown = append(shown, a.showPolicy(stored))
		}
	}
	return shown
}

func getPolicy(c *call) reply {
	stored, found := c.account.reusable(c.PathValue("id"))
	if !found {
		return failNotFound()
	}
	return ok(c.account.showPolicy(stored))
}

// createPolicy makes one more at each call: no uniqueness of names is known.
func createPolicy(c *call) reply {
	stored, refusal := readPolicy(c)
	if refusal != nil {
		return *refusal
	}
	stored["created_at"], stored["updated_at"] = c.api.now(), c.api.now()
	c.account.policies.put(uuid.NewString(), stored)
	return created(c.account.showPolicy(stored))
}

func updatePolicy(c *call) reply {
	before, found := c.account.reusable(c.PathValue("id"))
	if !found {
		return failNotFound()
	}
	stored, refusal := readPolicy(c)
	if refusal != nil {
		return *refusal
	}
	stored["created_at"], stored["updated_at"] = before["created_at"], c.api.now()
	c.account.policies.put(c.PathValue("id"), stored)
	return ok(c.account.showPolicy(stored))
}

// deletePolicy refuses while an application has the policy, and a little longer if the API is made to lag.
// The text of the real 409 wasn't captured.
func deletePolicy(c *call) reply {
	id := c.PathValue("id")
	if _, found := c.account.reusable(id); !found {
		return failNotFound()
	}
	if c.account.lag[id] > 0 || c.account.attached(id) > 0 {
		c.account.lag[id] = max(c.account.lag[id]-1, 0)
		return failConflict("the policy is attached to one or more applications")
	}
	c.account.policies.remove(id)
	return accepted(id)
}

// readPolicy checks what was sent, and keeps what the API keeps.
func readPolicy(c *call) (resource, *reply) {
	sent, refusal := c.body()
	if refusal != nil {
		return nil, refusal
	}
	return c.account.newPolicy(sent)
}

func (a *account) newPolicy(sent map[string]any) (resource, *reply) {
	stored := only(sent, policySettings...)
	withSession(stored)
	if text(stored, "name") == "" {
		refusal := failInvalid("name is required")
		return nil, &refusal
	}
	if !slices.Contains(decisions, text(stored, "decision")) {
		refusal := failInvalid("invalid 'decision'")
		return nil, &refusal
	}
	return stored, a.readRules(sent, stored)
}

// withSession gives a policy that says nothing of it how long its sessions last.
func withSession(policy resource) {
	if policy["session_duration"] == nil {
		policy["session_duration"] = "24h"
	}
}

func (a *account) reusable(id string) (resource, bool) {
	stored, found := a.policies.get(id)
	return stored, found && text(stored, owner) == ""
}

// attached counts the applications that have the policy.
func (a *account) attached(id string) int {
	count := 0
	for _, application := range a.applications.all() {
		if slices.ContainsFunc(links(application), func(link linked) bool { return link.id == id }) {
			count++
		}
	}
	return count
}

func (a *account) showPolicy(stored resource) resource {
	shown := clone(stored)
	delete(shown, owner)
	shown["reusable"] = text(stored, owner) == ""
	if text(stored, owner) == "" {
		shown["app_count"] = a.attached(text(stored, "id"))
	}
	return shown
}

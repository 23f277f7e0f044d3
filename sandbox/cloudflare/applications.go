package cloudflare

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

var applicationEndpoints = map[string]endpoint{
	"GET apps":         {"apps:read", listApplications},
	"POST apps":        {"apps:write", createApplication},
	"GET apps/{id}":    {"apps:read", getApplication},
	"PUT apps/{id}":    {"apps:write", updateApplication},
	"DELETE apps/{id}": {"apps:write", deleteApplication},
}

// listApplications takes name and domain as parts of what it looks for, unless exact is asked for; search
// looks in both.
func listApplications(c *call) reply {
	query := c.URL.Query()
	matches := func(value, wanted string) bool {
		if query.Get("exact") == "true" {
			return wanted == "" || value == wanted
		}
		return strings.Contains(strings.ToLower(value), strings.ToLower(wanted))
	}
	shown := []resource{}
	for _, application := range c.listed(listOfApplications) {
		name, domain := text(application, "name"), text(application, "domain")
		search := strings.ToLower(query.Get("search"))
		if matches(name, query.Get("name")) && matches(domain, query.Get("domain")) &&
			(query.Get("aud") == "" || query.Get("aud") == text(application, "aud")) &&
			strings.Contains(strings.ToLower(name+" "+domain), search) {
			shown = append(shown, application)
		}
	}
	return c.page(shown, 100, 1000)
}

func (a *account) showApplications() []resource {
	shown := []resource{}
	for _, stored := range a.applications.all() {
		shown = append(shown, a.showApplication(stored))
	}
	return shown
}

func getApplication(c *call) reply {
	stored, found := c.account.applications.get(c.PathValue("id"))
	if !found {
		return failUnknownApplication()
	}
	return ok(c.account.showApplication(stored))
}

func createApplication(c *call) reply {
	id := uuid.NewString()
	stored, refusal := readApplication(c, id, nil)
	if refusal != nil {
		return *refusal
	}
	stored["aud"] = randomHex(32)
	stored["created_at"], stored["updated_at"] = c.api.now(), c.api.now()
	c.account.applications.put(id, stored)
	return created(c.account.showApplication(stored))
}

// updateApplication replaces the whole, but for the policies: a body without them leaves those attached.
func updateApplication(c *call) reply {
	id := c.PathValue("id")
	before, found := c.account.applications.get(id)
	if !found {
		return failUnknownApplication()
	}
	stored, refusal := readApplication(c, id, before)
	if refusal != nil {
		return *refusal
	}
	stored["aud"], stored["created_at"], stored["updated_at"] = before["aud"], before["created_at"], c.api.now()
	c.account.applications.put(id, stored)
	c.startLag(before, stored)
	return ok(c.account.showApplication(stored))
}

// deleteApplication takes the policies that belong to this application only with it.
func deleteApplication(c *call) reply {
	id := c.PathValue("id")
	before, found := c.account.applications.get(id)
	if !found {
		return failUnknownApplication()
	}
	c.account.applications.remove(id)
	for _, policy := range c.account.policies.all() {
		if text(policy, owner) == id {
			c.account.policies.remove(text(policy, "id"))
		}
	}
	c.startLag(before, resource{})
	return accepted(id)
}

// startLag makes the deletes of policies that were just detached fail for a little longer.
func (c *call) startLag(before, after resource) {
	for _, link := range links(before) {
		if !slices.ContainsFunc(links(after), func(other linked) bool { return other.id == link.id }) {
			c.account.lag[link.id] = c.api.config.DetachLag
		}
	}
}

// newApplication has what was sent, and the defaults of what wasn't.
func newApplication(sent map[string]any) resource {
	stored := resource{
		"session_duration": "24h", "auto_redirect_to_identity": false, "app_launcher_visible": true,
		"allowed_idps": []any{}, "tags": []any{}, "policies": []any{},
	}
	for key, value := range sent {
		readOnly := slices.Contains([]string{"id", "uid", "aud", "created_at", "updated_at"}, key)
		if value != nil && value != "" && !readOnly {
			stored[key] = value
		}
	}
	if domain := text(stored, "domain"); domain != "" {
		if _, ok := stored["destinations"]; !ok {
			stored["destinations"] = []any{map[string]any{"type": "public", "uri": domain}}
		}
		if _, ok := stored["self_hosted_domains"]; !ok {
			stored["self_hosted_domains"] = []any{domain}
		}
	}
	return stored
}

// readApplication checks what was sent, and keeps what the API keeps.
func readApplication(c *call, id string, before resource) (resource, *reply) {
	sent, refusal := c.body()
	if refusal != nil {
		return nil, refusal
	}
	return c.account.checkApplication(id, sent, before)
}

// checkApplication completes what was sent, and refuses what can't be.
func (a *account) checkApplication(id string, sent map[string]any, before resource) (resource, *reply) {
	stored := newApplication(sent)
	if text(stored, "type") == "" {
		refusal := failInvalid("type is required")
		return nil, &refusal
	}
	if text(stored, "type") == "self_hosted" && text(stored, "domain") == "" {
		refusal := failInvalid("domain is required")
		return nil, &refusal
	}
	for _, other := range a.applications.all() {
		if text(other, "id") != id && text(other, "domain") != "" && text(other, "domain") == text(stored, "domain") {
			refusal := fail(409, 11010, "access.api.error.application_already_exists")
			return nil, &refusal
		}
	}
	for _, provider := range list(stored, "allowed_idps") {
		if _, found := a.providers.get(toText(provider)); !found {
			refusal := failInvalid("invalid 'allowed_idps' configuration")
			return nil, &refusal
		}
	}
	if truth(stored, "auto_redirect_to_identity") && len(list(stored, "allowed_idps")) != 1 {
		// Its description says "You must specify only one identity provider in allowed_idps"; the text of the refusal is an assumption.
		refusal := failInvalid("auto_redirect_to_identity requires exactly one identity provider in allowed_idps")
		return nil, &refusal
	}
	if sent["policies"] == nil {
		stored["policies"] = list(before, "policies")
		return stored, nil
	}
	return stored, a.attach(id, stored)
}

func toText(value any) string {
	converted, _ := value.(string)
	return converted
}

func (a *account) showApplication(stored resource) resource {
	shown := clone(stored)
	shown["uid"] = shown["id"]
	expanded := []any{}
	for _, link := range links(stored) {
		policy, found := a.policies.get(link.id)
		if !found {
			continue
		}
		embedded := a.showPolicy(policy)
		delete(embedded, "app_count")
		embedded["precedence"] = link.precedence
		expanded = append(expanded, embedded)
	}
	shown["policies"] = expanded
	return shown
}

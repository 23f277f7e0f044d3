package cloudflare

import (
	"slices"

	"github.com/google/uuid"
)

// linked is a policy as an application has it.
type linked struct {
	id         string
	precedence int
}

// links are the policies of the application, in the order in which they decide.
func links(application resource) []linked {
	found := []linked{}
	for _, value := range list(application, "policies") {
		fields, _ := value.(map[string]any)
		precedence, _ := fields["precedence"].(float64)
		found = append(found, linked{text(fields, "id"), int(precedence)})
	}
	slices.SortStableFunc(found, func(a, b linked) int { return a.precedence - b.precedence })
	return found
}

func setLinks(application resource, wanted []linked) {
	stored := []any{}
	for _, link := range wanted {
		stored = append(stored, map[string]any{"id": link.id, "precedence": float64(link.precedence)})
	}
	application["policies"] = stored
}

// attach reads the policies of an application: ids (their order is the precedence), ids with a precedence,
// or whole policies, which then belong to this application only.
func (a *account) attach(id string, application resource) *reply {
	wanted := []linked{}
	var made []resource
	for index, value := range list(application, "policies") {
		link := linked{precedence: index + 1}
		switch sent := value.(type) {
		case string:
			link.id = sent
		case map[string]any:
			link.id = text(sent, "id")
			if precedence, ok := sent["precedence"].(float64); ok && precedence > 0 {
				link.precedence = int(precedence)
			}
			if link.id == "" {
				policy, refusal := a.newPolicy(sent)
				if refusal != nil {
					return refusal
				}
				link.id = uuid.NewString()
				policy["id"], policy[owner] = link.id, id
				made = append(made, policy)
				wanted = append(wanted, link)
				continue
			}
		}
		policy, found := a.policies.get(link.id)
		if !found || (text(policy, owner) != "" && text(policy, owner) != id) {
			// What the real API says to an unknown policy isn't recorded, but to the id of something else
			// it was seen to answer 500.
			refusal := fail(500, 10001, "access.api.error.internal_server_error")
			return &refusal
		}
		wanted = append(wanted, link)
	}
	taken := map[int]bool{}
	for _, link := range wanted {
		if taken[link.precedence] {
			refusal := failInvalid("policy precedences must be unique")
			return &refusal
		}
		taken[link.precedence] = true
	}
	for _, policy := range made {
		a.policies.put(text(policy, "id"), policy)
	}
	setLinks(application, wanted)
	return nil
}

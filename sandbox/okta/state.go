package okta

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// State is everything that the org holds, for comparison: it encodes to the same JSON as long as nothing
// changed. It has no times and no tokens, and secrets are hashes only. The apps that Okta puts into
// every org are left out: nobody can change them.
func (o *Org) State() any {
	o.mu.Lock()
	defer o.mu.Unlock()
	return object{
		"apps": o.appStates(), "groups": o.groupStates(), "users": o.userStates(),
		"authorizationServers": o.authorizationServerStates(),
	}
}

func (o *Org) appStates() []object {
	states := []object{}
	for _, a := range o.store.apps {
		if a.system {
			continue
		}
		state := clone(a.body)
		state["id"], state["status"], state["accessPolicy"] = a.id, a.status, a.policy
		leaveOutDefaults(state)
		state["secrets"], state["assignments"], state["idTokenClaim"] = a.secretStates(), a.assignmentStates(), a.claimState()
		state["users"], state["federatedClaims"] = a.userStates(), a.federatedStates()
		states = append(states, state)
	}
	return sortByID(states)
}

// leaveOutDefaults takes out what an update writes out and a creation doesn't, although it means the same.
func leaveOutDefaults(state object) {
	settings, _ := state["settings"].(object)
	client, _ := settings["oauthClient"].(object)
	if client["participate_slo"] == false {
		delete(client, "participate_slo")
	}
}

func (a *app) secretStates() []object {
	states := []object{}
	for _, s := range a.secrets {
		sum := sha256.Sum256([]byte(s.text))
		states = append(states, object{"id": s.id, "status": s.status, "sha256": hex.EncodeToString(sum[:])})
	}
	return sortByID(states)
}

func (a *app) assignmentStates() []object {
	states := []object{}
	for _, x := range a.assignments {
		states = append(states, object{"id": x.group.id, "name": x.group.name(), "priority": x.priority, "profile": clone(x.profile)})
	}
	return sortByID(states)
}

func (a *app) userStates() []object {
	states := []object{}
	for _, x := range a.users {
		states = append(states, object{"id": x.person.id, "userName": x.userName, "profile": clone(x.profile)})
	}
	return sortByID(states)
}

func (a *app) federatedStates() []object {
	states := []object{}
	for _, f := range a.federated {
		states = append(states, object{"id": f.id, "name": f.name, "expression": f.expression})
	}
	return sortByID(states)
}

// claimState is nil where the app adds nothing to its ID tokens, whether that was ever said or not.
func (a *app) claimState() any {
	if a.claim == nil || a.claim.name == "" {
		return nil
	}
	return object{
		"issuerMode": a.claim.issuerMode, "valueType": a.claim.valueType, "name": a.claim.name,
		"groupFilterType": a.claim.filterType, "value": a.claim.value,
	}
}

func (o *Org) groupStates() []object {
	states := []object{}
	for _, g := range o.store.groups {
		states = append(states, object{"id": g.id, "type": g.kind, "profile": clone(g.profile), "owners": ownerIDs(g)})
	}
	return sortByID(states)
}

func ownerIDs(g *group) []string {
	ids := []string{}
	for _, owner := range g.owners {
		ids = append(ids, text(owner, "id"))
	}
	return ids
}

func (o *Org) userStates() []object {
	states := []object{}
	for _, u := range o.store.users {
		states = append(states, object{
			"id": u.id, "login": u.seed.Login, "email": u.seed.Email, "name": u.name(), "groups": u.groupNames(),
		})
	}
	return sortByID(states)
}

func (o *Org) authorizationServerStates() []object {
	states := []object{}
	for _, s := range o.store.authorizationServers {
		state := clone(s.body)
		state["id"], state["status"] = s.id, s.status
		state["claims"], state["scopes"] = customItems(s.claims), customItems(s.scopes)
		policies := customItems(s.policies)
		for _, policy := range policies {
			policy["rules"] = customItems(s.policies.rules[text(policy, "id")])
		}
		state["policies"] = policies
		states = append(states, state)
	}
	return sortByID(states)
}

// customItems leaves out what every server has.
func customItems(c *collection) []object {
	items := []object{}
	for _, item := range c.items {
		if item["system"] != true {
			state := clone(item)
			delete(state, "created") // the state has no clocks
			delete(state, "lastUpdated")
			items = append(items, state)
		}
	}
	return sortByID(items)
}

func sortByID(states []object) []object {
	slices.SortFunc(states, func(a, b object) int { return cmp.Compare(text(a, "id"), text(b, "id")) })
	return states
}

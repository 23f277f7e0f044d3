package planner

import (
	"cmp"

	"github.com/accessbridge/accessbridge/connection"
)

// notYet stands in a plan for an id that a provider gives only when the thing is created.
const notYet = "(known after it is created)"

// Diff compares what exists with what the document declares. The plan has an entry for everything that a connection
// consists of, in the order of the documented procedure; it is the same for the same input. clientID is what a new app is
// given; "" when that isn't known yet.
func Diff(spec connection.Spec, have State, clientID string) connection.Plan {
	app := WantApp(spec, have, cmp.Or(clientID, notYet))
	identityProvider := WantIdentityProvider(spec, have, app.ClientID)
	changes := []connection.Change{
		DiffApp(have.App, app), DiffClaim(have.App, app), DiffIdentityProvider(have.IdentityProvider, identityProvider),
	}
	changes = append(changes, diffGroups(have.App, app)...)
	changes = append(changes, DiffPolicy(have.Policy, WantPolicy(spec, have, cmp.Or(identityProvider.ID, notYet))))
	changes = append(changes, diffAttachments(spec, have, cmp.Or(identityProvider.ID, notYet))...)
	plan := connection.Plan{Connection: spec.Name, Changes: changes, Notes: Notes(spec, have)}
	// What the app remembers follows from all else. It is a change of its own only where there is no other.
	if memory := diffMemory(spec, have, app, identityProvider); memory.Action != connection.ActionUnchanged && len(plan.Moves()) == 0 {
		plan.Changes = append(plan.Changes, memory)
	}
	return plan
}

// diffMemory compares what the app remembers with what it is to remember once all else is as declared.
func diffMemory(spec connection.Spec, have State, app App, identityProvider IdentityProvider) connection.Change {
	policyID := cmp.Or(valueOf(have.Policy).ID, notYet)
	return DiffMemory(have.App, WantMemory(spec, have, app, cmp.Or(identityProvider.ID, notYet), policyID, HandedSecret{}))
}

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
	changes = append(changes, diffAttachments(have, app)...)
	return connection.Plan{Connection: spec.Name, Changes: changes, Notes: Notes(spec, have)}
}

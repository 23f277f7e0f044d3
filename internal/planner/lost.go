package planner

import (
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// PickLost finds what the run before had connected, and what is none of what was picked: its ids tell what it was, but someone changed it by
// hand so that it can't be told to be the connection's any more. It is never acted on, only named.
func PickLost(state *State, listed Listed, connected References) {
	known := state.References()
	lose := func(resource connection.Resource, id, name string, lost, known []string) {
		if slices.Contains(lost, id) && !slices.Contains(known, id) {
			state.Lost = append(state.Lost, Stranger{Resource: resource, ID: id, Name: name})
		}
	}
	for _, app := range listed.Apps {
		lose(connection.ResourceApp, app.ID, app.Label, connected.Apps, known.Apps)
	}
	for _, identityProvider := range listed.IdentityProviders {
		lose(connection.ResourceIdentityProvider, identityProvider.ID, identityProvider.Name, connected.IdentityProviders, known.IdentityProviders)
	}
	for _, policy := range listed.Policies {
		if valueOf(state.IdentityProvider).ID == "" || !policy.RefersTo(state.IdentityProvider.ID) { // else it is named for that
			lose(connection.ResourcePolicy, policy.ID, policy.Name, connected.Policies, known.Policies)
		}
	}
}

// lostNotes name what the run before had connected and nothing shows any more to be the connection's.
func lostNotes(have State) []string {
	var notes []string
	for _, lost := range have.Lost {
		notes = append(notes, fmt.Sprintf("%s %q (%s) was the connection's when the run before ended, and was changed by someone since so that nothing shows it any more: it is left alone, delete it by hand if nobody needs it",
			lost.Resource, lost.Name, lost.ID))
	}
	return notes
}

// unfoundNotes say what a disconnect can't know where the app's memory was taken away: a thing that was changed by hand meanwhile, so that
// nothing of the connection is in it any more, looks like anyone's.
func unfoundNotes(have State) []string {
	if len(memoryNotes(have)) == 0 {
		return nil
	}
	const says = "no %s of the connection was found; one that was renamed, and changed so that it %s, by hand can't be told from those of others: look for it in Access"
	if have.IdentityProvider == nil && !have.told(connection.ResourceIdentityProvider) {
		return []string{fmt.Sprintf(says, "identity provider", "signs in at another client")}
	}
	if have.Policy == nil && len(have.OtherPolicies) == 0 && !have.told(connection.ResourcePolicy) {
		return []string{fmt.Sprintf(says, "policy", "refers to the identity provider no more")}
	}
	return nil
}

// told reports whether something of a kind is named already that may be the connection's.
func (s State) told(resource connection.Resource) bool {
	return slices.ContainsFunc(slices.Concat(s.Lost, s.Strangers), func(each Stranger) bool { return each.Resource == resource })
}

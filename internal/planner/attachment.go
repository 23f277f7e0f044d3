package planner

import (
	"math"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// Application is an Access application, as far as a connection cares.
type Application struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain string `json:"domain"`
	// Place is where the policy stands among those of the application.
	Place
	// UsesPolicy and UsesIdentityProvider say how the application depends on the connection.
	UsesPolicy           bool `json:"uses_policy,omitempty"`
	UsesIdentityProvider bool `json:"uses_identity_provider,omitempty"`
	// SignIn is how people sign in to it.
	SignIn SignIn `json:"sign_in,omitzero"`
}

// Place is where a policy stands, or is to stand, among those of an application: they are looked at in their order.
type Place struct {
	// Position is from 0. It is what counts where none of the neighbours is there any more; a number past the end is the end.
	Position int `json:"position,omitempty" form:"position"`
	// Before and After are the policies that stand before and after it, by their ids and in their order.
	Before []string `json:"before,omitempty" form:"cloudflare"`
	After  []string `json:"after,omitempty" form:"cloudflare"`
}

// AtTheEnd is the place after all others.
var AtTheEnd = Place{Position: math.MaxInt32}

// placeOf is where the policy stands; there reports whether it is among them.
func placeOf(policyID string, policies []string) (place Place, there bool) {
	at := slices.Index(policies, policyID)
	if at < 0 {
		return Place{}, false
	}
	return Place{Position: at, Before: policies[:at], After: policies[at+1:]}, true
}

// Among is the index at which a policy takes its place among others, which may have changed since: right after the nearest of those
// that stood before it, or else right before the nearest of those that stood after it.
func (p Place) Among(others []string) int {
	for _, before := range slices.Backward(p.Before) {
		if at := slices.Index(others, before); at >= 0 {
			return at + 1
		}
	}
	for _, after := range p.After {
		if at := slices.Index(others, after); at >= 0 {
			return at
		}
	}
	return min(max(p.Position, 0), len(others))
}

// ListedApplication is an Access application, with the identity providers and policies that it uses.
type ListedApplication struct {
	Application
	Policies []string
	// OwnPolicies are those of Policies that belong to this application alone.
	OwnPolicies []AccessPolicy
	// Hostnames are what it is reached by besides its domain.
	Hostnames []string
}

// answersTo reports whether an entry of the document names the application: by its id, or by any of its hostnames.
func (a ListedApplication) answersTo(entry string) bool {
	return a.ID == entry || slices.ContainsFunc(append(a.Hostnames, a.Domain), func(name string) bool { return strings.EqualFold(name, entry) })
}

// FoundApplication is an entry of policy.applications, and the ids of the Access applications that it fits: none when
// there is no such application, several when the domain is ambiguous.
type FoundApplication struct {
	Entry string   `json:"entry"`
	IDs   []string `json:"ids"`
}

// PickApplications finds the applications that the document names, that an earlier document named, and that use the policy or
// the identity provider.
func PickApplications(spec connection.Spec, state *State, applications []ListedApplication) {
	state.Named, state.Applications = nil, nil
	named := map[string]bool{}
	for _, entry := range spec.Policy.Applications {
		found := FoundApplication{Entry: entry}
		for _, application := range applications {
			if application.answersTo(entry) {
				found.IDs = append(found.IDs, application.ID)
				named[application.ID] = true
			}
		}
		state.Named = append(state.Named, found)
	}
	for _, each := range applications {
		application := each.Application
		if state.Policy != nil {
			application.Place, application.UsesPolicy = placeOf(state.Policy.ID, each.Policies)
		}
		if state.IdentityProvider != nil {
			application.UsesIdentityProvider = slices.Contains(each.SignIn.IdentityProviders, state.IdentityProvider.ID)
		}
		before := state.App != nil && slices.Contains(state.App.Applications, each.ID)
		if named[each.ID] || before || application.UsesPolicy || application.UsesIdentityProvider {
			state.Applications = append(state.Applications, application)
		}
	}
}

// WantApplications are the ids of the applications that the document attaches its policy to.
func WantApplications(have State) []string {
	var wanted []string
	for _, named := range have.Named {
		if len(named.IDs) == 1 {
			wanted = appendNew(wanted, named.IDs[0])
		}
	}
	return wanted
}

// diffAttachments attaches the policy to the applications that the document names, and detaches it from those that an
// earlier document named. An application that somebody else attached it to is left alone.
//
// An application that the policy is attached to offers the identity provider too: people could not get in otherwise.
func diffAttachments(spec connection.Spec, have State, identityProviderID string) []connection.Change {
	before, declared := valueOf(have.App).Applications, WantApplications(have)
	var changes []connection.Change
	for _, application := range have.Applications {
		wanted := slices.Contains(declared, application.ID)
		change := connection.Change{Resource: connection.ResourceAttachment, Name: application.Domain, ID: application.ID, Action: connection.ActionUnchanged}
		switch {
		case wanted:
			change.Fields = signInFields(spec, have, application.SignIn, wantSignIn(spec, have, application, identityProviderID))
			if !application.UsesPolicy {
				change.Action = connection.ActionCreate
			} else if len(change.Fields) > 0 {
				change.Action = connection.ActionUpdate
			}
		case slices.Contains(before, application.ID):
			after, _ := withoutOffering(have, application)
			change.Fields, change.Action = signInFields(spec, have, application.SignIn, after), connection.ActionDelete
			if !application.UsesPolicy && len(change.Fields) == 0 {
				continue // someone took both away
			}
		default:
			continue
		}
		changes = append(changes, change)
	}
	return changes
}

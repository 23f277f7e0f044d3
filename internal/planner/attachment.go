package planner

import (
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// Application is an Access application, as far as a connection cares.
type Application struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Domain string `json:"domain"`
	// Position is where the policy stands among those of the application, from 0.
	Position int `json:"position,omitempty"`
	// UsesPolicy and UsesIdentityProvider say how the application depends on the connection.
	UsesPolicy           bool `json:"uses_policy,omitempty"`
	UsesIdentityProvider bool `json:"uses_identity_provider,omitempty"`
}

// ListedApplication is an Access application, with the identity providers and policies that it uses.
type ListedApplication struct {
	Application
	AllowedIdentityProviders []string
	Policies                 []string
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
	named := map[string]bool{}
	for _, entry := range spec.Policy.Applications {
		found := FoundApplication{Entry: entry}
		for _, application := range applications {
			if application.ID == entry || strings.EqualFold(application.Domain, entry) {
				found.IDs = append(found.IDs, application.ID)
				named[application.ID] = true
			}
		}
		state.Named = append(state.Named, found)
	}
	for _, each := range applications {
		application := each.Application
		if state.Policy != nil {
			application.Position = slices.Index(each.Policies, state.Policy.ID)
			application.UsesPolicy = application.Position >= 0
		}
		if state.IdentityProvider != nil {
			application.UsesIdentityProvider = slices.Contains(each.AllowedIdentityProviders, state.IdentityProvider.ID)
		}
		before := state.App != nil && slices.Contains(state.App.Applications, each.ID)
		if named[each.ID] || before || application.UsesPolicy || application.UsesIdentityProvider {
			application.Position = max(application.Position, 0)
			state.Applications = append(state.Applications, application)
		}
	}
}

// wantApplications are the ids of the applications that the document attaches its policy to.
func wantApplications(have State) []string {
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
func diffAttachments(have State) []connection.Change {
	before, declared := valueOf(have.App).Applications, wantApplications(have)
	var changes []connection.Change
	for _, application := range have.Applications {
		wanted := slices.Contains(declared, application.ID)
		change := connection.Change{Resource: connection.ResourceAttachment, Name: application.Domain, ID: application.ID, Action: connection.ActionUnchanged}
		switch {
		case wanted && !application.UsesPolicy:
			change.Action = connection.ActionCreate
		case !wanted && application.UsesPolicy && slices.Contains(before, application.ID):
			change.Action = connection.ActionDelete
		case !wanted:
			continue
		}
		changes = append(changes, change)
	}
	return changes
}

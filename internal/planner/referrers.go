package planner

import (
	"fmt"
	"slices"
)

// Referrer is something of others, beside reusable policies and what applications offer, that refers to the connection's identity
// provider: it would refer to nothing once that is deleted.
type Referrer struct {
	// Name is the thing with its kind and id: Access group "Staff" (1a2b).
	Name string `json:"name"`
	// Advice says how the reference is taken away.
	Advice string `json:"advice"`
	// Grant is the id of the federation grant that it is; "" for anything else.
	Grant string `json:"grant,omitempty"`
}

// AccessGroup is an Access group: rules that policies refer to.
type AccessGroup struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Include []Rule `json:"include"`
	Require []Rule `json:"require,omitempty"`
	Exclude []Rule `json:"exclude,omitempty"`
}

// RefersTo reports whether any rule of the group names the identity provider.
func (g AccessGroup) RefersTo(identityProviderID string) bool {
	return anyRefersTo(identityProviderID, g.Include, g.Require, g.Exclude)
}

// Referring is what can refer to an identity provider, beside reusable policies and what applications offer.
type Referring struct {
	// Applications may have policies of their own.
	Applications []ListedApplication
	Groups       []AccessGroup
	Grants       []FederationGrant
	// Organization are the settings of the account's Access organisation, as the API writes them.
	Organization map[string]any
}

// ReferrersTo are those that refer to the identity provider.
func ReferrersTo(identityProviderID string, all Referring) []Referrer {
	if identityProviderID == "" {
		return nil
	}
	const rules = "take the identity provider out of its rules first"
	var found []Referrer
	for _, group := range all.Groups {
		if group.RefersTo(identityProviderID) {
			found = append(found, Referrer{Name: fmt.Sprintf("Access group %s (%s)", quote(group.Name), group.ID), Advice: rules})
		}
	}
	for _, application := range all.Applications {
		for _, policy := range application.OwnPolicies {
			if policy.RefersTo(identityProviderID) {
				name := fmt.Sprintf("policy %s (%s) of Access application %s (%s)", quote(policy.Name), policy.ID, quote(application.Name), application.Domain)
				found = append(found, Referrer{Name: name, Advice: rules})
			}
		}
	}
	found = append(found, grantsOf(identityProviderID, all.Grants)...)
	for _, key := range keysWith(all.Organization, identityProviderID) {
		found = append(found, Referrer{Name: fmt.Sprintf("the setting %s of the Access organisation", key), Advice: "change that setting first"})
	}
	return found
}

// keysWith are the keys, in order, under which a text stands anywhere.
func keysWith(settings map[string]any, text string) []string {
	var keys []string
	for key, value := range settings {
		if holds(value, text) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

func holds(value any, text string) bool {
	switch value := value.(type) {
	case string:
		return value == text
	case []any:
		return slices.ContainsFunc(value, func(each any) bool { return holds(each, text) })
	case map[string]any:
		return len(keysWith(value, text)) > 0
	}
	return false
}

// referrerProblems refuse to delete an identity provider that others refer to, or may refer to.
func referrerProblems(have State) []Problem {
	var problems []Problem
	for _, referrer := range have.Referrers {
		problems = append(problems, Problem{
			Path: "cloudflare.idp_name", Message: fmt.Sprintf("%s still refers to the identity provider %s", referrer.Name, quote(have.IdentityProvider.Name)), Advice: referrer.Advice,
		})
	}
	if have.IdentityProvider != nil && have.GroupsUnseen {
		problems = append(problems, Problem{
			Path: "cloudflare.account", Message: fmt.Sprintf("the API token may not list Access groups, so it isn't known whether any refers to the identity provider %s", quote(have.IdentityProvider.Name)),
			Advice: "give the token the permission Access: Groups Read",
		})
	}
	return problems
}

// referrerNotes tell of them in a plan.
func referrerNotes(have State) []string {
	var notes []string
	for _, application := range have.Applications {
		if made, _ := have.offering(application.ID); application.UsesIdentityProvider && !made.Added && !have.IdentityProvider.Adopted {
			notes = append(notes, fmt.Sprintf("Access application %q (%s) was made to offer the identity provider %q by someone, and is left so; disconnect refuses as long as it does",
				application.Name, application.Domain, have.IdentityProvider.Name))
		}
	}
	for _, referrer := range have.Referrers {
		notes = append(notes, fmt.Sprintf("%s refers to the identity provider %q too, and is left alone; disconnect refuses as long as it does", referrer.Name, have.IdentityProvider.Name))
	}
	return notes
}

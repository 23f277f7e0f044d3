package planner

import (
	"fmt"
	"slices"
)

// Rule is one rule of an Access policy as the API writes it: one key, the kind of rule, and its settings.
type Rule map[string]map[string]any

// OktaGroupRule matches members of an Okta group who signed in through the identity provider.
func OktaGroupRule(group, identityProviderID string) Rule {
	return Rule{"okta": {"name": group, "identity_provider_id": identityProviderID}}
}

// EmailRule matches one e-mail address.
func EmailRule(email string) Rule { return Rule{"email": {"email": email}} }

// EmailDomainRule matches every address of a domain.
func EmailDomainRule(domain string) Rule { return Rule{"email_domain": {"domain": domain}} }

// LoginMethodRule matches everyone who signed in through the identity provider.
func LoginMethodRule(identityProviderID string) Rule {
	return Rule{"login_method": {"id": identityProviderID}}
}

// RefersTo reports whether the rule names the identity provider.
func (r Rule) RefersTo(identityProviderID string) bool {
	if identityProviderID == "" {
		return false
	}
	for _, settings := range r { // rules about claims name it as those about groups do
		// The dashboard writes connection_id where the API writes identity_provider_id.
		if settings["identity_provider_id"] == identityProviderID || settings["connection_id"] == identityProviderID {
			return true
		}
	}
	return r.LoginMethod() == identityProviderID
}

// String is the rule in a few words, for plans.
func (r Rule) String() string {
	switch {
	case r["okta"] != nil:
		return fmt.Sprintf("Okta group %q", r["okta"]["name"])
	case r["email"] != nil:
		return fmt.Sprintf("e-mail %v", r["email"]["email"])
	case r["email_domain"] != nil:
		return fmt.Sprintf("e-mail domain %v", r["email_domain"]["domain"])
	case r["login_method"] != nil:
		return "signed in through the identity provider"
	default:
		return fmt.Sprint(map[string]map[string]any(r))
	}
}

// LoginMethod is the identity provider that a login_method rule names; "" for any other rule.
func (r Rule) LoginMethod() string {
	id, _ := r["login_method"]["id"].(string)
	return id
}

// SameRules compares two lists of rules to the last setting, whatever their order.
func SameRules(a, b []Rule) bool { return slices.Equal(exact(a), exact(b)) }

// exact writes rules out in an order of their own; fmt prints maps sorted by key.
func exact(rules []Rule) []string {
	words := make([]string, 0, len(rules))
	for _, rule := range rules {
		words = append(words, fmt.Sprint(map[string]map[string]any(rule)))
	}
	slices.Sort(words)
	return words
}

// rules are a list of rules in a few words, for plans.
func rules(rules []Rule) string {
	words := make([]string, 0, len(rules))
	for _, rule := range rules {
		words = append(words, rule.String())
	}
	return list(words)
}

package planner

import (
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// EveryoneGroup is the group of Okta's own that every user of an org is in.
const EveryoneGroup = "Everyone"

// IsEveryone reports whether a group of that name is the whole org.
func IsEveryone(group string) bool { return strings.EqualFold(group, EveryoneGroup) }

// AssignsEveryone reports whether the document lets the whole org sign in, under whatever entry.
func AssignsEveryone(spec connection.Spec, have State) bool {
	found := slices.ContainsFunc(have.Groups, func(group FoundGroup) bool { return IsEveryone(group.Title()) })
	return found || slices.ContainsFunc(spec.Okta.AssignGroups, IsEveryone)
}

// LetsIn reports whether the policy lets people in by their e-mail addresses, and whether it lets in the whole org or more. Of rules and
// decisions that no document can ask for nobody knows how many they let in.
func (p AccessPolicy) LetsIn() (emails, everyone bool) {
	if p.Decision == "deny" {
		return false, false
	}
	everyone = p.Decision != decisionAllow
	for _, rule := range p.Include {
		for kind, settings := range rule {
			switch kind {
			case "email", "email_domain":
				emails = true
			case "okta":
				name, _ := settings["name"].(string)
				everyone = everyone || IsEveryone(name)
			default:
				everyone = true
			}
		}
	}
	return emails, everyone
}

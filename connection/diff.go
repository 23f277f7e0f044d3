package connection

import (
	"fmt"
	"slices"
	"strings"
)

// notYet stands in a plan for an id that a provider gives only when the thing is created.
const notYet = "(known after it is created)"

// Diff compares what exists with what the document declares. The plan has an entry for everything that a connection
// consists of, in the order of the documented procedure; it is the same for the same input. clientID is what a new app is
// given; "" when that isn't known yet.
func Diff(spec Spec, have State, clientID string) Plan {
	fill(&clientID, notYet)
	app := WantApp(spec, have, clientID)
	changes := []Change{DiffApp(have.App, app), DiffClaim(have.App, app)}
	identityProvider := WantIdentityProvider(spec, have, app.ClientID)
	changes = append(changes, DiffIdentityProvider(have.IdentityProvider, identityProvider))
	changes = append(changes, diffGroups(have.App, app)...)
	if identityProvider.ID == "" {
		identityProvider.ID = notYet
	}
	changes = append(changes, DiffPolicy(have.Policy, WantPolicy(spec, have, identityProvider.ID)))
	changes = append(changes, diffAttachments(have, app)...)
	return Plan{Connection: spec.Name, Changes: changes, Notes: Notes(spec, have)}
}

// DiffApp compares an Okta app with the declared one; have is nil when there is none.
func DiffApp(have *App, want App) Change {
	var before App
	if have != nil {
		before = *have
	}
	fields := differing(
		Field{"label", before.Label, want.Label},
		Field{"status", before.Status, want.Status},
		Field{"client_id", before.ClientID, want.ClientID},
		Field{"redirect_uris", list(before.RedirectURIs), list(want.RedirectURIs)},
		Field{"profile.connection", before.Connection, want.Connection},
		Field{"profile.applications", list(before.Applications), list(want.Applications)},
		Field{"profile.kept", list(before.Kept), list(want.Kept)},
	)
	return change(ResourceApp, want.Label, before.ID, have != nil, fields)
}

// DiffClaim compares the claim of an app's ID token with the declared one.
func DiffClaim(have *App, want App) Change {
	var before Claim
	exists := have != nil && have.Claim != nil
	if exists {
		before = *have.Claim
	}
	fields := differing(
		Field{"name", before.Name, want.Claim.Name},
		Field{"value_type", before.ValueType, want.Claim.ValueType},
		Field{"filter", before.Filter, want.Claim.Filter},
		Field{"value", before.Value, want.Claim.Value},
	)
	return change(ResourceGroupsClaim, want.Claim.Name, "", exists, fields)
}

// DiffIdentityProvider compares a login method with the declared one.
func DiffIdentityProvider(have *IdentityProvider, want IdentityProvider) Change {
	var before IdentityProvider
	if have != nil {
		before = *have
	}
	fields := []Field{
		{"name", before.Name, want.Name},
		{"client_id", before.ClientID, want.ClientID},
		{"okta_account", before.OktaAccount, want.OktaAccount},
	}
	// What Cloudflare doesn't tell can't be compared; it would differ for ever.
	if have == nil || before.PKCE != nil {
		fields = append(fields, Field{"pkce", boolean(before.PKCE), boolean(want.PKCE)})
	}
	return change(ResourceIdentityProvider, want.Name, before.ID, have != nil, differing(fields...))
}

// DiffPolicy compares an Access policy with the declared one. The order of rules means nothing to Access.
func DiffPolicy(have *AccessPolicy, want AccessPolicy) Change {
	var before AccessPolicy
	if have != nil {
		before = *have
	}
	fields := differing(
		Field{"name", before.Name, want.Name},
		Field{"decision", before.Decision, want.Decision},
		Field{"include", rules(before.Include), rules(want.Include)},
		Field{"require", rules(before.Require), rules(want.Require)},
		Field{"exclude", rules(before.Exclude), rules(want.Exclude)},
	)
	// An identity provider that was made anew has another id behind the same words.
	if have != nil && len(fields) == 0 && !sameRules(before, want) {
		fields = []Field{{"rules", "another identity provider", "this connection's identity provider"}}
	}
	return change(ResourcePolicy, want.Name, before.ID, have != nil, fields)
}

func diffGroups(have *App, want App) []Change {
	var before []Group
	if have != nil {
		before = have.Groups
	}
	var changes []Change
	for _, group := range want.Groups {
		action := ActionCreate
		if contains(before, group) {
			action = ActionUnchanged
		}
		changes = append(changes, Change{Resource: ResourceGroupAssignment, Name: group.Name, ID: group.ID, Action: action})
	}
	for _, group := range before {
		if !contains(want.Groups, group) {
			changes = append(changes, Change{Resource: ResourceGroupAssignment, Name: group.Name, ID: group.ID, Action: ActionDelete})
		}
	}
	return changes
}

func contains(groups []Group, group Group) bool {
	return slices.ContainsFunc(groups, func(other Group) bool { return other.ID == group.ID })
}

// diffAttachments attaches the policy to the applications that the document names, and detaches it from those that an
// earlier document named. An application that somebody else attached it to is left alone.
func diffAttachments(have State, want App) []Change {
	var before []string
	if have.App != nil {
		before = have.App.Applications
	}
	var changes []Change
	for _, application := range have.Applications {
		wanted := slices.Contains(want.Applications, application.ID)
		change := Change{Resource: ResourceAttachment, Name: application.Domain, ID: application.ID, Action: ActionUnchanged}
		switch {
		case wanted && !application.UsesPolicy:
			change.Action = ActionCreate
		case !wanted && application.UsesPolicy && slices.Contains(before, application.ID):
			change.Action = ActionDelete
		case !wanted:
			continue
		}
		changes = append(changes, change)
	}
	return changes
}

func change(resource Resource, name, id string, exists bool, fields []Field) Change {
	action := ActionUpdate
	switch {
	case !exists:
		action = ActionCreate
	case len(fields) == 0:
		action = ActionUnchanged
	}
	return Change{Resource: resource, Name: name, ID: id, Action: action, Fields: fields}
}

func differing(fields ...Field) []Field {
	return slices.DeleteFunc(fields, func(field Field) bool { return field.Before == field.After })
}

func list(values []string) string { return strings.Join(slices.Sorted(slices.Values(values)), ", ") }

func boolean(value *bool) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(*value)
}

func rules(rules []Rule) string {
	words := make([]string, 0, len(rules))
	for _, rule := range rules {
		words = append(words, rule.String())
	}
	return list(words)
}

func sameRules(a, b AccessPolicy) bool {
	return SameRules(a.Include, b.Include) && SameRules(a.Require, b.Require) && SameRules(a.Exclude, b.Exclude)
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

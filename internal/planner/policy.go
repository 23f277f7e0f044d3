package planner

import (
	"fmt"
	"slices"

	"github.com/accessbridge/accessbridge/connection"
)

// AccessPolicy is a reusable Access policy.
type AccessPolicy struct {
	ID       string `json:"id" form:"cloudflare"`
	Name     string `json:"name" form:"text"`
	Decision string `json:"decision" form:"text"`
	Include  []Rule `json:"include"`
	Require  []Rule `json:"require,omitempty"`
	Exclude  []Rule `json:"exclude,omitempty"`
	Adopted  bool   `json:"adopted,omitempty"`
}

// decisionAllow is the decision of the policies that a document declares. Others let people in without a sign-in, or keep them out.
const decisionAllow = "allow"

// policySettings are what a run changes of a policy, and puts back. The order of rules means nothing to Access.
var policySettings = []setting[AccessPolicy]{
	text("name", "the name", func(p *AccessPolicy) *string { return &p.Name }),
	text("decision", "the decision", func(p *AccessPolicy) *string { return &p.Decision }),
	of("include", "the include rules", func(p *AccessPolicy) *[]Rule { return &p.Include }, SameRules, rules),
	of("require", "the require rules", func(p *AccessPolicy) *[]Rule { return &p.Require }, SameRules, rules),
	of("exclude", "the exclude rules", func(p *AccessPolicy) *[]Rule { return &p.Exclude }, SameRules, rules),
}

// PickPolicy finds the connection's policy: the one that the app remembers. Where it remembers none that exists, the one that has
// the declared name and refers to its identity provider; else, where the app remembers nothing and the identity provider was not adopted, the
// only one that is built as ours are, which the document gave another name since; else, where the connection still has its app, one with the declared name that was built so for an identity
// provider which someone deleted. Without the app it could as well be another connection's.
func PickPolicy(spec connection.Spec, state *State, listed Listed) {
	identityProviderID := valueOf(state.IdentityProvider).ID
	// A policy about an identity provider that is only taken over now is its owner's, as that was.
	owned := state.IdentityProvider != nil && (!state.IdentityProvider.Adopted || kept(state, identityProviderID))
	// A policy of another name is taken for ours only where nothing tells which was, and for an identity provider that we made: others
	// have policies of that shape too.
	guessed := owned && !state.IdentityProvider.Adopted && !valueOf(state.App).Memory.Complete()
	ownsApp := state.App != nil && (OwnsClientID(spec.Name, state.App.ClientID) || state.App.Connection == spec.Name)
	remembered := rememberedPolicies(state, listed)
	var ours, renamed, orphans, namesakes []candidate
	for _, policy := range listed.Policies {
		found := candidate{id: policy.ID, name: policy.Name, take: func(adopted bool) {
			policy.Adopted = adopted
			state.Policy = &policy
		}, adopted: kept(state, policy.ID)}
		likely := owned && policy.RefersTo(identityProviderID) && len(remembered) == 0 && (!valueOf(state.App).Memory.Complete() || policy.IsOurShape(identityProviderID))
		switch {
		case slices.Contains(remembered, policy.ID):
			ours = slices.Insert(ours, 0, found)
		case policy.Name == spec.Policy.Name && likely:
			ours = append(ours, found)
		case policy.Name == spec.Policy.Name && ownsApp && orphaned(policy, listed.IdentityProviders):
			orphans = append(orphans, found)
		case policy.Name == spec.Policy.Name:
			found.why = belongsTo(connectionOf(policy, listed))
			namesakes = append(namesakes, found)
		case policy.IsOurShape(identityProviderID) && likely && guessed:
			renamed = append(renamed, found)
		}
	}
	switch {
	case len(ours) == 0 && len(renamed) == 1:
		ours, namesakes = renamed, append(namesakes, orphans...)
	case len(ours) == 0 && len(renamed) == 0:
		ours = orphans
	default:
		namesakes = append(namesakes, orphans...)
	}
	choose(spec, state, connection.ResourcePolicy, spec.Policy.Name, ours, namesakes)
	for _, policy := range listed.Policies {
		own := slices.ContainsFunc(ours, func(our candidate) bool { return our.id == policy.ID })
		if policy.RefersTo(identityProviderID) && !own {
			state.OtherPolicies = append(state.OtherPolicies, fmt.Sprintf("%s (%s)", quote(policy.Name), policy.ID))
		}
	}
}

// rememberedPolicies are the ids of the policies that the app remembers, as far as they exist.
func rememberedPolicies(state *State, listed Listed) []string {
	var remembered []string
	for _, id := range valueOf(valueOf(state.App).Memory).Policies {
		if slices.ContainsFunc(listed.Policies, func(policy AccessPolicy) bool { return policy.ID == id }) {
			remembered = append(remembered, id)
		}
	}
	return remembered
}

// connectionOf is the connection whose identity provider a policy is built for as ours are; "" when there is none.
func connectionOf(policy AccessPolicy, listed Listed) string {
	for _, each := range listed.IdentityProviders {
		if app := appOf(each, listed.Apps); app != nil && policy.IsOurShape(each.ID) {
			return app.Connection
		}
	}
	return ""
}

// orphaned reports whether a policy is built as ours are, for an identity provider that doesn't exist any more.
func orphaned(policy AccessPolicy, identityProviders []ListedIdentityProvider) bool {
	if len(policy.Require) != 1 {
		return false
	}
	id := policy.Require[0].LoginMethod()
	return policy.IsOurShape(id) && !slices.ContainsFunc(identityProviders, func(each ListedIdentityProvider) bool { return each.ID == id })
}

// WantPolicy is the Access policy that the document declares for an identity provider. It requires that people signed in
// through this connection: else a rule for an e-mail address would let in whoever proves that address otherwise, and
// a policy without groups could not be told to be this connection's.
func WantPolicy(spec connection.Spec, have State, identityProviderID string) AccessPolicy {
	want := AccessPolicy{Name: spec.Policy.Name, Decision: decisionAllow, Require: []Rule{LoginMethodRule(identityProviderID)}}
	if have.Policy != nil {
		want.ID, want.Adopted = have.Policy.ID, have.Policy.Adopted
	}
	for _, group := range allowedNames(spec, have) {
		want.Include = append(want.Include, OktaGroupRule(group, identityProviderID))
	}
	for _, email := range spec.Policy.Allow.Emails {
		want.Include = append(want.Include, EmailRule(email))
	}
	for _, domain := range spec.Policy.Allow.EmailDomains {
		want.Include = append(want.Include, EmailDomainRule(domain))
	}
	return want
}

// DiffPolicy compares an Access policy with the declared one.
func DiffPolicy(have *AccessPolicy, want AccessPolicy) connection.Change {
	before := valueOf(have)
	fields := differences(policySettings, before, want)
	// An identity provider that was made anew has another id behind the same words.
	told := slices.DeleteFunc(slices.Clone(fields), func(field connection.Field) bool { return field.Before == field.After })
	if have != nil && len(told) == 0 && len(fields) > 0 {
		told = []connection.Field{{Name: "rules", Before: "another identity provider", After: "this connection's identity provider"}}
	}
	return moveOf(connection.ResourcePolicy, want.Name, before.ID, have != nil, told)
}

// PutPolicyBack is what a policy becomes when a run is undone.
func PutPolicyBack(before, given, now AccessPolicy) (back AccessPolicy, left []string) {
	return putBack(policySettings, Title(connection.ResourcePolicy, now.Name), before, given, now)
}

// IsOurShape reports whether the policy is built as WantPolicy builds it for the identity provider, whatever it is called.
// That is how a policy is found again after the document gave it another name.
func (p AccessPolicy) IsOurShape(identityProviderID string) bool {
	if p.Decision != decisionAllow || len(p.Exclude) != 0 || len(p.Require) != 1 {
		return false
	}
	return p.Require[0]["login_method"] != nil && p.Require[0].RefersTo(identityProviderID)
}

// RefersTo reports whether any rule of the policy names the identity provider.
func (p AccessPolicy) RefersTo(identityProviderID string) bool {
	return anyRefersTo(identityProviderID, p.Include, p.Require, p.Exclude)
}

func anyRefersTo(identityProviderID string, rules ...[]Rule) bool {
	return slices.ContainsFunc(slices.Concat(rules...), func(rule Rule) bool { return rule.RefersTo(identityProviderID) })
}

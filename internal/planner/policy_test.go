package planner_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// built is a policy as the connection builds it for an identity provider, under a name.
func built(id, name, identityProviderID string) planner.AccessPolicy {
	policy := planner.WantPolicy(acme(), planner.State{}, identityProviderID)
	policy.ID, policy.Name = id, name
	return policy
}

// loosened is one that refers to the identity provider, and yet lets everyone in.
func loosened(id, name, identityProviderID string) planner.AccessPolicy {
	return planner.AccessPolicy{
		ID: id, Name: name, Decision: "allow", Include: []planner.Rule{{"everyone": {}}, planner.OktaGroupRule("Engineering", identityProviderID)},
	}
}

// bypassing requires the identity provider alone, and yet isn't what a connection builds.
func bypassing(id, name, identityProviderID string) planner.AccessPolicy {
	policy := built(id, name, identityProviderID)
	policy.Decision = "bypass"
	return policy
}

// plain is one of others.
func plain(id, name string) planner.AccessPolicy {
	return planner.AccessPolicy{ID: id, Name: name, Decision: "allow", Include: []planner.Rule{planner.EmailDomainRule("acme.example")}}
}

func TestPickPolicy(t *testing.T) {
	t.Parallel()
	type policies = []planner.AccessPolicy
	const declared = "Okta staff"
	for name, test := range map[string]struct {
		spec     connection.Spec
		app      *planner.App
		idp      string // the connection's identity provider; "" when there is none
		policies policies
		want     string
	}{
		"nothing":                    {acme(), ownApp(nil), "idp1", nil, "none"},
		"another's":                  {acme(), ownApp(nil), "idp1", policies{plain("1", "Wiki")}, "none"},
		"name and identity provider": {acme(), ownApp(nil), "idp1", policies{built("1", declared, "idp1")}, "1"},
		"name and identity provider, rules changed": {acme(), ownApp(nil), "idp1", policies{loosened("1", declared, "idp1")}, "1"},
		"renamed in the document":                   {acme(), ownApp(nil), "idp1", policies{built("1", "Old", "idp1")}, "1"},
		"renamed and changed: can't be known":       {acme(), ownApp(nil), "idp1", policies{loosened("1", "Old", "idp1")}, `none; others: "Old" (1)`},
		"two that may be ours":                      {acme(), ownApp(nil), "idp1", policies{built("1", "Old", "idp1"), built("2", "Older", "idp1")}, `none; others: "Old" (1) "Older" (2)`},
		"duplicate":                                 {acme(), ownApp(nil), "idp1", policies{built("1", declared, "idp1"), built("2", declared, "idp1")}, "1; conflict 2: " + another},
		"name before shape":                         {acme(), ownApp(nil), "idp1", policies{built("1", "Old", "idp1"), built("2", declared, "idp1")}, `2; others: "Old" (1)`},
		"memory":                                    {acme(), ownApp(remembers("idp1", "1")), "idp1", policies{built("1", declared, "idp1")}, "1"},
		"memory, renamed by hand and in the document": {
			acme(), ownApp(remembers("idp1", "1")), "idp1", policies{built("1", "By hand", "idp1")}, "1",
		},
		"memory, changed beyond recognition": {acme(), ownApp(remembers("idp1", "1")), "idp1", policies{plain("1", "By hand")}, "1"},
		"memory before the name": {
			acme(), ownApp(remembers("idp1", "2")), "idp1", policies{built("1", declared, "idp1"), built("2", declared, "idp1")}, `2; others: "Okta staff" (1)`,
		},
		"memory before the name, to be renamed": {
			adopting(), ownApp(remembers("idp1", "2")), "idp1",
			policies{built("1", declared, "idp1"), built("2", "Old", "idp1")},
			"2; conflict 1: " + otherName + "; others: \"Okta staff\" (1)",
		},
		"memory of two":               {acme(), ownApp(remembers("idp1", "1", "2")), "idp1", policies{built("1", declared, "idp1"), built("2", declared, "idp1")}, "2; conflict 1: " + another},
		"memory of something deleted": {acme(), ownApp(remembers("idp1", "gone")), "idp1", policies{built("1", declared, "idp1")}, "1"},
		"memory of something deleted, someone's for our identity provider": {
			acme(), ownApp(remembers("idp1", "gone")), "idp1", policies{loosened("1", declared, "idp1")}, `none; conflict 1; others: "Okta staff" (1)`,
		},
		"memory of something deleted, someone's of another name": {
			adopting(), ownApp(remembers("idp1", "gone")), "idp1", policies{built("1", "Contractors", "idp1")}, `none; others: "Contractors" (1)`,
		},
		"profile taken away":    {acme(), &planner.App{ID: "0oa1", ClientID: ourClient}, "idp1", policies{built("1", "By hand", "idp1")}, "1"},
		"orphan":                {acme(), ownApp(nil), "idp1", policies{built("1", declared, "deleted")}, "1"},
		"orphan, none since":    {acme(), ownApp(nil), "", policies{built("1", declared, "deleted")}, "1"},
		"orphan of the mark":    {acme(), adoptedApp(), "idp1", policies{built("1", declared, "deleted")}, "1"},
		"orphan without an app": {acme(), nil, "", policies{built("1", declared, "deleted")}, "none; conflict 1"},
		"orphan of another app": {acme(), &planner.App{ID: "a", ClientID: "0oa9"}, "", policies{built("1", declared, "deleted")}, "none; conflict 1"},
		"orphan beside ours":    {acme(), ownApp(nil), "idp1", policies{built("1", declared, "idp1"), built("2", declared, "deleted")}, "1"},
		"orphan beside one renamed": {
			acme(), ownApp(nil), "idp1", policies{built("1", "Old", "idp1"), built("2", declared, "deleted")}, "1; conflict 2: " + otherName,
		},
		"orphan beside two renamed": {
			acme(), ownApp(nil), "idp1", policies{built("1", "Old", "idp1"), built("2", "Older", "idp1"), built("3", declared, "deleted")}, `none; conflict 3; others: "Old" (1) "Older" (2)`,
		},
		"two orphans":                {acme(), ownApp(nil), "idp1", policies{built("1", declared, "deleted"), built("2", declared, "deleted")}, "1; conflict 2: " + another},
		"orphan changed since":       {acme(), ownApp(nil), "idp1", policies{loosened("1", declared, "deleted")}, "none; conflict 1"},
		"orphan that lets in more":   {acme(), ownApp(nil), "idp1", policies{bypassing("1", declared, "deleted")}, "none; conflict 1"},
		"of another's provider":      {acme(), ownApp(nil), "idp1", policies{built("1", declared, "theirs")}, "none; conflict 1: " + ofGlobex},
		"of another's, adopt":        {adopting(), ownApp(nil), "idp1", policies{built("1", declared, "theirs")}, "none; conflict 1: " + ofGlobex},
		"name":                       {acme(), ownApp(nil), "idp1", policies{plain("1", declared)}, "none; conflict 1"},
		"name, adopt":                {adopting(), ownApp(nil), "idp1", policies{plain("1", declared)}, "1 adopted"},
		"two of the name, adopt":     {adopting(), ownApp(nil), "idp1", policies{plain("1", declared), plain("2", declared)}, "none; conflict 1: " + twoFit + "; conflict 2: " + twoFit},
		"adopted by an earlier run":  {acme(), adoptedApp("1"), "idp1", policies{built("1", declared, "idp1")}, "1 adopted"},
		"others refer to ours":       {acme(), ownApp(nil), "idp1", policies{built("1", declared, "idp1"), loosened("2", "Theirs", "idp1")}, `1; others: "Theirs" (2)`},
		"no identity provider, name": {acme(), ownApp(nil), "", policies{plain("1", declared)}, "none; conflict 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listed := planner.Listed{
				Apps:              []planner.ListedApp{listedApp("9", "0oa8", marked("globex"))},
				IdentityProviders: []planner.ListedIdentityProvider{listedProvider("theirs", "Globex", "0oa8")},
				Policies:          test.policies,
			}
			state := planner.State{App: test.app}
			if test.idp != "" {
				listed.IdentityProviders = append(listed.IdentityProviders, listedProvider(test.idp, "Okta", ourClient))
				state.IdentityProvider = &planner.IdentityProvider{ID: test.idp}
			}
			planner.PickPolicy(test.spec, &state, listed)
			policy := planner.AccessPolicy{}
			if state.Policy != nil {
				policy = *state.Policy
			}
			got := picked(policy.ID, policy.Adopted, state)
			if len(state.OtherPolicies) > 0 {
				got += "; others: " + strings.Join(state.OtherPolicies, " ")
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestPickPolicy_IdentityProviderThatIsTakenOverNow: a policy about it is its owner's, as that was, and is taken over too.
func TestPickPolicy_IdentityProviderThatIsTakenOverNow(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		app  *planner.App
		name string
		want string
	}{
		"now, of the declared name":            {ownApp(nil), "Okta staff", "1 adopted"},
		"now, of another name":                 {ownApp(nil), "Theirs", "none"},
		"by an earlier run, of the same name":  {adoptedApp("idp1"), "Okta staff", "1"},
		"by an earlier run, of another name":   {adoptedApp("idp1"), "Theirs", "none"}, // someone else may have made it
		"by an earlier run, with the policy":   {adoptedApp("idp1", "1"), "Okta staff", "1 adopted"},
		"of the app of an earlier run, itself": {adoptedApp(), "Theirs", "none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := planner.State{App: test.app, IdentityProvider: &planner.IdentityProvider{ID: "idp1", Adopted: true}}
			planner.PickPolicy(adopting(), &state, planner.Listed{
				IdentityProviders: []planner.ListedIdentityProvider{listedProvider("idp1", "Okta", "0oa9")}, Policies: []planner.AccessPolicy{built("1", test.name, "idp1")},
			})
			policy := planner.AccessPolicy{}
			if state.Policy != nil {
				policy = *state.Policy
			}
			if got := picked(policy.ID, policy.Adopted, state); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestRefersTo_AsTheDashboardWritesIt too.
func TestRefersTo_AsTheDashboardWritesIt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		rule planner.Rule
		want bool
	}{
		"as the API does":       {planner.OktaGroupRule("G", "idp1"), true},
		"as the dashboard does": {planner.Rule{"okta": {"name": "G", "connection_id": "idp1"}}, true},
		"login method":          {planner.LoginMethodRule("idp1"), true},
		"of another":            {planner.Rule{"okta": {"name": "G", "connection_id": "idp2"}}, false},
		"of none":               {planner.EmailRule("idp1"), false},
	} {
		if got := test.rule.RefersTo("idp1"); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestIsOurShape(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*planner.AccessPolicy){
		"another decision":          func(p *planner.AccessPolicy) { p.Decision = "bypass" },
		"an exclude rule":           func(p *planner.AccessPolicy) { p.Exclude = []planner.Rule{planner.EmailRule("a@acme.example")} },
		"no require rule":           func(p *planner.AccessPolicy) { p.Require = nil },
		"two require rules":         func(p *planner.AccessPolicy) { p.Require = append(p.Require, planner.EmailDomainRule("acme.example")) },
		"another require rule":      func(p *planner.AccessPolicy) { p.Require = []planner.Rule{planner.OktaGroupRule("G", "idp1")} },
		"another identity provider": func(p *planner.AccessPolicy) { p.Require = []planner.Rule{planner.LoginMethodRule("idp2")} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policy := built("1", "P", "idp1")
			if !policy.IsOurShape("idp1") {
				t.Fatal("what the connection builds isn't of its shape")
			}
			if change(&policy); policy.IsOurShape("idp1") {
				t.Error("it is of our shape")
			}
		})
	}
	if built("1", "P", "").IsOurShape("") || built("1", "P", "").RefersTo("") {
		t.Error("no identity provider is referred to by its id, which is empty")
	}
}

func TestWantPolicy_EveryKindOfRule(t *testing.T) {
	t.Parallel()
	spec := acme()
	spec.Policy.Allow = connection.Allow{Groups: []string{"Engineering"}, Emails: []string{"ceo@acme.example"}, EmailDomains: []string{"acme.example"}}
	have := planner.State{Policy: &planner.AccessPolicy{ID: "policy1", Adopted: true, Exclude: []planner.Rule{planner.EmailRule("x@acme.example")}}}
	want := planner.AccessPolicy{
		ID: "policy1", Adopted: true, Name: "Okta staff", Decision: "allow",
		Include: []planner.Rule{planner.OktaGroupRule("Engineering", "idp1"), planner.EmailRule("ceo@acme.example"), planner.EmailDomainRule("acme.example")},
		Require: []planner.Rule{planner.LoginMethodRule("idp1")},
	}
	if diff := cmp.Diff(want, planner.WantPolicy(spec, have, "idp1")); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
	const words = `Okta group "Engineering", e-mail ceo@acme.example, e-mail domain acme.example`
	for _, field := range planner.DiffPolicy(nil, want).Fields {
		if field.Name == "include" && field.After != words || field.Name == "require" && field.After != "signed in through the identity provider" {
			t.Errorf("a plan says %s: %s", field.Name, field.After)
		}
	}
}

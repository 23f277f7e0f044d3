package rules_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/rules"
)

// two are the rules of a worker for two tenants.
var two = rules.Rules{
	{
		Connections: []string{"acme-*"}, Orgs: []string{"acme"}, Accounts: []string{"acme"}, Applications: []string{"*.acme.example", "01234567-0123-0123-0123-0123456789ab"},
		Emails: true, Disconnect: true, PreventDisconnect: []string{"acme-prod"},
	},
	{Connections: []string{"globex", "acme-shared"}, Orgs: []string{"globex"}, Accounts: []string{"acme", "globex"}, Adopt: true, Everyone: true, Disconnect: true},
}

func acme(change func(*rules.Asked)) rules.Asked {
	asked := rules.Asked{Connection: "acme-wiki", Org: "acme", Account: "acme"}
	change(&asked)
	return asked
}

func globex(change func(*rules.Asked)) rules.Asked {
	asked := rules.Asked{Connection: "globex", Org: "globex", Account: "globex"}
	change(&asked)
	return asked
}

func reachedBy(domain string, more ...string) []planner.ListedApplication {
	application := planner.ListedApplication{Hostnames: more}
	application.ID, application.Name, application.Domain = "01234567-0000-0000-0000-0123456789ab", "Wiki", domain
	return []planner.ListedApplication{application}
}

func TestRefusals_OneRuleMustAllowAllOfIt(t *testing.T) {
	t.Parallel()
	byID := reachedBy("payroll.example")
	byID[0].ID = "01234567-0123-0123-0123-0123456789AB"
	for name, test := range map[string]struct {
		asked rules.Asked
		want  []string // what each refusal says, in order
	}{
		"all that the first allows":   {acme(func(a *rules.Asked) { a.Emails, a.Disconnect = true, true }), nil},
		"all that the second allows":  {globex(func(a *rules.Asked) { a.Adopt, a.Everyone = true, true }), nil},
		"one side alone":              {rules.Asked{Connection: "acme-wiki", Org: "acme"}, nil},
		"another connection":          {acme(func(a *rules.Asked) { a.Connection = "payroll" }), []string{`connection "payroll" is not allowed by rules[0].connections`}},
		"a part of a name":            {acme(func(a *rules.Asked) { a.Connection = "not-globex" }), []string{`connection "not-globex" is not allowed by rules[0].connections`}},
		"no connection's name":        {acme(func(a *rules.Asked) { a.Connection = "" }), []string{`connection "" is not allowed by rules[0].connections`}},
		"another's org":               {globex(func(a *rules.Asked) { a.Org = "acme" }), []string{`Okta org "acme" is not allowed by rules[1].orgs`}},
		"another's account":           {acme(func(a *rules.Asked) { a.Account = "globex" }), []string{`Cloudflare account "globex" is not allowed by rules[0].accounts`}},
		"the rule that comes closest": {rules.Asked{Connection: "acme-shared", Org: "globex", Account: "nowhere"}, []string{`Cloudflare account "nowhere" is not allowed by rules[1].accounts`}},
		"parts of two rules":          {acme(func(a *rules.Asked) { a.Adopt = true }), []string{"taking over what the connection didn't make is not allowed by rules[0].adopt"}},
		"several reasons":             {globex(func(a *rules.Asked) { a.Emails, a.Applications = true, reachedBy("wiki.acme.example") }), []string{"rules[1].applications", "rules[1].emails"}},
		"everyone":                    {acme(func(a *rules.Asked) { a.Everyone = true }), []string{`the group "Everyone", which is the whole org, is not allowed by rules[0].everyone`}},
		"a wide policy":               {acme(func(a *rules.Asked) { a.Wide = true }), []string{"taking over a policy that lets in the whole org or more, which a rollback would put back, is not allowed by rules[0].everyone"}},
		"a protected connection":      {acme(func(a *rules.Asked) { a.Connection, a.Disconnect = "acme-prod", true }), []string{`connection "acme-prod" is protected: rules[0].prevent_disconnect doesn't let it be disconnected`}},
		"a change of a protected one": {acme(func(a *rules.Asked) { a.Connection, a.Emails = "acme-prod", true }), nil},
		"an application":              {acme(func(a *rules.Asked) { a.Applications = reachedBy("WIKI.acme.example/admin") }), nil},
		"an application of all":       {acme(func(a *rules.Asked) { a.Applications = reachedBy("*.acme.example") }), nil},
		"an application of more":      {acme(func(a *rules.Asked) { a.Applications = reachedBy("*.example") }), []string{`which is reached by "*.example", is not allowed by rules[0].applications`}},
		"an application's other host": {acme(func(a *rules.Asked) {
			a.Applications = reachedBy("wiki.acme.example", "wiki.acme.example", "payroll.example/x")
		}), []string{`which is reached by "payroll.example"`}},
		"an application's private host": {acme(func(a *rules.Asked) { a.Applications = reachedBy("wiki.acme.example", "") }), []string{"which is reached by an address that is no public hostname"}},
		"an application without a host": {acme(func(a *rules.Asked) { a.Applications = reachedBy("") }), []string{"which is reached by an address that is no public hostname"}},
		"an application by its id":      {acme(func(a *rules.Asked) { a.Applications = byID }), nil},
		"an application with a port":    {acme(func(a *rules.Asked) { a.Applications = reachedBy("https://wiki.acme.example:8443/x") }), nil},
		"a host that ends alike":        {acme(func(a *rules.Asked) { a.Applications = reachedBy("evilacme.example") }), []string{`"evilacme.example"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := two.Refusals(test.asked)
			if len(got) != len(test.want) {
				t.Fatalf("got %d refusals, want %d: %v", len(got), len(test.want), got)
			}
			for i, want := range test.want {
				if !strings.Contains(got[i].Message, want) {
					t.Errorf("refusal %d is %q, want one that says %q", i, got[i].Message, want)
				}
				if !strings.Contains(got[i].Advice, "or ask whoever runs the worker to ") {
					t.Errorf("refusal %d advises %q", i, got[i].Advice)
				}
			}
		})
	}
}

func TestRefusals_APatternProtectsWhicheverRuleAllows(t *testing.T) {
	t.Parallel()
	all := append(rules.Rules{{Connections: []string{"*"}, Orgs: []string{"*"}, Accounts: []string{"*"}, Disconnect: true}}, two...)
	got := all.Refusals(acme(func(a *rules.Asked) { a.Connection, a.Disconnect = "acme-prod", true }))
	if len(got) != 1 || !strings.Contains(got[0].Message, "rules[1].prevent_disconnect") {
		t.Errorf("got %v", got)
	}
}

func TestRefusals_WithoutRules_EverythingIsAllowed(t *testing.T) {
	t.Parallel()
	asked := rules.Asked{Connection: "x", Org: "y", Account: "z", Applications: reachedBy(""), Adopt: true, Disconnect: true, Emails: true, Everyone: true}
	if got := rules.Rules(nil).Refusals(asked); got != nil {
		t.Errorf("got %v", got)
	}
}

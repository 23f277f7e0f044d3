package rules_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/rules"
)

// TestAdvice_IsDone_AndNothingIsRefused takes each way out of a refusal: another document, and another rule.
func TestAdvice_IsDone_AndNothingIsRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		advice   string
		asks     func(*rules.Asked) // what is refused
		document func(*rules.Asked)
		rule     func(*rules.Rule)
	}{
		{
			advice: "name another one in the document, or ask whoever runs the worker to add it to rules[0].orgs",
			asks:   func(a *rules.Asked) { a.Org = "globex" }, document: func(a *rules.Asked) { a.Org = "acme" }, rule: func(r *rules.Rule) { r.Orgs = append(r.Orgs, "globex") },
		},
		{
			advice: "take adopt out of the document, or ask whoever runs the worker to set rules[0].adopt to true",
			asks:   func(a *rules.Asked) { a.Adopt = true }, document: func(a *rules.Asked) { a.Adopt = false }, rule: func(r *rules.Rule) { r.Adopt = true },
		},
		{
			advice: "leave it connected, or ask whoever runs the worker to set rules[0].disconnect to true",
			asks:   func(a *rules.Asked) { a.Disconnect = true }, document: func(a *rules.Asked) { a.Disconnect = false }, rule: func(r *rules.Rule) { r.Disconnect = true },
		},
		{
			advice: "let in groups instead, or ask whoever runs the worker to set rules[0].emails to true",
			asks:   func(a *rules.Asked) { a.Emails = true }, document: func(a *rules.Asked) { a.Emails = false }, rule: func(r *rules.Rule) { r.Emails = true },
		},
		{
			advice: "name smaller groups, or ask whoever runs the worker to set rules[0].everyone to true",
			asks:   func(a *rules.Asked) { a.Everyone = true }, document: func(a *rules.Asked) { a.Everyone = false }, rule: func(r *rules.Rule) { r.Everyone = true },
		},
		{
			advice: "choose another policy.name, or ask whoever runs the worker to set rules[0].everyone to true",
			asks:   func(a *rules.Asked) { a.Wide = true }, document: func(a *rules.Asked) { a.Wide = false }, rule: func(r *rules.Rule) { r.Everyone = true },
		},
		{
			advice: "leave it connected, or ask whoever runs the worker to take it out of rules[0].prevent_disconnect",
			asks:   func(a *rules.Asked) { a.Connection, a.Disconnect = "protected", true }, document: func(a *rules.Asked) { a.Disconnect = false },
			rule: func(r *rules.Rule) { r.Disconnect, r.PreventDisconnect = true, nil },
		},
	} {
		t.Run(test.advice, func(t *testing.T) {
			t.Parallel()
			rule := rules.Rule{Connections: []string{"*"}, Orgs: []string{"acme"}, Accounts: []string{"acme"}, PreventDisconnect: []string{"protected"}}
			asked := rules.Asked{Connection: "acme", Org: "acme", Account: "acme"}
			test.asks(&asked)
			refused := rules.Rules{rule}.Refusals(asked)
			if !slices.ContainsFunc(refused, func(each connection.Problem) bool { return strings.Contains(each.Advice, test.advice) }) {
				t.Fatalf("it is refused with other advice: %v", refused)
			}
			other := asked
			if test.document(&other); len(rules.Rules{rule}.Refusals(other)) > 0 {
				t.Error("the document says something else, and yet it is refused")
			}
			if test.rule(&rule); len(rules.Rules{rule}.Refusals(asked)) > 0 {
				t.Error("the rule allows it, and yet it is refused")
			}
		})
	}
}

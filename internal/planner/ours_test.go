package planner_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/internal/planner"
)

func provider(id, kind, clientID string) planner.ListedIdentityProvider {
	found := planner.ListedIdentityProvider{Type: kind}
	found.ID, found.ClientID = id, clientID
	return found
}

func TestOurs_IsWhatHasTheKeyOrStandsInTheMemory(t *testing.T) {
	t.Parallel()
	adopted := appOf("app", "0oaTheirs", "acme", true)
	adopted.Kept, adopted.Memory = []string{"kept"}, &planner.Memory{IdentityProvider: "remembered", Policies: []string{"policy"}}
	ours := planner.Ours{Connection: "acme", Apps: []planner.ListedApp{adopted}}
	for name, test := range map[string]struct{ got, want bool }{
		"an app with the key":                  {ours.App(appOf("x", "accessbridge-acme-2", "", true)), true},
		"an app with the mark":                 {ours.App(adopted), true},
		"an app of others":                     {ours.App(appOf("x", "0oaOthers", "", true)), false},
		"another connection's app":             {ours.App(appOf("x", "accessbridge-acme-2-1", "acme", true)), false},
		"an app marked as another's":           {ours.App(appOf("x", "0oaOthers", "globex", true)), false},
		"any connection's app, for no name":    {planner.Ours{}.App(appOf("x", "accessbridge-globex-1", "", true)), true},
		"an app of others, for no name":        {planner.Ours{}.App(appOf("x", "0oaOthers", "", true)), false},
		"a provider with the key":              {ours.IdentityProvider(provider("x", "okta", "accessbridge-acme-1")), true},
		"a provider for the adopted app":       {ours.IdentityProvider(provider("x", "okta", "0oaTheirs")), true},
		"a provider of another type":           {ours.IdentityProvider(provider("x", "oidc", "accessbridge-acme-1")), false},
		"a provider that is remembered":        {ours.IdentityProvider(provider("remembered", "okta", "0oaChanged")), true},
		"a provider that was taken over":       {ours.IdentityProvider(provider("kept", "okta", "0oaChanged")), true},
		"a provider of others":                 {ours.IdentityProvider(provider("x", "okta", "0oaOthers")), false},
		"another connection's provider":        {ours.IdentityProvider(provider("x", "okta", "accessbridge-globex-1")), false},
		"a policy that requires ours":          {ours.Policy(requiring("x", "i"), func(id string) bool { return id == "i" }), true},
		"a policy that is remembered":          {ours.Policy(requiring("policy", "other"), func(string) bool { return false }), true},
		"a policy of others":                   {ours.Policy(requiring("x", "other"), func(string) bool { return false }), false},
		"the app of others may be taken":       {ours.MayTakeApp(appOf("x", "0oaOthers", "", true)), true},
		"an app of another kind may not":       {ours.MayTakeApp(appOf("x", "0oaOthers", "", false)), false},
		"another connection's app may not":     {ours.MayTakeApp(appOf("x", "0oaOthers", "globex", true)), false},
		"a provider of others may be taken":    {ours.MayTakeIdentityProvider(provider("x", "okta", "0oaOthers"), []planner.ListedApp{appOf("y", "0oaOthers", "", true)}), true},
		"one whose app isn't there may not":    {ours.MayTakeIdentityProvider(provider("x", "okta", "0oaOthers"), nil), false},
		"another connection's may not":         {ours.MayTakeIdentityProvider(provider("x", "okta", "0oaOthers"), []planner.ListedApp{appOf("y", "0oaOthers", "globex", true)}), false},
		"a policy about no one's may be taken": {ours.MayTakePolicy([]planner.ListedIdentityProvider{provider("x", "okta", "0oaOthers")}, nil), true},
		"a policy about another's may not":     {ours.MayTakePolicy([]planner.ListedIdentityProvider{provider("x", "okta", "accessbridge-globex-1")}, nil), false},
		"a policy about an adopted app's not":  {ours.MayTakePolicy([]planner.ListedIdentityProvider{provider("x", "okta", "0oaOthers")}, []planner.ListedApp{appOf("y", "0oaOthers", "globex", true)}), false},
	} {
		if test.got != test.want {
			t.Errorf("%s: %v", name, test.got)
		}
	}
}

func requiring(id, identityProviderID string) planner.AccessPolicy {
	return planner.AccessPolicy{ID: id, Decision: "allow", Require: []planner.Rule{planner.LoginMethodRule(identityProviderID)}}
}

func TestOurs_MayEnd_IsForTheRunThatMadeIt(t *testing.T) {
	t.Parallel()
	complete := &planner.Memory{Run: "last", MadeBy: "first", IdentityProvider: "idp", Policies: []string{"policy"}}
	for name, test := range map[string]struct {
		clientID string
		memory   *planner.Memory
		id, run  string
		want     bool
	}{
		"the run that made it":               {"accessbridge-acme-1", complete, "app", "first", true},
		"another run":                        {"accessbridge-acme-1", complete, "app", "last", false},
		"its provider":                       {"accessbridge-acme-1", complete, "idp", "last", false},
		"its policy":                         {"accessbridge-acme-1", complete, "policy", "last", false},
		"what it doesn't consist of":         {"accessbridge-acme-1", complete, "other", "last", true},
		"an app that was never connected":    {"accessbridge-acme-1", &planner.Memory{MadeBy: "first"}, "app", "last", false},
		"an app without a memory":            {"accessbridge-acme-1", nil, "app", "last", false},
		"an adopted app, by its last run":    {"0oaTheirs", complete, "app", "last", true},
		"an adopted app, by another run":     {"0oaTheirs", complete, "app", "first", false},
		"an adopted app, not yet connected":  {"0oaTheirs", &planner.Memory{}, "app", "last", true},
		"an adopted app's policy, by others": {"0oaTheirs", complete, "policy", "other", false},
	} {
		app := appOf("app", test.clientID, "acme", true)
		app.Memory = test.memory
		if got := (planner.Ours{Connection: "acme", Apps: []planner.ListedApp{app}}).MayEnd(test.id, test.run); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAccessPolicy_Declarable(t *testing.T) {
	t.Parallel()
	ours := planner.AccessPolicy{Decision: "allow", Include: []planner.Rule{planner.EmailRule("a@b.example")}, Require: []planner.Rule{planner.LoginMethodRule("i")}}
	if !ours.Declarable() {
		t.Error("what a document declares isn't")
	}
	for name, change := range map[string]func(*planner.AccessPolicy){
		"another decision":       func(p *planner.AccessPolicy) { p.Decision = "bypass" },
		"no requirement":         func(p *planner.AccessPolicy) { p.Require = nil },
		"another requirement":    func(p *planner.AccessPolicy) { p.Require = []planner.Rule{{"everyone": {}}} },
		"everyone":               func(p *planner.AccessPolicy) { p.Include = []planner.Rule{{"everyone": {}}} },
		"a rule of another kind": func(p *planner.AccessPolicy) { p.Include = []planner.Rule{{"okta": {"name": "x"}, "ip": {}}} },
		"an exception":           func(p *planner.AccessPolicy) { p.Exclude = p.Include },
	} {
		policy := ours
		change(&policy)
		if policy.Declarable() {
			t.Errorf("%s is", name)
		}
	}
}

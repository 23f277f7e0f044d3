package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/config"
	"github.com/accessbridge/accessbridge/internal/rules"
)

func TestLoad_Rules_AreReadAsWritten(t *testing.T) {
	t.Parallel()
	settings, err := load(t, least+`
rules:
  - {connections: [acme-*, payroll], orgs: ["*"], accounts: [acme], applications: ["*.acme.example"], adopt: true, emails: true, everyone: true}
  - {connections: ["*"], orgs: [acme], accounts: [ac*], disconnect: true, prevent_disconnect: [payroll]}
`, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := rules.Rules{
		{Connections: []string{"acme-*", "payroll"}, Orgs: []string{"*"}, Accounts: []string{"acme"}, Applications: []string{"*.acme.example"}, Adopt: true, Emails: true, Everyone: true},
		{Connections: []string{"*"}, Orgs: []string{"acme"}, Accounts: []string{"ac*"}, Disconnect: true, PreventDisconnect: []string{"payroll"}},
	}
	if diff := cmp.Diff(want, settings.Rules); diff != "" {
		t.Error(diff)
	}
}

func TestLoad_FindsEachFaultOfARule(t *testing.T) {
	t.Parallel()
	const names = "it must be lower-case letters, digits, hyphens and *, such as acme-*"
	rule := func(more string) string {
		return "[{connections: [acme], orgs: [acme], accounts: [acme], " + more + "}]"
	}
	for name, test := range map[string]struct{ rules, want string }{
		"nothing":            {"", "rules: must be a list of at least one rule; leave it out to allow everything"},
		"an empty list":      {"[]", "rules: must be a list of at least one rule; leave it out to allow everything"},
		"a section":          {"{connections: [acme]}", "rules: must be a list of at least one rule; leave it out to allow everything"},
		"an entry of text":   {"[acme]", "rules[0]: is a text; it must be a section with the keys connections, orgs, accounts, applications, adopt, disconnect, prevent_disconnect, emails, everyone"},
		"no connections":     {"[{orgs: [acme], accounts: [acme]}]", "rules[0].connections: is missing; it must be a list of names, in which * stands for any characters"},
		"a misspelt key":     {rule("aplications: [wiki]"), "rules[0].aplications: is a key that no rule has; did you mean applications?"},
		"another key":        {rule("who: [wiki]"), "rules[0].who: is a key that no rule has; known here are connections, orgs, accounts, applications, adopt, disconnect, prevent_disconnect, emails, everyone"},
		"a word for yes":     {rule("adopt: maybe"), "rules[0].adopt: is a text; it must be true or false"},
		"an empty yes":       {rule("adopt: "), "rules[0].adopt: is empty; it must be true or false"},
		"a text for a list":  {rule("applications: wiki.acme.example"), "rules[0].applications: must be a list with at least one entry"},
		"an empty patterns":  {rule("prevent_disconnect: []"), "rules[0].prevent_disconnect: must be a list with at least one entry"},
		"a number":           {rule("prevent_disconnect: [7]"), "rules[0].prevent_disconnect[0]: is a number; it must be a text: put it in quotes"},
		"capitals in a name": {rule("prevent_disconnect: [ok, Acme]"), `rules[0].prevent_disconnect[1]: is "Acme"; ` + names},
		"a path": {
			rule("applications: [wiki.acme.example/admin]"),
			`rules[0].applications[0]: is "wiki.acme.example/admin"; it must be a hostname without a path, in which * stands for any characters, such as *.acme.example, or the id of an application`,
		},
		"an org that isn't held": {
			"[{connections: [acme], orgs: [acne], accounts: [acme]}]", `rules[0].orgs[0]: is "acne", which fits no entry of okta.orgs; did you mean acme?`,
		},
		"an account that isn't held": {
			"[{connections: [acme], orgs: [acme], accounts: [acme, globex-*]}]", `rules[0].accounts[1]: is "globex-*", which fits no entry of cloudflare.accounts; there are acme`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := load(t, least+"rules: "+test.rules+"\n", nil)
			var faults config.Faults
			if !errors.As(err, &faults) || len(faults) != 1 || faults[0].Key+": "+faults[0].Problem != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestRules_TheDocumentedExample_IsWellFormed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Rules\n")
	_, section, _ = strings.Cut(section, "```yaml\n")
	example, _, _ := strings.Cut(section, "```")
	twoTenants := "okta: {orgs: {acme: {url: 'https://acme.okta.com', api_token: t}, globex: {url: 'https://globex.okta.com', api_token: t}}}\n" +
		"cloudflare: {accounts: {acme: {account_id: " + accountID + ", api_token: t}, globex: {account_id: " + accountID + ", api_token: t}}}\n"
	settings, err := load(t, twoTenants+example, nil)
	if err != nil || len(settings.Rules) != 2 {
		t.Errorf("it has %d rules: %v", len(settings.Rules), err)
	}
}

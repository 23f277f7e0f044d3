package planner_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/planner"
)

// TestMalformed_IDsInRules are looked at too, in the API's words and the dashboard's.
func TestMalformed_IDsInRules(t *testing.T) {
	t.Parallel()
	const sound, bad = "0123456789abcdef0123456789abcdef", "../policies"
	for name, test := range map[string]struct {
		rule planner.Rule
		path string
	}{
		"group":            {planner.OktaGroupRule("../any ? name", sound), ""},
		"e-mail":           {planner.EmailRule("a/b@acme.example"), ""},
		"of others":        {planner.Rule{"group": {"id": bad}}, ""},
		"group of a bad":   {planner.OktaGroupRule("Engineering", bad), "include[0].okta.identity_provider_id"},
		"by the dashboard": {planner.Rule{"okta": {"connection_id": bad}}, "include[0].okta.connection_id"},
		"login method":     {planner.LoginMethodRule(bad), "include[0].login_method.id"},
	} {
		faults := planner.Malformed(planner.AccessPolicy{ID: sound, Include: []planner.Rule{test.rule}})
		if (len(faults) > 0) != (test.path != "") || len(faults) > 0 && faults[0].Path != test.path {
			t.Errorf("%s: %v, want %q", name, faults, test.path)
		}
	}
}

// TestMalformed_WhatIsQuoted is on one line, and ends.
func TestMalformed_WhatIsQuoted(t *testing.T) {
	t.Parallel()
	faults := planner.Malformed(planner.SignIn{IdentityProviders: []string{"\x1b[2J\nforged" + strings.Repeat("x", 5000)}})
	if len(faults) != 1 || strings.ContainsAny(faults[0].String(), "\x1b\n") || len(faults[0].String()) > 400 {
		t.Errorf("got %q", faults)
	}
}

func TestMemory_Sound_LooksAtEachID(t *testing.T) {
	t.Parallel()
	for name, memory := range map[string]planner.Memory{
		"identity provider": {IdentityProvider: "a/b"}, "policy": {Policies: []string{"../x"}}, "group": {Groups: []string{"?"}},
		"client secret": {Secret: planner.HandedSecret{ID: "a/b"}}, "application": {Offered: []planner.Offering{{Application: "a/b"}}},
	} {
		if memory.Sound() {
			t.Errorf("%s: it is taken for sound", name)
		}
	}
}

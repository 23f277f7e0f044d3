package cloudflare

import "testing"

func TestJudge_FirstPolicyMetDecides(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	account := &account{groups: newCollection(), policies: newCollection()}
	account.groups.put("staff", resource{"name": "staff", "include": []any{m{"email_domain": m{"domain": "acme.example"}}}})
	account.groups.put("loop", resource{"name": "loop", "include": []any{m{"group": m{"id": "loop"}}}})
	okta := func(group string) any {
		return m{"okta": m{"name": group, "identity_provider_id": "idp"}}
	}
	who := identity{
		Email: "Alice@acme.example", Groups: []string{"Engineering"}, Provider: "idp", Claims: m{"team": []any{"red"}, "level": "high"},
	}
	everyone := m{"everyone": m{}}
	for name, test := range map[string]struct {
		include, exclude, require []any
		decision                  string
		want                      bool
	}{
		"group":                     {include: []any{okta("Engineering")}, want: true},
		"group of the wrong case":   {include: []any{okta("engineering")}},
		"group elsewhere":           {include: []any{m{"okta": m{"name": "Engineering", "identity_provider_id": "other"}}}},
		"older name of the field":   {include: []any{m{"okta": m{"name": "Engineering", "connection_id": "idp"}}}, want: true},
		"one of several":            {include: []any{okta("Sales"), okta("Engineering")}, want: true},
		"email":                     {include: []any{m{"email": m{"email": "alice@ACME.example"}}}, want: true},
		"email domain":              {include: []any{m{"email_domain": m{"domain": "acme.example"}}}, want: true},
		"domain that ends alike":    {include: []any{m{"email_domain": m{"domain": "me.example"}}}},
		"login method":              {include: []any{m{"login_method": m{"id": "idp"}}}, want: true},
		"everyone":                  {include: []any{everyone}, want: true},
		"access group":              {include: []any{m{"group": m{"id": "staff"}}}, want: true},
		"access group in itself":    {include: []any{m{"group": m{"id": "loop"}}}},
		"claim in a list":           {include: []any{m{"oidc": m{"claim_name": "team", "claim_value": "red"}}}, want: true},
		"claim":                     {include: []any{m{"oidc": m{"claim_name": "level", "claim_value": "low"}}}},
		"rule that isn't judged":    {include: []any{m{"geo": m{"country_code": "CH"}}}},
		"excluded":                  {include: []any{everyone}, exclude: []any{okta("Engineering")}},
		"one requirement missing":   {include: []any{everyone}, require: []any{okta("Engineering"), okta("Sales")}},
		"all requirements there":    {include: []any{everyone}, require: []any{okta("Engineering"), m{"group": m{"id": "staff"}}}, want: true},
		"met, and the answer is no": {include: []any{everyone}, decision: "deny"},
	} {
		if test.decision == "" {
			test.decision = "allow"
		}
		deciding := resource{"name": "p", "decision": test.decision, "include": test.include, "exclude": test.exclude, "require": test.require}
		notMet := resource{"name": "not met", "decision": "allow", "include": []any{okta("Nobody")}}
		if got, reason := account.judge([]resource{notMet, deciding}, who); got != test.want {
			t.Errorf("%s: got %v, %s", name, got, reason)
		}
	}
}

func TestJudge_NoPolicy_LetsNobodyIn(t *testing.T) {
	t.Parallel()
	if got, reason := new(account).judge(nil, identity{}); got || reason != "no policy lets anybody in" {
		t.Errorf("got %v, %s", got, reason)
	}
}

package cloudflare_test

import (
	"testing"

	cf "github.com/cloudflare/cloudflare-go"
	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
)

func refusing(refuse bool) func(*cloudflare.Config) {
	return func(config *cloudflare.Config) { config.RefuseDeletingUsedIdentityProvider = refuse }
}

func TestPolicy_LifeThroughTheSDK(t *testing.T) {
	t.Parallel()
	f := start(t)
	provider := f.must(t, 201, "POST", "identity_providers", okta("Okta")).id()
	before := f.state(t)
	include := []any{
		rule("okta", m{"name": "Engineering", "identity_provider_id": provider}), rule("email", m{"email": "ceo@acme.example"}),
	}
	created, err := f.client.CreateAccessPolicy(t.Context(), identifier(), cf.CreateAccessPolicyParams{
		Name: "Okta staff", Decision: "allow", Include: include,
	})
	if err != nil {
		t.Fatal(err)
	}
	updated, err := f.client.UpdateAccessPolicy(t.Context(), identifier(), cf.UpdateAccessPolicyParams{
		PolicyID: created.ID, Name: "Okta staff", Decision: "allow", Include: include[:1],
	})
	if err != nil || len(updated.Include) != 1 {
		t.Errorf("got %+v, %v", updated, err)
	}
	read, err := f.client.GetAccessPolicy(t.Context(), identifier(), cf.GetAccessPolicyParams{PolicyID: created.ID})
	if err != nil {
		t.Fatal(err)
	}
	want := []any{map[string]any{"okta": map[string]any{"name": "Engineering", "identity_provider_id": provider}}}
	if difference := cmp.Diff(want, read.Include); difference != "" || len(read.Exclude) != 0 {
		t.Error(difference)
	}
	listed, _, err := f.client.ListAccessPolicies(t.Context(), identifier(), cf.ListAccessPoliciesParams{})
	if err != nil || len(listed) != 1 {
		t.Errorf("got %+v, %v", listed, err)
	}
	if err := f.client.DeleteAccessPolicy(t.Context(), identifier(), cf.DeleteAccessPolicyParams{PolicyID: created.ID}); err != nil {
		t.Error(err)
	}
	err = f.client.DeleteAccessPolicy(t.Context(), identifier(), cf.DeleteAccessPolicyParams{PolicyID: created.ID})
	if status, code := codeOf(err); status != 404 || code != 12135 {
		t.Errorf("got %v", err)
	}
	if after := f.state(t); after != before {
		t.Errorf("the state must be as before, got %s", after)
	}
}

func TestPolicy_Create_AnswersWithWhatTheAPIAdds(t *testing.T) {
	t.Parallel()
	f := start(t)
	body := policy("p", rule("everyone", m{}))
	body["precedence"], body["exclude"], body["approval_groups"] = 0, nil, nil // what cloudflare-go sends
	got := f.must(t, 201, "POST", "policies", body).result()
	want := m{
		"id": got["id"], "name": "p", "decision": "allow", "include": []any{m{"everyone": m{}}}, "exclude": []any{}, "require": []any{},
		"reusable": true, "app_count": 0.0, "session_duration": "24h", "created_at": got["created_at"], "updated_at": got["updated_at"],
	}
	if difference := cmp.Diff(want, got); difference != "" {
		t.Error(difference)
	}
}

func TestPolicy_Attached_DeleteIsRefusedUntilTheLagIsOver(t *testing.T) {
	t.Parallel()
	f := start(t, func(config *cloudflare.Config) { config.DetachLag = 1 })
	id := f.must(t, 201, "POST", "policies", policy("p", rule("everyone", m{}))).id()
	application := f.must(t, 201, "POST", "apps", m{"type": "self_hosted", "name": "a", "domain": "a.example", "policies": []string{id}}).result()
	if got := f.must(t, 200, "GET", "policies/"+id, nil).result(); got["app_count"] != 1.0 {
		t.Errorf("got %v", got)
	}
	f.must(t, 409, "DELETE", "policies/"+id, nil)
	f.must(t, 200, "PUT", "apps/"+application["id"].(string), m{"type": "self_hosted", "name": "a", "domain": "a.example", "policies": []string{}})
	f.must(t, 409, "DELETE", "policies/"+id, nil)
	f.must(t, 202, "DELETE", "policies/"+id, nil)
}

func TestPolicy_WrongRules_AreRefusedWithTheRecordedCodes(t *testing.T) {
	t.Parallel()
	f := start(t)
	pin := f.must(t, 201, "POST", "identity_providers", m{"name": "PIN", "type": "onetimepin", "config": m{}}).id()
	for name, test := range map[string]struct {
		body   any
		status int
		code   string
	}{
		"unknown identity provider": {policy("p", rule("okta", m{"name": "a", "identity_provider_id": unknown})), 400, "11017 access.api.error.invalid_policy"},
		"not an Okta one":           {policy("p", rule("okta", m{"name": "a", "identity_provider_id": pin})), 400, "11017 access.api.error.invalid_policy"},
		"unknown login method":      {policy("p", rule("login_method", m{"id": unknown})), 400, "11017 access.api.error.invalid_policy"},
		"unknown rule":              {policy("p", rule("identity_provider", m{})), 400, "12130 access.api.error.invalid_request: invalid 'include' configuration"},
		"no rule":                   {policy("p"), 400, "12130 access.api.error.invalid_request: invalid 'include' configuration"},
		"no decision":               {m{"name": "p", "include": []m{rule("everyone", m{})}}, 400, "12130 access.api.error.invalid_request: invalid 'decision'"},
		"no JSON":                   {"{", 400, "12130 access.api.error.invalid_request: the request body is not a JSON object"},
		"group by name":             {policy("p", rule("group", m{"id": "Engineering"})), 500, "10001 access.api.error.internal_server_error"},
	} {
		if got := f.call(t, token, "POST", "policies", test.body); got.Status != test.status || got.code() != test.code {
			t.Errorf("%s: got %d %s", name, got.Status, got.code())
		}
	}
	if got := f.must(t, 200, "GET", "policies", nil).results(); len(got) != 0 {
		t.Errorf("a refused policy must not be there: %v", got)
	}
}

func TestGroup_Life(t *testing.T) {
	t.Parallel()
	f := start(t)
	created, err := f.client.CreateAccessGroup(t.Context(), identifier(), cf.CreateAccessGroupParams{
		Name: "staff", Include: []any{rule("email_domain", m{"domain": "acme.example"})},
	})
	if err != nil {
		t.Fatal(err)
	}
	f.must(t, 200, "PUT", "groups/"+created.ID, m{"name": "everybody", "include": []m{rule("everyone", m{})}})
	f.must(t, 201, "POST", "policies", policy("p", rule("group", m{"id": created.ID})))
	if got := names(f.must(t, 200, "GET", "groups", nil).results()); len(got) != 1 || got[0] != "everybody" {
		t.Errorf("got %v", got)
	}
	f.must(t, 200, "GET", "groups/"+created.ID, nil)
	f.must(t, 202, "DELETE", "groups/"+created.ID, nil)
	f.must(t, 404, "GET", "groups/"+created.ID, nil)
}

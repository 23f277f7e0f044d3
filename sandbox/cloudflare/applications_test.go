package cloudflare_test

import (
	"testing"

	cf "github.com/cloudflare/cloudflare-go"
	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
)

func seeded(config *cloudflare.Config) {
	config.Accounts[0].Applications = []cloudflare.Application{
		{Name: "Wiki", Domain: "wiki.acme.example"}, {Name: "Wiki of Support", Domain: "help.acme.example/wiki"},
	}
}

func TestApplication_UpdatePoliciesThroughTheSDK(t *testing.T) {
	t.Parallel()
	f := start(t, seeded)
	before := f.state(t)
	first := f.must(t, 201, "POST", "policies", policy("first", rule("everyone", m{}))).id()
	second := f.must(t, 201, "POST", "policies", policy("second", rule("everyone", m{}))).id()
	listed, _, err := f.client.ListAccessApplications(t.Context(), identifier(), cf.ListAccessApplicationsParams{})
	if err != nil || len(listed) != 2 {
		t.Fatalf("got %+v, %v", listed, err)
	}
	application := listed[0]
	update := cf.UpdateAccessApplicationParams{
		ID: application.ID, Name: application.Name, Domain: application.Domain, Type: application.Type,
		SessionDuration: application.SessionDuration, AppLauncherVisible: application.AppLauncherVisible,
		Policies: &[]string{second, first},
	}
	updated, err := f.client.UpdateAccessApplication(t.Context(), identifier(), update)
	if err != nil {
		t.Fatal(err)
	}
	if len(updated.Policies) != 2 || updated.Policies[0].Name != "second" || updated.Policies[1].Precedence != 2 {
		t.Errorf("got %+v", updated.Policies)
	}
	update.Policies = nil
	if updated, err = f.client.UpdateAccessApplication(t.Context(), identifier(), update); err != nil || len(updated.Policies) != 2 {
		t.Errorf("without policies, they stay: %+v, %v", updated, err)
	}
	update.Policies = &[]string{}
	if updated, err = f.client.UpdateAccessApplication(t.Context(), identifier(), update); err != nil || len(updated.Policies) != 0 {
		t.Errorf("with none, they go: %+v, %v", updated, err)
	}
	f.must(t, 202, "DELETE", "policies/"+first, nil)
	f.must(t, 202, "DELETE", "policies/"+second, nil)
	_ = before // cloudflare-go sends more fields than the application had
}

func TestApplication_PutOfWhatWasRead_ChangesNothing(t *testing.T) {
	t.Parallel()
	f := start(t, seeded)
	before := f.state(t)
	id := f.must(t, 201, "POST", "policies", policy("p", rule("everyone", m{}))).id()
	read := f.must(t, 200, "GET", "apps?name=Wiki&exact=true", nil).results()[0]
	path := "apps/" + read["id"].(string)
	read["policies"] = []any{m{"id": id, "precedence": 7}}
	if got := f.must(t, 200, "PUT", path, read).result()["policies"].([]any)[0].(map[string]any); got["precedence"] != 7.0 || got["reusable"] != true {
		t.Errorf("got %v", got)
	}
	read["policies"] = []any{}
	f.must(t, 200, "PUT", path, read)
	f.must(t, 202, "DELETE", "policies/"+id, nil)
	if difference := cmp.Diff(before, f.state(t)); difference != "" {
		t.Error(difference)
	}
}

func TestApplication_List_Filters(t *testing.T) {
	t.Parallel()
	f := start(t, seeded)
	for query, want := range map[string][]string{
		"":                                    {"Wiki", "Wiki of Support"},
		"name=Wiki":                           {"Wiki", "Wiki of Support"},
		"name=Wiki&exact=true":                {"Wiki"},
		"domain=help.acme.example":            {"Wiki of Support"},
		"domain=help.acme.example&exact=true": {},
		"search=HELP":                         {"Wiki of Support"},
		"per_page=1&page=2":                   {"Wiki of Support"},
	} {
		if difference := cmp.Diff(want, names(f.must(t, 200, "GET", "apps?"+query, nil).results())); difference != "" {
			t.Error(query, difference)
		}
	}
}

func TestApplication_OwnPolicies(t *testing.T) {
	t.Parallel()
	f := start(t, seeded)
	application := f.must(t, 201, "POST", "apps", m{
		"type": "self_hosted", "name": "a", "domain": "a.example", "policies": []any{policy("inline", rule("everyone", m{}))},
	}).id()
	path := "apps/" + application + "/policies"
	own := f.must(t, 201, "POST", path, policy("own", rule("everyone", m{}))).result()
	if own["precedence"] != 2.0 || own["reusable"] != false {
		t.Errorf("got %v", own)
	}
	taken := policy("taken", rule("everyone", m{}))
	taken["precedence"] = 2
	if got := f.call(t, token, "POST", path, taken); got.Status != 400 || got.code() != "12130 access.api.error.invalid_request: policy precedences must be unique" {
		t.Errorf("got %d %s", got.Status, got.code())
	}
	one := path + "/" + own["id"].(string)
	f.must(t, 200, "PUT", one, policy("renamed", rule("everyone", m{})))
	if got := f.must(t, 200, "GET", one, nil).result(); got["name"] != "renamed" || got["precedence"] != 2.0 {
		t.Errorf("got %v", got)
	}
	if difference := cmp.Diff([]string{"inline", "renamed"}, names(f.must(t, 200, "GET", path, nil).results())); difference != "" {
		t.Error(difference)
	}
	f.must(t, 202, "DELETE", one, nil)
	f.must(t, 404, "GET", one, nil)
	f.must(t, 202, "DELETE", "apps/"+application, nil)
	if got := f.must(t, 200, "GET", "policies", nil).results(); len(got) != 0 || len(f.api.Policies(account)) != 0 {
		t.Errorf("an application's own policies go with it, got %v", f.api.Policies(account))
	}
}

func TestApplication_AutoRedirect_NeedsExactlyOneIdentityProvider(t *testing.T) {
	t.Parallel()
	f := start(t)
	one := f.must(t, 201, "POST", "identity_providers", okta("one")).id()
	two := f.must(t, 201, "POST", "identity_providers", okta("two")).id()
	for want, allowed := range map[int][][]string{201: {{one}}, 400: {{}, {one, two}}} {
		for _, ids := range allowed {
			body := m{"type": "self_hosted", "name": "a", "domain": "a.example", "allowed_idps": ids, "auto_redirect_to_identity": true}
			if got := f.call(t, token, "POST", "apps", body); got.Status != want {
				t.Errorf("with %d identity providers: %d %s", len(ids), got.Status, got.code())
			} else if want == 201 {
				f.must(t, 202, "DELETE", "apps/"+got.id(), nil)
			}
		}
	}
}

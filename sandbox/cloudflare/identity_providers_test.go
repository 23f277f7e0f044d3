package cloudflare_test

import (
	"strings"
	"testing"

	cf "github.com/cloudflare/cloudflare-go"
)

func TestIdentityProvider_LifeThroughTheSDK(t *testing.T) {
	t.Parallel()
	f := start(t)
	before := f.state(t)
	pkce := true
	created, err := f.client.CreateAccessIdentityProvider(t.Context(), identifier(), cf.CreateAccessIdentityProviderParams{
		Name: "Okta", Type: "okta", Config: cf.AccessIdentityProviderConfiguration{
			ClientID: "0oa1", ClientSecret: "the-secret", OktaAccount: "https://acme.okta.example", Claims: []string{"groups"}, PKCEEnabled: &pkce,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if created.Config.RedirectURL != "https://acme.cloudflareaccess.example/cdn-cgi/access/callback" || created.Config.ClientSecret != "" {
		t.Errorf("got %+v", created.Config)
	}
	read, err := f.client.GetAccessIdentityProvider(t.Context(), identifier(), created.ID)
	if err != nil || read.Config.ClientID != "0oa1" || read.Config.ClientSecret != "" || !*read.Config.PKCEEnabled {
		t.Errorf("got %+v, %v", read, err)
	}
	if state := f.state(t); strings.Contains(state, "the-secret") || !strings.Contains(state, `"client_secret": "sha256:`) {
		t.Errorf("the state must show the hash of the secret alone: %s", state)
	}
	listed, _, err := f.client.ListAccessIdentityProviders(t.Context(), identifier(), cf.ListAccessIdentityProvidersParams{})
	if err != nil || len(listed) != 1 || listed[0].ID != created.ID {
		t.Errorf("got %+v, %v", listed, err)
	}
	if _, err := f.client.DeleteAccessIdentityProvider(t.Context(), identifier(), created.ID); err != nil {
		t.Error(err)
	}
	if status, code := codeOf(errorOf(f.client.GetAccessIdentityProvider(t.Context(), identifier(), created.ID))); status != 404 || code != 12135 {
		t.Errorf("got %d %d", status, code)
	}
	if after := f.state(t); after != before {
		t.Errorf("the state must be as before, got %s", after)
	}
}

func errorOf[T any](_ T, err error) error { return err }

func TestIdentityProvider_SameNameTwice_MakesTwo(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.must(t, 201, "POST", "identity_providers", okta("Okta"))
	f.must(t, 201, "POST", "identity_providers", okta("Okta"))
	if got := f.must(t, 200, "GET", "identity_providers", nil).results(); len(got) != 2 {
		t.Errorf("got %v", got)
	}
}

func TestIdentityProvider_PutWithoutSecret_LosesIt(t *testing.T) {
	t.Parallel()
	f := start(t)
	id := f.must(t, 201, "POST", "identity_providers", okta("Okta")).id()
	f.must(t, 200, "PUT", "identity_providers/"+id, m{"name": "Okta", "type": "okta", "config": m{"client_id": "0oa1"}})
	stored := f.api.IdentityProviders(account)[0]["config"].(map[string]any)
	if len(stored) != 1 {
		t.Errorf("a PUT replaces the whole, got %v", stored)
	}
}

func TestIdentityProvider_SCIMSecret_IsShownOnce(t *testing.T) {
	t.Parallel()
	f := start(t)
	body := okta("Okta")
	id := f.must(t, 201, "POST", "identity_providers", body).id()
	body["scim_config"] = m{"enabled": true, "user_deprovision": true, "seat_deprovision": true}
	first := f.must(t, 200, "PUT", "identity_providers/"+id, body).result()["scim_config"].(map[string]any)
	again := f.must(t, 200, "PUT", "identity_providers/"+id, body).result()["scim_config"].(map[string]any)
	if first["secret"] == nil || again["secret"] != nil || again["scim_base_url"] == nil {
		t.Errorf("got %v, then %v", first, again)
	}
}

func TestIdentityProvider_InUse_DeletesOrRefusesAsSwitched(t *testing.T) {
	t.Parallel()
	for name, refuse := range map[string]bool{"allowed": false, "refused": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, refusing(refuse))
			want := map[bool]int{true: 409, false: 202}[refuse]
			byRule := f.must(t, 201, "POST", "identity_providers", okta("by rule")).id()
			f.must(t, 201, "POST", "policies", policy("p", rule("okta", m{"name": "Engineering", "identity_provider_id": byRule})))
			f.must(t, want, "DELETE", "identity_providers/"+byRule, nil)
			byApplication := f.must(t, 201, "POST", "identity_providers", okta("by application")).id()
			f.must(t, 201, "POST", "apps", m{"type": "self_hosted", "name": "a", "domain": "a.example", "allowed_idps": []string{byApplication}})
			f.must(t, want, "DELETE", "identity_providers/"+byApplication, nil)
			unused := f.must(t, 201, "POST", "identity_providers", okta("unused")).id()
			f.must(t, 202, "DELETE", "identity_providers/"+unused, nil)
		})
	}
}

func TestIdentityProvider_List_Pages(t *testing.T) {
	t.Parallel()
	f := start(t)
	for _, name := range []string{"1", "2", "3"} {
		f.must(t, 201, "POST", "identity_providers", okta(name))
	}
	got := f.must(t, 200, "GET", "identity_providers?page=2&per_page=2", nil)
	info := got.Body["result_info"].(map[string]any)
	if len(got.results()) != 1 || info["page"] != 2.0 || info["per_page"] != 2.0 || info["count"] != 1.0 || info["total_count"] != 3.0 {
		t.Errorf("got %v", got.Body)
	}
	if got := f.must(t, 200, "GET", "identity_providers", nil).Body["result_info"].(map[string]any); got["per_page"] != 200.0 {
		t.Errorf("got %v", got)
	}
}

func TestIdentityProvider_TokenWithoutPermission(t *testing.T) {
	t.Parallel()
	f := start(t)
	id := f.must(t, 201, "POST", "identity_providers", okta("Okta")).id()
	got := f.call(t, "policies-only", "GET", "identity_providers", nil)
	if got.Status != 200 || len(got.results()) != 0 || got.Body["success"] != true {
		t.Errorf("the list must be empty, and no error: %d %v", got.Status, got.Body)
	}
	for _, call := range []string{"GET identity_providers/" + id, "POST identity_providers", "DELETE identity_providers/" + id, "GET organizations"} {
		method, path, _ := strings.Cut(call, " ")
		if got := f.call(t, "policies-only", method, path, okta("Okta")); got.Status != 403 || got.code() != "10000 Authentication error" {
			t.Errorf("%s: %d %s", call, got.Status, got.code())
		}
	}
	if got := f.call(t, "idp-reader", "GET", "identity_providers", nil).results(); len(got) != 1 {
		t.Errorf("got %v", got)
	}
	if got := f.call(t, "idp-reader", "DELETE", "identity_providers/"+id, nil); got.Status != 403 {
		t.Errorf("got %v", got)
	}
}

func TestIdentityProviders_SettingsOfAnotherType_AreRefused(t *testing.T) {
	t.Parallel()
	f := start(t)
	for name, body := range map[string]m{
		"client id": {"name": "x", "type": "okta", "config": m{"client_id": 5}},
		"SCIM":      {"name": "x", "type": "okta", "config": m{"client_id": "c"}, "scim_config": m{"enabled": "yes"}},
	} {
		if got := f.call(t, token, "POST", "identity_providers", body); got.Status != 400 {
			t.Errorf("%s: got %d %v", name, got.Status, got.Body)
		}
	}
}

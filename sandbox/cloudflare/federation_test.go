package cloudflare_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
)

func TestFederationGrant_Life(t *testing.T) {
	t.Parallel()
	f := start(t)
	provider := f.must(t, 201, "POST", "identity_providers", okta("Okta")).id()
	before := f.state(t)
	grant := f.must(t, 201, "POST", "idp_federation_grants", m{"idp_id": provider})
	if got := grant.result(); got["idp_id"] != provider || got["created_at"] == nil {
		t.Errorf("got %v", got)
	}
	path := "idp_federation_grants/" + grant.id()
	if got := f.must(t, 200, "GET", path, nil).result(); got["idp_id"] != provider {
		t.Errorf("got %v", got)
	}
	if got := f.must(t, 200, "GET", "idp_federation_grants", nil).results(); len(got) != 1 {
		t.Errorf("got %v", got)
	}
	if got := f.call(t, token, "DELETE", "identity_providers/"+provider, nil); got.Status != 409 || !strings.Contains(got.code(), "federation grant") {
		t.Errorf("deleting a source: %d %s", got.Status, got.code())
	}
	f.must(t, 200, "DELETE", path, nil)
	f.must(t, 404, "GET", path, nil)
	f.must(t, 404, "DELETE", path, nil)
	if after := f.state(t); after != before {
		t.Errorf("the state must be as before, got %s", after)
	}
	f.must(t, 202, "DELETE", "identity_providers/"+provider, nil)
}

func TestFederationGrant_Refused(t *testing.T) {
	t.Parallel()
	f := start(t)
	grant := func(id string) int { return f.call(t, token, "POST", "idp_federation_grants", m{"idp_id": id}).Status }
	add := func(kind string, readOnly bool) string {
		id := f.api.AddIdentityProvider(account, cloudflare.IdentityProvider{Name: kind, Type: kind})
		f.api.EditIdentityProvider(account, id, func(stored map[string]any) { stored["read_only"] = readOnly })
		return id
	}
	for name, id := range map[string]string{"unknown": "x", "PIN": add("onetimepin", false), "Cloudflare's": add("cloudflare", false), "another account's": add("okta", true)} {
		if status := grant(id); status != 400 {
			t.Errorf("%s: %d", name, status)
		}
	}
	first := add("okta", false)
	for i := range 5 {
		if id := []string{first, add("okta", false)}[min(i, 1)]; grant(id) != 201 {
			t.Errorf("grant %d was refused", i+1)
		}
	}
	if status := grant(add("okta", false)); status != 400 {
		t.Errorf("a sixth grant: %d", status)
	}
	if status := grant(first); status != 409 {
		t.Errorf("a second grant of one: %d", status)
	}
}

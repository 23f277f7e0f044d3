package conformance_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/host"
)

// requestsOfAToken are more than the other answers need.
const requestsOfAToken = 100

func cloudflareAnswers(t *testing.T, sandbox *host.Sandbox) {
	account := sandbox.Accounts["acme"]
	client := sandbox.CA.Client()
	defer client.CloseIdleConnections()
	d := &drive{t, client, sandbox.API.URL, "Bearer " + account.Token, map[string]string{"none": "00000000-0000-0000-0000-000000000000"}}
	d.ids["a"] = "/accounts/" + account.ID + "/access"
	everyone := []m{{"everyone": m{}}}
	okta := m{"name": "Okta", "type": "okta", "config": m{"client_id": "c", "client_secret": "s", "okta_account": "https://acme.okta.example"}}

	d.send(200, "GET /user/tokens/verify", nil)
	d.send(200, "GET {a}/organizations", nil)
	d.send(201, "POST {a}/identity_providers", okta, "idp")
	d.send(400, "POST {a}/identity_providers", m{})
	d.send(200, "GET {a}/identity_providers", nil)
	d.send(200, "GET {a}/identity_providers/{idp}", nil)
	d.send(404, "GET {a}/identity_providers/{none}", nil)
	okta["scim_config"] = m{"enabled": true}
	d.send(200, "PUT {a}/identity_providers/{idp}", okta)
	d.send(201, "POST {a}/policies", m{"name": "p", "decision": "allow", "include": []m{
		{"okta": m{"name": "Engineering", "identity_provider_id": "{idp}"}}, {"email": m{"email": "a@acme.example"}}, {"email_domain": m{"domain": "acme.example"}},
	}}, "policy")
	d.send(200, "GET {a}/policies", nil)
	d.send(200, "GET {a}/policies/{policy}", nil)
	d.send(200, "PUT {a}/policies/{policy}", m{"name": "p", "decision": "allow", "include": everyone})
	d.send(201, "POST {a}/groups", m{"name": "g", "include": everyone}, "group")
	d.send(200, "GET {a}/groups", nil)
	d.send(200, "GET {a}/groups/{group}", nil)
	d.send(200, "PUT {a}/groups/{group}", m{"name": "g", "include": []m{{"okta": m{"name": "Engineering", "connection_id": "{idp}"}}}})
	d.send(201, "POST {a}/apps", m{"type": "self_hosted", "name": "a", "domain": "a.example", "policies": []string{"{policy}"}}, "app")
	d.send(409, "DELETE {a}/policies/{policy}", nil)
	d.send(200, "GET {a}/apps", nil)
	d.send(200, "GET {a}/apps/{app}", nil)
	d.send(200, "PUT {a}/apps/{app}", m{"type": "self_hosted", "name": "a", "domain": "a.example", "policies": []string{}})
	d.send(201, "POST {a}/apps/{app}/policies", m{"name": "own", "decision": "allow", "include": everyone, "precedence": 1}, "own")
	d.send(200, "GET {a}/apps/{app}/policies", nil)
	d.send(200, "GET {a}/apps/{app}/policies/{own}", nil)
	d.send(200, "PUT {a}/apps/{app}/policies/{own}", m{"name": "own", "decision": "deny", "include": everyone, "precedence": 1})
	d.send(202, "DELETE {a}/apps/{app}/policies/{own}", nil)
	d.send(202, "DELETE {a}/apps/{app}", nil)
	d.send(202, "DELETE {a}/policies/{policy}", nil)
	d.send(202, "DELETE {a}/groups/{group}", nil)
	d.send(201, "POST {a}/idp_federation_grants", m{"idp_id": "{idp}"}, "grant")
	d.send(200, "GET {a}/idp_federation_grants", nil)
	d.send(200, "DELETE {a}/idp_federation_grants/{grant}", nil)
	d.send(202, "DELETE {a}/identity_providers/{idp}", nil)
	d.send(200, "GET {a}/logs/access_requests", nil)
	d.send(500, "POST {a}/policies", m{"name": "p", "decision": "allow", "include": []m{{"group": m{"id": "a name"}}}})
	d.send(404, "GET {a}/unheard-of", nil)
	d.auth = "Bearer unknown"
	for range requestsOfAToken {
		d.send(403, "GET {a}/policies", nil)
	}
	d.send(429, "GET {a}/policies", nil)
}

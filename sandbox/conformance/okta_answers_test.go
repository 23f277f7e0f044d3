package conformance_test

import (
	"net/url"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/host"
)

// app is what a connection asks Okta for.
var app = m{
	"name": "oidc_client", "label": "Cloudflare Access", "signOnMode": "OPENID_CONNECT",
	"credentials": m{"oauthClient": m{"token_endpoint_auth_method": "client_secret_basic", "autoKeyRotation": true}},
	"settings": m{"oauthClient": m{
		"application_type": "web", "grant_types": []string{"authorization_code"}, "response_types": []string{"code"},
		"redirect_uris": []string{"https://acme.example/cdn-cgi/access/callback"}, "issuer_mode": "ORG_URL", "consent_method": "TRUSTED",
	}},
}

func oktaAnswers(t *testing.T, sandbox *host.Sandbox) {
	d := oktaDrive(t, sandbox)
	const secrets = "/api/v1/apps/{app}/credentials/secrets"
	d.send(200, "GET /.well-known/okta-organization", nil)
	d.send(200, "GET /.well-known/openid-configuration", nil)
	d.send(200, "GET /oauth2/v1/keys", nil)
	d.send(200, "GET /api/v1/org", nil)
	d.send(200, "GET /api/v1/groups?q=Eng", nil)
	d.send(200, "GET /api/v1/groups/{g}", nil)
	d.send(200, "POST /api/v1/groups", m{"profile": m{"name": "New"}}, "new")
	d.send(200, "POST /api/v1/apps?activate=true", app, "app")
	d.send(400, "POST /api/v1/apps", m{"name": "oidc_client"})
	d.send(200, "GET /api/v1/apps?q=Cloudflare", nil)
	d.send(200, "GET /api/v1/apps/{app}", nil)
	d.send(404, "GET /api/v1/apps/0oanone", nil)
	d.send(200, "PUT /api/v1/apps/{app}", app)
	d.send(200, "PUT /api/v1/apps/{app}/groups/{g}", m{})
	d.send(500, "PUT /api/v1/apps/{app}/groups/{g}", m{"priority": 0})
	d.send(200, "GET /api/v1/apps/{app}/groups", nil)
	d.send(200, "GET /api/v1/apps/{app}/groups/{g}", nil)
	d.send(200, "GET /api/v1/groups/{g}/apps", nil)
	d.send(200, "GET "+secrets, nil)
	d.send(201, "POST "+secrets, m{}, "secret")
	d.send(200, "GET "+secrets+"/{secret}", nil)
	d.send(200, "POST "+secrets+"/{secret}/lifecycle/deactivate", nil)
	d.send(200, "POST "+secrets+"/{secret}/lifecycle/activate", nil)
	d.send(200, "POST "+secrets+"/{secret}/lifecycle/deactivate", nil)
	d.send(204, "DELETE "+secrets+"/{secret}", nil)
	d.send(200, "GET /api/v1/authorizationServers", nil)
	d.send(204, "DELETE /api/v1/apps/{app}/groups/{g}", nil)
	d.send(403, "DELETE /api/v1/apps/{app}", nil)
	d.send(200, "POST /api/v1/apps/{app}/lifecycle/deactivate", nil)
	d.send(200, "POST /api/v1/apps/{app}/lifecycle/activate", nil)
	d.send(200, "POST /api/v1/apps/{app}/lifecycle/deactivate", nil)
	d.send(204, "DELETE /api/v1/apps/{app}", nil)
	d.send(204, "DELETE /api/v1/groups/{new}", nil)
	d.auth = "SSWS wrong"
	d.send(401, "GET /api/v1/apps", nil)
}

// otherOktaAnswers are of endpoints that no step of the procedure needs.
func otherOktaAnswers(t *testing.T, sandbox *host.Sandbox) {
	d := oktaDrive(t, sandbox)
	d.send(400, "GET /api/v1/groups?search=nonsense", nil)
	d.send(405, "PATCH /api/v1/apps", nil)
	users := d.send(200, "GET /api/v1/users", nil).([]any)
	d.ids["user"] = users[0].(m)["id"].(string)
	d.send(201, "POST /api/v1/groups/{g}/owners", m{"id": "{user}", "type": "USER"})
	d.send(204, "PUT /api/v1/groups/{g}/users/{user}", nil)
	d.send(200, "GET /api/v1/groups/{g}/users", nil)
	d.send(200, "GET /api/v1/users/{user}/groups", nil)
	d.send(200, "POST /api/v1/apps", app, "app")
	d.send(200, "POST /api/v1/apps/{app}/users", m{"id": "{user}", "scope": "USER"})
	d.send(200, "GET /api/v1/apps/{app}/users", nil)
	d.send(204, "DELETE /api/v1/apps/{app}/users/{user}", nil)
	d.send(400, "GET /api/v1/apps/{app}/features", nil)
	d.send(200, "GET /api/v1/apps/{app}/connections/default", nil)
	d.send(200, "GET /api/v1/policies?type=ACCESS_POLICY", nil)
	d.send(400, "PUT /api/v1/groups/{g}", m{"profile": m{"name": ""}})
	d.send(200, "GET /api/v1/zones", nil)
	d.send(200, "GET /api/v1/authenticators", nil)
	d.send(201, "POST /api/v1/authorizationServers/default/scopes", m{"name": "read"}, "scope")
	d.send(204, "DELETE /api/v1/authorizationServers/default/scopes/{scope}", nil)
	d.send(201, "POST /api/v1/authorizationServers/default/policies", m{"name": "Access"}, "policy")
	d.send(204, "POST /api/v1/authorizationServers/default/policies/{policy}/lifecycle/deactivate", nil)
	d.send(404, "POST /oauth2/ausnone/v1/introspect", url.Values{"token": {"made-up"}})
	d.send(200, "GET /.well-known/oauth-authorization-server", nil)
}

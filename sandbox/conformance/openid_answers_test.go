package conformance_test

import (
	"encoding/base64"
	"net/url"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/host"
)

func openIDAnswers(t *testing.T, sandbox *host.Sandbox) {
	d := oktaDrive(t, sandbox)
	created := d.send(200, "POST /api/v1/apps?activate=true", app, "app").(m)
	credentials := created["credentials"].(m)["oauthClient"].(m)
	id, secret := credentials["client_id"].(string), credentials["client_secret"].(string)
	const path = "/api/v1/internal/apps/{app}/settings/oauth/idToken"
	d.send(200, "POST "+path, m{"valueType": "GROUPS", "groupFilterType": "REGEX", "issuerMode": "ORG_URL", "name": "groups", "value": ".*"})
	d.send(200, "GET "+path, nil)
	d.send(200, "GET /oauth2/v1/clients/"+id, nil)
	d.send(200, "GET /api/v1/principal-rate-limits?filter=principalType+eq+%22SSWS_TOKEN%22", nil)
	d.send(200, "GET /api/v1/rate-limit-settings/per-client", nil)
	d.send(200, "GET /api/v1/apps/{app}/tokens", nil)

	query := url.Values{
		"client_id": {id}, "response_type": {"code"}, "scope": {"openid groups"}, "state": {"s"}, "prompt": {"none"},
		"redirect_uri": {"https://acme.example/cdn-cgi/access/callback"},
	}
	d.auth = ""
	d.send(302, "GET /oauth2/v1/authorize?"+query.Encode(), nil)
	query.Set("redirect_uri", "https://elsewhere.example/")
	d.send(400, "GET /oauth2/v1/authorize?"+query.Encode(), nil)
	d.auth = "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":"+secret))
	d.send(200, "POST /oauth2/v1/introspect", url.Values{"token": {"made-up"}, "token_type_hint": {"access_token"}})
	d.send(400, "POST /oauth2/v1/token", url.Values{"grant_type": {"authorization_code"}, "code": {"made-up"}, "redirect_uri": {"https://acme.example/cdn-cgi/access/callback"}})
	d.auth = "Basic " + base64.StdEncoding.EncodeToString([]byte(id+":wrong"))
	d.send(401, "POST /oauth2/v1/introspect", url.Values{"token": {"made-up"}})
	d.send(401, "POST /oauth2/v1/token", url.Values{"grant_type": {"authorization_code"}, "code": {"made-up"}})
	d.auth = ""
	d.send(400, "GET /login", nil)
	d.send(400, "GET /oauth2/v1/authorize/callback?id=none", nil)
	d.send(401, "GET /oauth2/v1/userinfo", nil)
	d.send(400, "GET /oauth2/v1/logout", nil)
	d.send(401, "POST /oauth2/v1/par", url.Values{})
	d.send(401, "POST /oauth2/v1/revoke", url.Values{"token": {"made-up"}})
}

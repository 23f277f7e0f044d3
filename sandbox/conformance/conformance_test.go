package conformance_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/accessbridge/accessbridge/sandbox/conformance"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type m = map[string]any

// drive sends requests to one of the services, and remembers the ids that it is told to.
type drive struct {
	t      *testing.T
	client *http.Client
	url    string
	auth   string
	ids    map[string]string
}

// send sends the request; {name} in the path and the body is a remembered id. What the answer's id is to be
// remembered as comes last.
func (d *drive) send(status int, call string, body any, as ...string) any {
	d.t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	method, path, _ := strings.Cut(call, " ")
	content, kind := string(encoded), "application/json"
	if form, ok := body.(url.Values); ok {
		content, kind = form.Encode(), "application/x-www-form-urlencoded"
	}
	for name, id := range d.ids {
		path, content = strings.ReplaceAll(path, "{"+name+"}", id), strings.ReplaceAll(content, "{"+name+"}", id)
	}
	request, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, bytes.NewBufferString(content))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Authorization", d.auth)
	request.Header.Set("Content-Type", kind)
	request.Header.Set("Accept", "application/json")
	response, err := d.client.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, _ := io.ReadAll(response.Body)
	if response.StatusCode != status {
		d.t.Fatalf("%s: got %d %s, want %d", call, response.StatusCode, raw, status)
	}
	var got any
	_ = json.Unmarshal(raw, &got) // some answers are empty
	for _, name := range as {
		object := got.(m)
		if result, ok := object["result"].(m); ok {
			object = result
		}
		d.ids[name] = object["id"].(string)
	}
	return got
}

// TestSandbox_AnswersAsDescribed gets an answer of every kind from both providers, and everything that is known to differ. What
// no answer shows has no place in the list of differences.
func TestSandbox_AnswersAsDescribed(t *testing.T) {
	t.Parallel()
	reference, err := conformance.ReferenceDir()
	if err != nil {
		t.Skip(err)
	}
	validator, err := conformance.Validator(reference)
	if err != nil {
		t.Fatal(err)
	}
	options := host.Ephemeral()
	options.OktaOptions = []kit.Option{kit.WithObserver(validator.Observe)}
	options.APIOptions = options.OktaOptions
	sandbox, err := host.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	for name, answers := range map[string]func(*testing.T, *host.Sandbox){
		"cloudflare": cloudflareAnswers, "okta": oktaAnswers, "openid": openIDAnswers, "what no step needs": otherOktaAnswers,
	} {
		t.Run(name, func(t *testing.T) { answers(t, sandbox) })
	}
	for _, violation := range validator.Violations() {
		t.Error(violation)
	}
	for _, unmet := range validator.Unmet() {
		t.Errorf("no answer shows the known difference %q", unmet.Violation)
	}
	if seen := len(validator.Operations()); seen < 90 {
		t.Errorf("only %d kinds of answers were seen: %v", seen, validator.Operations())
	}
}

// oktaDrive sends requests to the org.
func oktaDrive(t *testing.T, sandbox *host.Sandbox) *drive {
	client := sandbox.CA.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(client.CloseIdleConnections)
	org := sandbox.Orgs["acme"]
	return &drive{t, client, org.URL, "SSWS " + org.Token, map[string]string{"g": org.Org.GroupID("Engineering")}}
}

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
	d.send(200, "PUT {a}/groups/{group}", m{"name": "g", "include": everyone})
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
	d.send(202, "DELETE {a}/identity_providers/{idp}", nil)
	d.send(200, "GET {a}/logs/access_requests", nil)
	d.send(500, "POST {a}/policies", m{"name": "p", "decision": "allow", "include": []m{{"group": m{"id": "a name"}}}})
	d.send(404, "GET {a}/unheard-of", nil)
}

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
	d.send(200, "GET /api/v1/zones", nil)
	d.send(200, "GET /api/v1/authenticators", nil)
	d.send(201, "POST /api/v1/authorizationServers/default/scopes", m{"name": "read"}, "scope")
	d.send(204, "DELETE /api/v1/authorizationServers/default/scopes/{scope}", nil)
	d.send(404, "POST /oauth2/ausnone/v1/introspect", url.Values{"token": {"made-up"}})
	d.send(200, "GET /.well-known/oauth-authorization-server", nil)
}

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
	d.send(200, "GET /oauth2/v1/logout", nil)
	d.send(401, "POST /oauth2/v1/par", url.Values{})
	d.send(401, "POST /oauth2/v1/revoke", url.Values{"token": {"made-up"}})
}

func TestValidator_WrongAnswers_AreFoundOnceForEachOperation(t *testing.T) {
	t.Parallel()
	reference, err := conformance.ReferenceDir()
	if err != nil {
		t.Skip(err)
	}
	validator, err := conformance.Validator(reference)
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Content-Type": {"application/json; charset=utf-8"}}
	observe := func(call string, status int, body string) {
		method, path, _ := strings.Cut(call, " ")
		request, _ := http.NewRequest(method, "https://acme.example"+path, nil)
		validator.Observe(request, status, header, []byte(body))
	}
	const organization = "GET /client/v4/accounts/0123456789abcdef0123456789abcdef/access/organizations"
	right := `{"success":true,"errors":[],"messages":[],"result":{"name":"n"}}`
	observe(organization, 200, right)
	if got := validator.Violations(); len(got) != 0 {
		t.Fatalf("got %v", got)
	}
	for range 2 {
		observe(organization, 200, `{"success":"yes","errors":[],"messages":[]}`)
		observe(organization, 302, right)
		observe(organization, 200, `<html>`)
		observe("GET /api/v1/unheard-of", 200, `{}`)
		observe("GET /api/v1/unheard-of", 404, `{}`)
	}
	got := validator.Violations()
	for _, want := range []string{"/success", "302: the status isn't described", "the body isn't JSON", "okta GET /api/v1/unheard-of: 200 from an operation"} {
		if count := len(slices.DeleteFunc(slices.Clone(got), func(one string) bool { return !strings.Contains(one, want) })); count != 1 {
			t.Errorf("%q must be there once: %v", want, got)
		}
	}
}

package okta_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"golang.org/x/oauth2"
)

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// assert signs a client assertion for an endpoint with the client's secret, unless edit has it otherwise.
func (p *relyingParty) assert(t *testing.T, path, secret string, edit func(*jwt.Claims)) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(secret)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.Claims{
		Issuer: p.config.ClientID, Subject: p.config.ClientID, Audience: jwt.Audience{p.server.URL + path},
		Expiry: jwt.NewNumericDate(time.Now().Add(time.Minute)),
	}
	if edit != nil {
		edit(&claims)
	}
	signed, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// form sends a form to an endpoint of the OpenID provider.
func (f *fixture) form(t *testing.T, path string, form url.Values) response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return f.do(t, request)
}

func TestOpenID_ClientSecretJWT_SignsAPersonIn(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), setClient(appBody("app"), "token_endpoint_auth_method", "client_secret_jwt"))
	secret := p.config.ClientSecret
	p.config.ClientSecret, p.config.Endpoint.AuthStyle = "", oauth2.AuthStyleInParams
	code := p.signIn(t, p.browser(t), "ada@acme.example", "ada-password").Get("code")
	claims := p.claims(t, code, oauth2.SetAuthURLParam("client_assertion_type", jwtBearer),
		oauth2.SetAuthURLParam("client_assertion", p.assert(t, "/oauth2/v1/token", secret, nil)))
	if claims["email"] != "ada@acme.example" {
		t.Errorf("claims %v", claims)
	}
	for path, status := range map[string]int{"/oauth2/v1/introspect": 200, "/oauth2/v1/revoke": 200} {
		assertion := p.assert(t, path, secret, nil)
		p.form(t, path, url.Values{"client_assertion_type": {jwtBearer}, "client_assertion": {assertion}, "token": {"bogus"}}).must(t, status)
	}
	pushed := url.Values{
		"client_assertion_type": {jwtBearer}, "client_assertion": {p.assert(t, "/oauth2/v1/par", secret, nil)},
		"response_type": {"code"}, "redirect_uri": {callback}, "scope": {"openid"}, "state": {"x"},
	}
	p.form(t, "/oauth2/v1/par", pushed).must(t, 200)
}

func TestOpenID_ClientSecretJWT_IsRefusedInOktasWords(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), setClient(appBody("app"), "token_endpoint_auth_method", "client_secret_jwt"))
	const path = "/oauth2/v1/introspect"
	at := func(d time.Duration) *jwt.NumericDate { return jwt.NewNumericDate(time.Now().Add(d)) }
	other := strings.Repeat("another secret ", 4)
	for _, test := range []struct {
		name, secret, want string
		edit               func(*jwt.Claims)
	}{
		{"another secret", other, "The client_assertion signature is invalid.", nil},
		{"another issuer", "", "The issuer claim for client_assertion is not a valid client_id.", func(c *jwt.Claims) { c.Issuer = "no-such-client" }},
		{"no issuer", "", "The issuer claim for client_assertion is not a valid client_id.", func(c *jwt.Claims) { c.Issuer = "" }},
		{"another subject", "", "The subject claim for client_assertion is not a valid client_id.", func(c *jwt.Claims) { c.Subject = "no-such-client" }},
		{"another endpoint", "", "The audience claim for client_assertion must be the endpoint invoked for the request.", func(c *jwt.Claims) { c.Audience = jwt.Audience{p.server.URL + "/oauth2/v1/token"} }},
		{"no end", "", "The client_assertion must contain the 'exp' claim as seconds since epoch.", func(c *jwt.Claims) { c.Expiry = nil }},
		{"too late", "", "The client_assertion token is expired.", func(c *jwt.Claims) { c.Expiry = at(-time.Second) }},
		{"too long", "", "The client_assertion token has an expiration too far into the future.", func(c *jwt.Claims) { c.Expiry = at(2 * time.Hour) }},
		{"too early", "", "The client_assertion token must be issued before the current time.", func(c *jwt.Claims) { c.IssuedAt = at(time.Minute) }},
		{"good", "", "", func(c *jwt.Claims) { c.ID = "once" }},
		{"again", "", "The client_assertion token has already been used.", func(c *jwt.Claims) { c.ID = "once" }},
	} {
		secret := p.config.ClientSecret
		if test.secret != "" {
			secret = test.secret
		}
		form := url.Values{"client_assertion_type": {jwtBearer}, "client_assertion": {p.assert(t, path, secret, test.edit)}, "token": {"bogus"}}
		p.mustSay(t, test.name, form, test.want)
	}
	p.mustSay(t, "no JWT", url.Values{"client_assertion_type": {jwtBearer}, "client_assertion": {"text"}, "token": {"bogus"}},
		"The parsing of the client_assertion failed.")
	p.mustSay(t, "the secret itself", url.Values{"client_id": {p.config.ClientID}, "client_secret": {p.config.ClientSecret}, "token": {"bogus"}},
		"Client authentication failed. Either the client or the client credentials are invalid.")
}

// mustSay fails the test unless introspection refuses a client with a text; without one, unless it lets it in.
func (p *relyingParty) mustSay(t *testing.T, name string, form url.Values, want string) {
	t.Helper()
	said := p.form(t, "/oauth2/v1/introspect", form).object(t)
	description, _ := said["error_description"].(string)
	if description != want || (want != "" && said["error"] != "invalid_client") {
		t.Errorf("%s: answered %v, want %q", name, said, want)
	}
}

func TestOpenID_ClientAssertion_OfAnAppThatIsRegisteredForAnotherMethod(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]string{
		"client_secret_basic": "Client authentication failed. Either the client or the client credentials are invalid.",
		"client_secret_post":  "Client authentication failed. Either the client or the client credentials are invalid.",
		"private_key_jwt":     "The issuer and subject claim for client_assertion is invalid because the client does not have a client secret.",
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			p := connect(t, serve(t, nil), setClient(appBody("app"), "token_endpoint_auth_method", method))
			secret := p.config.ClientSecret + strings.Repeat("-", 32)
			if p.config.ClientSecret != "" {
				secret = p.config.ClientSecret
			}
			assertion := p.assert(t, "/oauth2/v1/introspect", secret, nil)
			form := url.Values{"client_assertion_type": {jwtBearer}, "client_assertion": {assertion}, "token": {"bogus"}}
			p.mustSay(t, method, form, want)
			form.Set("client_secret", "too")
			p.form(t, "/oauth2/v1/introspect", form).must(t, 400)
		})
	}
}

package okta_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"
)

func TestOpenID_Authorize_TellsThePersonWhatIsWrongWithTheClient(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	inactive := connect(t, p.fixture, appBody("inactive"))
	p.call(t, "POST", "/api/v1/apps/"+inactive.appID+"/lifecycle/deactivate", nil).must(t, 200)
	const redirect = "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings."
	for _, test := range []struct{ name, client, redirect, want string }{
		{"wrong redirect URI", p.config.ClientID, callback + "/", redirect},
		{"no redirect URI", p.config.ClientID, "", redirect},
		{"unknown client", "no-such-client", callback, "invalid_client"},
		{"inactive client", inactive.config.ClientID, callback, "invalid_client"},
	} {
		t.Run(test.name, func(t *testing.T) {
			query := url.Values{
				"client_id": {test.client}, "redirect_uri": {test.redirect}, "response_type": {"code"},
				"scope": {"openid"}, "state": {"x"},
			}
			page := p.call(t, "GET", "/oauth2/v1/authorize?"+query.Encode(), nil).must(t, 400)
			if !strings.Contains(string(page.body), test.want) || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
				t.Errorf("page %s", page.body)
			}
		})
	}
}

func TestOpenID_Authorize_TellsTheClientWhatIsWrongWithTheRequest(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), setClient(appBody("app"), "pkce_required", true))
	for _, test := range []struct{ name, key, value, want string }{
		{"no state", "state", "", "invalid_request"},
		{"no PKCE", "code_challenge", "", "invalid_request"},
		{"plain PKCE", "code_challenge_method", "plain", "invalid_request"},
		{"unknown scope", "scope", "openid accounting", "invalid_scope"},
		{"no openid scope", "scope", "email", "invalid_scope"},
		{"no scope", "scope", "", "invalid_scope"},
		{"token response", "response_type", "token", "unsupported_response_type"},
	} {
		t.Run(test.name, func(t *testing.T) {
			page := visit(t, p.browser(t), p.config.AuthCodeURL("x", oauth2.S256ChallengeOption("verifier"), oauth2.SetAuthURLParam(test.key, test.value)))
			if got := told(t, page).Get("error"); got != test.want {
				t.Errorf("error %q, want %s", got, test.want)
			}
		})
	}
}

func TestOpenID_Token_RefusesWhatTheClientMayNot(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	code := p.signIn(t, p.browser(t), "ada@acme.example", "ada-password").Get("code")
	for _, test := range []struct{ name, grant, redirect, want string }{
		{"another redirect URI", "authorization_code", callback + "/", "invalid_grant: The 'redirect_uri' does not match the redirection URI used in the authorization request."},
		{"a grant that isn't configured", "client_credentials", callback, "unauthorized_client: The client is not authorized to use the provided grant type. Configured grant types: [authorization_code]."},
		{"a grant that is none", "magic", callback, "unsupported_grant_type: The authorization grant type is not supported by the authorization server."},
		{"no grant", "", callback, "invalid_request: The token request must specify a grant type."},
	} {
		t.Run(test.name, func(t *testing.T) {
			form := url.Values{"code": {code}, "redirect_uri": {test.redirect}, "grant_type": {test.grant}}
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.server.URL+"/oauth2/v1/token", strings.NewReader(form.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.SetBasicAuth(p.config.ClientID, p.config.ClientSecret)
			refused := p.do(t, request).must(t, http.StatusBadRequest).object(t)
			if got := refused["error"].(string) + ": " + refused["error_description"].(string); got != test.want {
				t.Errorf("refused with %q, want %q", got, test.want)
			}
		})
	}
}

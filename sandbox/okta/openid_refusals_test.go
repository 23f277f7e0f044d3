package okta_test

import (
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

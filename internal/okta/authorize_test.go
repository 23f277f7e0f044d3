package okta_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestAcceptsRedirect_AppRequiresPKCE_SendsAChallengeAsAccessDoes: without one, people couldn't sign in either.
func TestAcceptsRedirect_AppRequiresPKCE_SendsAChallengeAsAccessDoes(t *testing.T) {
	t.Parallel()
	f := serve(t)
	requirePKCE := func(body map[string]any) {
		body["credentials"].(map[string]any)["oauthClient"].(map[string]any)["pkce_required"] = true
	}
	if err := f.org.EditApp(f.create(t), requirePKCE); err != nil {
		t.Fatal(err)
	}
	if err := f.AcceptsRedirect(f.ctx, app().ClientID, redirect, true); err != nil {
		t.Error(err)
	}
	const want = `with error "invalid_request" instead of login_required: "PKCE code challenge is required by the application."`
	if err := f.AcceptsRedirect(f.ctx, app().ClientID, redirect, false); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("without a challenge: %v, want %s", err, want)
	}
	if found, err := f.FindApp(f.ctx, app().ClientID); err != nil || !found.PKCERequired {
		t.Errorf("the app reads as %+v, %v", found, err)
	}
}

// TestAcceptsRedirect_Refused_QuotesTheDescriptionAlone of what Okta's redirect says: the rest may be anything, an authorization code too.
func TestAcceptsRedirect_Refused_QuotesTheDescriptionAlone(t *testing.T) {
	t.Parallel()
	const code = "SplxlOBeZQQYbYS6WxSbIA" // what must not be shown
	for name, test := range map[string]struct {
		told url.Values
		want string
	}{
		"with words": {
			url.Values{"error": {"access_denied"}, "error_description": {"Policy evaluation failed for this request"}, "code": {code}},
			`Okta refused the authorization request with error "access_denied" instead of login_required: "Policy evaluation failed for this request"`,
		},
		"without words":      {url.Values{"error": {"server_error"}, "code": {code}}, `with error "server_error" instead of login_required`},
		"what is no code":    {url.Values{"error": {code}, "error_description": {"x"}}, `with error "" instead of login_required: "x"`},
		"no error at all":    {url.Values{"code": {code}}, `with error "" instead of login_required`},
		"with a secret":      {url.Values{"error": {"server_error"}, "error_description": {"not for " + token + " here"}}, `: "not for [redacted] here"`},
		"a part of a secret": {url.Values{"error": {"server_error"}, "error_description": {"not for " + token[2:14]}}, `: "not for [redacted]"`},
		"to a terminal":      {url.Values{"error": {"server_error"}, "error_description": {"a\x1b[31m\nlevel=ERROR"}}, `: "a [31m level=ERROR"`},
		"without an end":     {url.Values{"error": {"server_error"}, "error_description": {strings.Repeat("a ", 1000)}}, `a a …"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, redirect+"?"+test.told.Encode(), http.StatusFound)
			})
			err := client.AcceptsRedirect(t.Context(), "client", redirect, true)
			if err == nil || !strings.HasSuffix(err.Error(), test.want) || strings.Contains(err.Error(), code) || strings.Contains(err.Error(), token) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

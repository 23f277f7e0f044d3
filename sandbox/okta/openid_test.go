package okta_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
)

// relyingParty is a client that signs people in with the org.
type relyingParty struct {
	*fixture
	appID    string
	config   oauth2.Config
	provider *oidc.Provider
	context  context.Context
}

// connect makes an app for Engineering that tells all groups, and a client that knows its secret.
func connect(t *testing.T, f *fixture, body map[string]any) *relyingParty {
	t.Helper()
	app := f.call(t, "POST", "/api/v1/apps", body).must(t, 200).object(t)
	id := app["id"].(string)
	f.call(t, "PUT", "/api/v1/apps/"+id+"/groups/"+f.org.GroupID("Engineering"), map[string]any{}).must(t, 200)
	f.setClaim(t, id, "REGEX", ".*")
	ctx := oidc.ClientContext(t.Context(), f.client)
	provider, err := oidc.NewProvider(ctx, f.server.URL)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := dig(app, "credentials", "oauthClient", "client_secret").(string)
	return &relyingParty{
		fixture: f, appID: id, provider: provider, context: ctx,
		config: oauth2.Config{
			ClientID: dig(app, "credentials", "oauthClient", "client_id").(string), ClientSecret: secret,
			Endpoint: provider.Endpoint(), RedirectURL: callback, Scopes: []string{"openid", "email", "profile", "groups"},
		},
	}
}

func (f *fixture) setClaim(t *testing.T, appID, filter, value string) {
	t.Helper()
	f.call(t, "POST", "/api/v1/internal/apps/"+appID+"/settings/oauth/idToken", map[string]any{
		"valueType": "GROUPS", "groupFilterType": filter, "issuerMode": "ORG_URL", "name": "groups", "value": value,
	}).must(t, 200)
}

// browser keeps cookies, and stops where it would leave the org.
func (f *fixture) browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{
		Transport: f.client.Transport, Jar: jar,
		CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			if !strings.HasPrefix(r.URL.String(), f.server.URL) {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
}

// signIn goes through the sign-in page, and returns what the client is told.
func (p *relyingParty) signIn(t *testing.T, browser *http.Client, login, password string, options ...oauth2.AuthCodeOption) url.Values {
	t.Helper()
	page := visit(t, browser, p.config.AuthCodeURL("the-state", options...))
	if page.StatusCode == http.StatusFound {
		return told(t, page)
	}
	if page.StatusCode != http.StatusOK {
		t.Fatalf("the sign-in page answers %d", page.StatusCode)
	}
	sent := p.submit(t, browser, page, login, password)
	if sent.StatusCode != http.StatusFound {
		t.Fatalf("after the sign-in page: %d", sent.StatusCode)
	}
	return told(t, sent)
}

// visit gets a page: where that led to and how it was answered counts, not what it says.
func visit(t *testing.T, browser *http.Client, address string) *http.Response {
	t.Helper()
	page, err := browser.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	_ = page.Body.Close()
	return page
}

// submit fills in the sign-in page.
func (p *relyingParty) submit(t *testing.T, browser *http.Client, page *http.Response, login, password string) *http.Response {
	t.Helper()
	form := url.Values{"id": {page.Request.URL.Query().Get("id")}, "username": {login}, "password": {password}}
	sent, err := browser.PostForm(p.server.URL+"/login", form)
	if err != nil {
		t.Fatal(err)
	}
	_ = sent.Body.Close()
	return sent
}

// told is what a redirect tells the client.
func told(t *testing.T, redirect *http.Response) url.Values {
	t.Helper()
	location, err := redirect.Location()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(location.String(), callback+"?") {
		t.Fatalf("sent to %s, want %s", location, callback)
	}
	return location.Query()
}

// tokens are what the client gets once Ada has signed in.
func (p *relyingParty) tokens(t *testing.T) *oauth2.Token {
	t.Helper()
	return p.exchange(t, p.signIn(t, p.browser(t), "ada@acme.example", "ada-password"))
}

// exchange takes a code to the token endpoint.
func (p *relyingParty) exchange(t *testing.T, answer url.Values) *oauth2.Token {
	t.Helper()
	tokens, err := p.config.Exchange(p.context, answer.Get("code"))
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

// claims exchanges a code and reads the ID token.
func (p *relyingParty) claims(t *testing.T, code string, options ...oauth2.AuthCodeOption) map[string]any {
	t.Helper()
	tokens, err := p.config.Exchange(p.context, code, options...)
	if err != nil {
		t.Fatal(err)
	}
	idToken, err := p.provider.Verifier(&oidc.Config{ClientID: p.config.ClientID}).Verify(p.context, tokens.Extra("id_token").(string))
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{}
	if err := idToken.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

func TestOpenID_AssignedUser_SignsInAndBringsGroups(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		filter, value string
		want          any
	}{
		{"REGEX", ".*", []any{"Engineering", "Everyone"}},
		{"REGEX", "Eng.*", []any{"Engineering"}},
		{"EQUALS", "Engineering", []any{"Engineering"}},
		{"STARTS_WITH", "Every", []any{"Everyone"}},
		{"CONTAINS", "gineer", []any{"Engineering"}},
		{"EQUALS", "engineering", nil},
	} {
		t.Run(test.filter+" "+test.value, func(t *testing.T) {
			t.Parallel()
			p := connect(t, serve(t, nil), appBody("app"))
			p.setClaim(t, p.appID, test.filter, test.value)
			answer := p.signIn(t, p.browser(t), "ADA@acme.example", "ada-password")
			if answer.Get("state") != "the-state" {
				t.Errorf("state %q", answer.Get("state"))
			}
			claims := p.claims(t, answer.Get("code"))
			if diff := cmp.Diff(test.want, claims["groups"]); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
			if claims["email"] != "ada@acme.example" || claims["name"] != "Ada Lovelace" || claims["preferred_username"] != "ada@acme.example" {
				t.Errorf("claims %v", claims)
			}
		})
	}
}

func TestOpenID_WithoutTheGroupsScope_TellsNoGroups(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	p.config.Scopes = []string{"openid", "email"}
	claims := p.claims(t, p.signIn(t, p.browser(t), "ada@acme.example", "ada-password").Get("code"))
	if claims["groups"] != nil || claims["name"] != nil || claims["email"] == nil {
		t.Errorf("claims %v, want email alone", claims)
	}
}

func TestOpenID_UnassignedUser_IsSentBackWithoutACode(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	answer := p.signIn(t, p.browser(t), "bob@acme.example", "bob-password")
	want := url.Values{
		"error": {"access_denied"}, "state": {"the-state"},
		"error_description": {"User is not assigned to the client application."},
	}
	if diff := cmp.Diff(want, answer); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOpenID_ImplicitAssignment_LetsEverybodyIn(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	err := p.org.EditApp(p.appID, func(body map[string]any) {
		body["settings"].(map[string]any)["implicitAssignment"] = true
	})
	if err != nil {
		t.Fatal(err)
	}
	if answer := p.signIn(t, p.browser(t), "bob@acme.example", "bob-password"); answer.Get("code") == "" {
		t.Errorf("no code: %v", answer)
	}
}

func TestOpenID_PromptNone_NeedsASession(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	browser := p.browser(t)
	none := oauth2.SetAuthURLParam("prompt", "none")
	page := visit(t, browser, p.config.AuthCodeURL("x", none))
	want := callback + "?error=login_required&error_description=" +
		"The+client+specified+not+to+prompt,+but+the+user+is+not+logged+in.&state=x"
	if got := page.Header.Get("Location"); page.StatusCode != 302 || got != want {
		t.Errorf("%d to %s, want 302 to %s", page.StatusCode, got, want)
	}
	p.signIn(t, browser, "ada@acme.example", "ada-password")
	if answer := p.signIn(t, browser, "", "", none); answer.Get("code") == "" {
		t.Errorf("with a session: %v, want a code", answer)
	}
}

func TestOpenID_PKCE_NeedsTheVerifier(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), setClient(appBody("app"), "pkce_required", true))
	verifier := oauth2.GenerateVerifier()
	browser := p.browser(t)
	challenge := oauth2.S256ChallengeOption(verifier)
	code := p.signIn(t, browser, "ada@acme.example", "ada-password", challenge).Get("code")
	if _, err := p.config.Exchange(p.context, code); err == nil || !strings.Contains(err.Error(), "PKCE verification failed.") {
		t.Errorf("without the verifier: %v", err)
	}
	if _, err := p.config.Exchange(p.context, code, oauth2.VerifierOption(oauth2.GenerateVerifier())); err == nil {
		t.Error("a wrong verifier was taken")
	}
	p.claims(t, code, oauth2.VerifierOption(verifier))
}

func TestOpenID_Code_IsGoodOnce(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	code := p.signIn(t, p.browser(t), "ada@acme.example", "ada-password").Get("code")
	p.claims(t, code)
	if _, err := p.config.Exchange(p.context, code); err == nil || !strings.Contains(err.Error(), "invalid or has expired") {
		t.Errorf("the second time: %v", err)
	}
}

func TestOpenID_SignIn_RefusesAWrongPassword(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	browser := p.browser(t)
	sent := p.submit(t, browser, visit(t, browser, p.config.AuthCodeURL("x")), "ada@acme.example", "wrong")
	if sent.StatusCode != 401 {
		t.Errorf("status %d, want 401", sent.StatusCode)
	}
}

package okta_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// refreshing asks for an app that may refresh, with settings for its refresh tokens.
func refreshing(rotation map[string]any) map[string]any {
	body := appBody("app")
	client := body["settings"].(map[string]any)["oauthClient"].(map[string]any)
	client["grant_types"] = []string{"authorization_code", "refresh_token"}
	if rotation != nil {
		client["refresh_token"] = rotation
	}
	return body
}

// offline is a client that Ada let have a refresh token, and what it has, on a clock that the test moves.
func offline(t *testing.T, rotation map[string]any) (*relyingParty, *oauth2.Token, *clock) {
	t.Helper()
	now := &clock{}
	now.seconds.Store(time.Now().Unix() - 1_800_000_000)
	p := connect(t, serve(t, func(c *okta.Config) { c.Clock = now.now }), refreshing(rotation))
	p.config.Scopes = append(p.config.Scopes, "offline_access")
	return p, p.tokens(t), now
}

// refresh gets new tokens by a refresh token.
func (p *relyingParty) refresh(token string) (*oauth2.Token, error) {
	return p.config.TokenSource(p.context, &oauth2.Token{RefreshToken: token}).Token()
}

func TestOpenID_RefreshToken_BringsNewTokensOfTheSamePerson(t *testing.T) {
	t.Parallel()
	p, first, _ := offline(t, nil)
	second, err := p.refresh(first.RefreshToken)
	if err != nil {
		t.Fatal(err)
	}
	if second.AccessToken == first.AccessToken || second.RefreshToken != first.RefreshToken {
		t.Errorf("refreshed to the same access token, or to another refresh token")
	}
	idToken, err := p.provider.Verifier(&oidc.Config{ClientID: p.config.ClientID}).Verify(p.context, second.Extra("id_token").(string))
	if err != nil {
		t.Fatal(err)
	}
	var claims struct {
		Email  string
		Groups []string
	}
	if err := idToken.Claims(&claims); err != nil || claims.Email != "ada@acme.example" || !slices.Contains(claims.Groups, "Engineering") {
		t.Errorf("claims %v, %v", claims, err)
	}
	said := p.introspect(t, p.config.ClientID, p.config.ClientSecret, first.RefreshToken).must(t, 200).object(t)
	if said["active"] != true || said["username"] != "ada@acme.example" || said["scope"] != "openid email profile groups offline_access" {
		t.Errorf("introspection %v", said)
	}
}

func TestOpenID_RefreshToken_NeedsTheScopeAndTheGrant(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		body   map[string]any
		scopes []string
	}{
		"without offline_access": {refreshing(nil), []string{"openid"}},
		"without the grant":      {appBody("app"), []string{"openid", "offline_access"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := connect(t, serve(t, nil), test.body)
			p.config.Scopes = test.scopes
			if got := p.tokens(t).RefreshToken; got != "" {
				t.Errorf("a refresh token was given out")
			}
		})
	}
	p := connect(t, serve(t, nil), appBody("app"))
	_, err := p.refresh("any")
	const want = `"unauthorized_client" "The client is not authorized to use the provided grant type. Configured grant types: [authorization_code]."`
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("refused with %v", err)
	}
}

func TestOpenID_RefreshToken_IsRefusedInOktasWords(t *testing.T) {
	t.Parallel()
	const invalid = "The refresh token is invalid or expired."
	other := func(t *testing.T, p *relyingParty) {
		party := connect(t, p.fixture, refreshing(nil))
		p.config.ClientID, p.config.ClientSecret = party.config.ClientID, party.config.ClientSecret
	}
	for name, test := range map[string]struct {
		do   func(*testing.T, *relyingParty, *oauth2.Token, *clock)
		want string
	}{
		"another client": {func(t *testing.T, p *relyingParty, _ *oauth2.Token, _ *clock) { other(t, p) }, "The grant was issued to another client."},
		"too old":        {func(_ *testing.T, _ *relyingParty, _ *oauth2.Token, now *clock) { now.seconds.Add(90 * 24 * 3600) }, invalid},
		"revoked": {func(t *testing.T, p *relyingParty, had *oauth2.Token, _ *clock) {
			form := url.Values{"token": {had.RefreshToken}, "client_id": {p.config.ClientID}, "client_secret": {p.config.ClientSecret}}
			p.form(t, "/oauth2/v1/revoke", form).must(t, 200)
		}, invalid},
		"revoked by an administrator": {func(t *testing.T, p *relyingParty, _ *oauth2.Token, _ *clock) {
			p.call(t, "DELETE", "/api/v1/apps/"+p.appID+"/tokens", nil).must(t, 204)
		}, invalid},
		"the group lost the app": {func(t *testing.T, p *relyingParty, _ *oauth2.Token, _ *clock) {
			if err := p.org.UnassignGroup(p.appID, p.org.GroupID("Engineering")); err != nil {
				t.Fatal(err)
			}
		}, invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, had, now := offline(t, nil)
			test.do(t, p, had, now)
			if _, err := p.refresh(had.RefreshToken); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("refused with %v, want %s", err, test.want)
			}
		})
	}
	p, had, _ := offline(t, nil)
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {had.RefreshToken}, "scope": {"openid phone"}}
	form.Set("client_id", p.config.ClientID)
	form.Set("client_secret", p.config.ClientSecret)
	refused := p.form(t, "/oauth2/v1/token", form).must(t, 400).object(t)
	if refused["error"] != "access_denied" || !strings.HasSuffix(refused["error_description"].(string), "Denied scopes: phone.") {
		t.Errorf("refused with %v", refused)
	}
	form.Set("scope", "openid")
	if got := p.form(t, "/oauth2/v1/token", form).must(t, 200).object(t); got["scope"] != "openid" || got["id_token"] == nil {
		t.Errorf("answered %v, want a token for openid alone", got)
	}
	form.Set("scope", "email")
	if got := p.form(t, "/oauth2/v1/token", form).must(t, 200).object(t); got["scope"] != "email" || got["id_token"] != nil {
		t.Errorf("answered %v, want a token for email, and no ID token", got)
	}
}

func TestOpenID_RotatedRefreshToken_WorksForItsLeewayAndThenEndsTheGrant(t *testing.T) {
	t.Parallel()
	p, first, now := offline(t, map[string]any{"rotation_type": "ROTATE", "leeway": 10})
	second, err := p.refresh(first.RefreshToken)
	if err != nil || second.RefreshToken == first.RefreshToken {
		t.Fatalf("not rotated: %v", err)
	}
	now.seconds.Add(10)
	third, err := p.refresh(first.RefreshToken)
	if err != nil {
		t.Errorf("within the leeway: %v", err)
	}
	now.seconds.Add(1)
	for _, used := range []string{first.RefreshToken, second.RefreshToken, third.RefreshToken} {
		if _, err := p.refresh(used); err == nil || !strings.Contains(err.Error(), "The refresh token is invalid or expired.") {
			t.Errorf("after a token came back too late: %v", err)
		}
	}
	if _, err := p.provider.UserInfo(p.context, oauth2.StaticTokenSource(third)); err == nil {
		t.Error("its access token still works")
	}
}

func TestAppTokens_AreListedAndRevoked(t *testing.T) {
	t.Parallel()
	p, had, _ := offline(t, nil)
	path := "/api/v1/apps/" + p.appID + "/tokens"
	listed := p.call(t, "GET", path, nil).must(t, 200).list(t)
	if len(listed) != 1 || listed[0]["clientId"] != p.config.ClientID || listed[0]["status"] != "ACTIVE" {
		t.Fatalf("listed %v", listed)
	}
	one := path + "/" + listed[0]["id"].(string)
	p.call(t, "GET", one, nil).must(t, 200)
	p.call(t, "DELETE", one, nil).must(t, 204)
	p.call(t, "GET", one, nil).must(t, 404)
	if _, err := p.refresh(had.RefreshToken); err == nil {
		t.Error("the token still works")
	}
}

func TestApp_RefreshTokenSettings_AreCheckedAndKept(t *testing.T) {
	t.Parallel()
	f := serve(t, nil)
	for _, wrong := range []map[string]any{
		{"leeway": 5},
		{"rotation_type": "SOMETIMES"},
		{"rotation_type": "ROTATE", "leeway": 61},
		{"rotation_type": "ROTATE", "leeway": "x"},
	} {
		f.call(t, "POST", "/api/v1/apps", refreshing(wrong)).must(t, 400)
	}
	app := f.call(t, "POST", "/api/v1/apps", refreshing(map[string]any{"rotation_type": "ROTATE", "leeway": 7})).must(t, 200).object(t)
	path := "/api/v1/apps/" + app["id"].(string)
	updated := f.call(t, "PUT", path, refreshing(nil)).must(t, 200).object(t)
	if dig(updated, "settings", "oauthClient", "refresh_token", "rotation_type") != "ROTATE" {
		t.Errorf("an update that doesn't say lost the settings: %v", dig(updated, "settings", "oauthClient"))
	}
}

func TestOpenID_Introspect_KnowsAnIDToken(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	other := connect(t, p.fixture, appBody("other"))
	idToken := p.tokens(t).Extra("id_token").(string)
	said := p.introspect(t, p.config.ClientID, p.config.ClientSecret, idToken).must(t, 200).object(t)
	if said["active"] != true || said["email"] != "ada@acme.example" {
		t.Errorf("introspection %v", said)
	}
	for name, answer := range map[string]response{
		"another client's": p.introspect(t, other.config.ClientID, other.config.ClientSecret, idToken),
		"a changed one":    p.introspect(t, p.config.ClientID, p.config.ClientSecret, idToken[:len(idToken)-8]+"AAAAAAAA"),
	} {
		if said := answer.must(t, 200).object(t); said["active"] != false {
			t.Errorf("%s: %v", name, said)
		}
	}
}

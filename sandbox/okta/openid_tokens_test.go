package okta_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/oauth2"
)

func TestOpenID_Tokens_AreGivenToBothKindsOfClientAuthentication(t *testing.T) {
	t.Parallel()
	for name, style := range map[string]oauth2.AuthStyle{"basic": oauth2.AuthStyleInHeader, "post": oauth2.AuthStyleInParams} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := connect(t, serve(t, nil), appBody("app"))
			p.config.Endpoint.AuthStyle = style
			tokens := p.tokens(t)
			info, err := p.provider.UserInfo(p.context, oauth2.StaticTokenSource(tokens))
			if err != nil || info.Email != "ada@acme.example" {
				t.Errorf("userinfo %v, %v", info, err)
			}
			answer := p.introspect(t, p.config.ClientID, p.config.ClientSecret, tokens.AccessToken).must(t, 200).object(t)
			if answer["active"] != true || answer["client_id"] != p.config.ClientID || answer["scope"] != "openid email profile groups" {
				t.Errorf("introspection %v", answer)
			}
		})
	}
}

// introspect asks about a token.
func (f *fixture) introspect(t *testing.T, id, secret, token string) response {
	t.Helper()
	return f.oauthCall(t, "/oauth2/v1/introspect", id, secret, token)
}

// oauthCall sends a token to an endpoint, with basic authentication unless there is no client.
func (f *fixture) oauthCall(t *testing.T, path, id, secret, token string) response {
	t.Helper()
	form := url.Values{"token": {token}, "token_type_hint": {"access_token"}}
	request, err := http.NewRequestWithContext(t.Context(), "POST", f.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if id != "" {
		request.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
	}
	return f.do(t, request)
}

func TestOpenID_Introspect_ChecksClientCredentials(t *testing.T) {
	t.Parallel()
	const own = "My own secret: 100% & more"
	p := connect(t, serve(t, nil), setClient(appBody("app"), "client_secret", own))
	inactive := connect(t, p.fixture, appBody("inactive"))
	p.call(t, "POST", "/api/v1/apps/"+inactive.appID+"/lifecycle/deactivate", nil).must(t, 200)
	for _, test := range []struct {
		name, id, secret, token string
		status                  int
		want                    map[string]any
	}{
		{"good", p.config.ClientID, own, "bogus", 200, map[string]any{"active": false}},
		{"no token", p.config.ClientID, own, "", 400, nil},
		{"wrong secret", p.config.ClientID, "wrong", "bogus", 401, map[string]any{
			"error": "invalid_client", "error_description": "The client secret supplied for a confidential client is invalid.",
		}},
		{"inactive client", inactive.config.ClientID, inactive.config.ClientSecret, "bogus", 401, map[string]any{
			"error":             "invalid_client",
			"error_description": "Client authentication failed. Either the client or the client credentials are invalid.",
		}},
		{"unknown client", "no-such-client", "secret", "bogus", 401, nil},
		{"no client", "", "", "bogus", 401, map[string]any{
			"error": "invalid_client", "error_description": "No client credentials found.",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := p.introspect(t, test.id, test.secret, test.token).must(t, test.status).object(t)
			if test.want == nil {
				return
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOpenID_Configuration_KnowsItsClients(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	path := "/.well-known/openid-configuration?client_id="
	p.call(t, "GET", path+p.config.ClientID, nil).must(t, 200)
	refused := p.call(t, "GET", path+"no-such-client", nil).must(t, 400).object(t)
	if refused["errorCode"] != "invalid_client" || refused["errorSummary"] != "Invalid value for 'client_id' parameter." {
		t.Errorf("refused with %v", refused)
	}
}

// payload is what a token claims.
func payload(t *testing.T, token string) map[string]any {
	t.Helper()
	content, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	return response{body: content}.object(t)
}

func TestOpenID_Tokens_HaveTheClaimsOfOktasOwn(t *testing.T) {
	t.Parallel()
	p := connect(t, serve(t, nil), appBody("app"))
	tokens := p.tokens(t)
	claims := payload(t, tokens.Extra("id_token").(string))
	for _, foreign := range []string{"azp", "client_id", "c_hash"} {
		if claims[foreign] != nil {
			t.Errorf("the ID token has %s", foreign)
		}
	}
	if claims["aud"] != p.config.ClientID {
		t.Errorf("the ID token is for %v, want %s", claims["aud"], p.config.ClientID)
	}
	access := payload(t, tokens.AccessToken)
	if scopes := []any{"openid", "email", "profile", "groups"}; access["aud"] != p.server.URL || !cmp.Equal(access["scp"], scopes) {
		t.Errorf("the access token is for %v, with the scopes %v", access["aud"], access["scp"])
	}
	if tokens.ExpiresIn != 3600 {
		t.Errorf("expires in %d seconds", tokens.ExpiresIn)
	}
	idToken, err := p.provider.Verifier(&oidc.Config{ClientID: p.config.ClientID}).Verify(p.context, tokens.Extra("id_token").(string))
	if err != nil || idToken.VerifyAccessToken(tokens.AccessToken) != nil {
		t.Errorf("the ID token doesn't go with the access token: %v", err)
	}
	if _, err := p.provider.UserInfo(p.context, oauth2.StaticTokenSource(tokens)); err != nil {
		t.Error(err)
	}
}

package okta

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/accessbridge/accessbridge/internal/transport"
)

const (
	introspectPath = "/oauth2/v1/introspect"
	authorizePath  = "/oauth2/v1/authorize"
)

// Issuer reads the org's OpenID configuration and returns its issuer, which must be the org's own URL: it is what
// Cloudflare was given as the Okta account.
func (c *Client) Issuer(ctx context.Context) (string, error) {
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, c.http), c.url)
	var other *oidc.IssuerMismatchError
	if errors.As(err, &other) {
		return "", fmt.Errorf("read the OpenID configuration of %s: its issuer is another URL", c.url)
	}
	if err != nil {
		return "", fmt.Errorf("read the OpenID configuration of %s: %w", c.url, transport.Plain(err))
	}
	var metadata struct {
		Issuer string `json:"issuer"`
	}
	if err := provider.Claims(&metadata); err != nil {
		return "", fmt.Errorf("read the OpenID configuration of %s: %w", c.url, transport.Plain(err))
	}
	return metadata.Issuer, nil
}

// AcceptsClient proves that Okta accepts a client id and secret, by asking about a made-up token with them: Okta answers
// that the token isn't active to a client that it knows, and 401 to any other.
func (c *Client) AcceptsClient(ctx context.Context, clientID string, clientSecret ClientSecret) error {
	ctx = transport.Hiding(ctx, clientSecret.Value)
	form := url.Values{"token": {"accessbridge-connection-test"}, "token_type_hint": {"access_token"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+introspectPath, strings.NewReader(form.Encode()))
	if err != nil {
		return fmt.Errorf("make the introspection request: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	request.SetBasicAuth(url.QueryEscape(clientID), url.QueryEscape(clientSecret.Value.Reveal()))
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("check the client credentials of %s: %w", clientID, transport.Plain(err))
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

// AcceptsRedirect proves that Okta would send people who sign in through the client back to the redirect URI: asked not
// to prompt, it redirects there with login_required. Anything wrong gets an error page instead, or another error, whose description
// is the one thing that is quoted of the answer.
//
// pkce is whether Access sends a challenge, which Okta asks for where the app requires it: the request is as Access makes it.
func (c *Client) AcceptsRedirect(ctx context.Context, clientID, redirectURI string, pkce bool) error {
	ctx = transport.Hiding(ctx, c.token)
	query := url.Values{
		"client_id": {clientID}, "response_type": {"code"}, "scope": {"openid profile email groups"}, "redirect_uri": {redirectURI},
		"state": {"accessbridge"}, "nonce": {"accessbridge"}, "prompt": {"none"},
	}
	if pkce {
		query.Set("code_challenge", oauth2.S256ChallengeFromVerifier(oauth2.GenerateVerifier()))
		query.Set("code_challenge_method", "S256")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+authorizePath+"?"+query.Encode(), http.NoBody)
	if err != nil {
		return fmt.Errorf("make the authorization request: %w", err)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("check the redirect URI %s: %w", redirectURI, transport.Plain(err))
	}
	defer response.Body.Close()
	location, err := response.Location()
	if err != nil || response.StatusCode/100 != 3 {
		return fmt.Errorf("check the redirect URI %s: Okta answered %d instead of a redirect", redirectURI, response.StatusCode)
	}
	told := location.Query()
	location.RawQuery, location.Fragment = "", ""
	if location.String() != redirectURI {
		return fmt.Errorf("check the redirect URI %s: Okta redirects elsewhere", redirectURI)
	}
	if reason := told.Get("error"); reason != "login_required" {
		said := ""
		if words := told.Get("error_description"); words != "" {
			said = fmt.Sprintf(": %q", transport.Words(request, words))
		}
		return fmt.Errorf("check the redirect URI %s: Okta refused the authorization request with error %q instead of login_required%s", redirectURI, known(reason), said)
	}
	return nil
}

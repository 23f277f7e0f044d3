package okta

import (
	"path"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// client is an active app as the OpenID library sees it.
type client struct {
	id        string
	method    oidc.AuthMethod
	redirects []string
	wildcards []string
	grants    []oidc.GrantType
}

func newClient(a *app) *client {
	c := &client{id: a.clientID(), method: oidc.AuthMethod(a.tokenEndpointAuthMethod())}
	for _, grant := range texts(a.body, "settings", "oauthClient", "grant_types") {
		c.grants = append(c.grants, oidc.GrantType(grant))
	}
	for _, redirect := range texts(a.body, "settings", "oauthClient", "redirect_uris") {
		if a.allowsWildcards() && strings.Contains(redirect, "*") {
			c.wildcards = append(c.wildcards, redirect)
		} else {
			c.redirects = append(c.redirects, redirect)
		}
	}
	return c
}

func (a *app) allowsWildcards() bool {
	return text(a.body, "settings", "oauthClient", "wildcard_redirect") == "SUBDOMAIN"
}

// allowsRedirect tells whether the client may be sent back to a URI.
func (c *client) allowsRedirect(uri string) bool {
	return slices.Contains(c.redirects, uri) || slices.ContainsFunc(c.wildcards, func(pattern string) bool {
		matched, err := path.Match(pattern, uri)
		return err == nil && matched
	})
}

func (c *client) GetID() string                       { return c.id }
func (c *client) RedirectURIs() []string              { return c.redirects }
func (c *client) RedirectURIGlobs() []string          { return c.wildcards }
func (c *client) PostLogoutRedirectURIs() []string    { return nil }
func (c *client) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c *client) AuthMethod() oidc.AuthMethod         { return c.method }
func (c *client) AccessTokenType() op.AccessTokenType { return op.AccessTokenTypeJWT }
func (c *client) IDTokenLifetime() time.Duration      { return tokenLifetime }
func (c *client) ClockSkew() time.Duration            { return 0 }
func (c *client) LoginURL(id string) string           { return loginPath + "?id=" + id }

// PostLogoutRedirectURIGlobs goes with RedirectURIGlobs.
func (c *client) PostLogoutRedirectURIGlobs() []string { return nil }

// DevMode lets redirect URIs be http, which Okta does too.
func (c *client) DevMode() bool { return true }

// IsScopeAllowed is about scopes that OpenID Connect doesn't define: Okta's is groups.
func (c *client) IsScopeAllowed(scope string) bool { return scope == scopeGroups }

// IDTokenUserinfoClaimsAssertion puts what the scopes ask for into the ID token itself.
func (c *client) IDTokenUserinfoClaimsAssertion() bool { return true }

func (c *client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c *client) GrantTypes() []oidc.GrantType { return c.grants }

func (c *client) RestrictAdditionalIdTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

func (c *client) RestrictAdditionalAccessTokenScopes() func([]string) []string {
	return func(scopes []string) []string { return scopes }
}

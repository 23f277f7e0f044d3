package cloudflare

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

const identityProviders = "/access/identity_providers"

// lookupToken is Cloudflare's name of the Okta API token that it looks groups up with.
const lookupToken = "api_token"

// Handed are the secrets that an identity provider is handed.
type Handed struct {
	ClientSecret secret.Secret
	// LookupToken is the token for group look-up; zero for none.
	LookupToken secret.Secret
}

// IdentityProvider is an identity provider of any type.
type IdentityProvider = planner.ListedIdentityProvider

type identityProviderBody struct {
	ID     string         `json:"id"`
	Name   string         `json:"name"`
	Type   string         `json:"type"`
	Config map[string]any `json:"config"`
	// ReadOnly is said of what another account shares with this one.
	ReadOnly bool `json:"read_only"`
}

func (b identityProviderBody) identityProvider() IdentityProvider {
	text := func(key string) string { value, _ := b.Config[key].(string); return value }
	found := IdentityProvider{Type: b.Type, RedirectURL: text("redirect_url")}
	found.ReadOnly = b.ReadOnly
	found.ID, found.Name, found.ClientID, found.OktaAccount = b.ID, b.Name, text("client_id"), text("okta_account")
	if pkce, said := b.Config["pkce_enabled"].(bool); said {
		found.PKCE = &pkce
	}
	// An Okta API token reads back hidden or not at all; what reads back at all is there.
	if token, there := b.Config[lookupToken]; there && token != nil && token != "" {
		found.Unreadable = append(found.Unreadable, lookupToken)
	}
	return found
}

// ListIdentityProviders returns every login method of the account. An empty list is not proof that there are none: a token
// without the permission gets one too.
func (c *Client) ListIdentityProviders(ctx context.Context) ([]IdentityProvider, error) {
	bodies, err := list[identityProviderBody](ctx, c, identityProviders)
	if err != nil {
		return nil, fmt.Errorf("list the identity providers of Cloudflare account %s: %w", c.account, err)
	}
	found := make([]IdentityProvider, len(bodies))
	for i, body := range bodies {
		found[i] = body.identityProvider()
	}
	return found, nil
}

// IdentityProvidersOf returns those of type okta whose client id is exactly the one given.
func (c *Client) IdentityProvidersOf(ctx context.Context, clientID string) ([]IdentityProvider, error) {
	all, err := c.ListIdentityProviders(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(found IdentityProvider) bool {
		return found.Type != planner.TypeOkta || found.ClientID != clientID
	}), nil
}

// GetIdentityProvider returns a login method, or nil when it is gone.
func (c *Client) GetIdentityProvider(ctx context.Context, id string) (*IdentityProvider, error) {
	at, err := item(identityProviders, id)
	if err != nil {
		return nil, err
	}
	var body identityProviderBody
	if _, err := c.do(ctx, http.MethodGet, at, nil, &body); err != nil {
		if err = c.unlessGone(ctx, identityProviders, id, err); err == nil {
			return nil, nil
		}
		return nil, fmt.Errorf("read identity provider %s: %w", id, err)
	}
	found := body.identityProvider()
	return &found, nil
}

// CreateIdentityProvider registers Okta as a login method (procedure, step 5) and returns its id. A repeated call makes a
// second one: names are not unique, and Cloudflare has no idempotency key.
func (c *Client) CreateIdentityProvider(ctx context.Context, want planner.IdentityProvider, handed Handed) (string, error) {
	ctx = transport.Hiding(ctx, handed.ClientSecret, handed.LookupToken)
	body := map[string]any{"name": want.Name, "type": planner.TypeOkta, "config": configOf(map[string]any{}, want, handed)}
	var created identityProviderBody
	if _, err := c.do(ctx, http.MethodPost, identityProviders, body, &created); err != nil {
		return "", fmt.Errorf("create identity provider %q: %w", want.Name, err)
	}
	if created.ID == "" {
		return "", fmt.Errorf("create identity provider %q: Cloudflare answered without an id", want.Name)
	}
	return created.ID, nil
}

// UpdateIdentityProvider gives a login method other settings. An update replaces everything, so the others are read first
// and sent along; the client secret and the token for group look-up never read back and are always sent.
func (c *Client) UpdateIdentityProvider(ctx context.Context, want planner.IdentityProvider, handed Handed) error {
	at, err := item(identityProviders, want.ID)
	if err != nil {
		return err
	}
	whole, err := c.whole(ctx, at, want.ID)
	if err != nil {
		return fmt.Errorf("read identity provider %s: %w", want.ID, err)
	}
	config, _ := whole["config"].(map[string]any)
	if config == nil {
		config = map[string]any{}
	}
	delete(config, "redirect_url") // Cloudflare's own
	body := map[string]any{"name": want.Name, "type": planner.TypeOkta, "config": configOf(config, want, handed)}
	if scim, there := whole["scim_config"].(map[string]any); there {
		delete(scim, "secret")
		delete(scim, "scim_base_url")
		body["scim_config"] = scim
	}
	if _, err := c.do(transport.Hiding(ctx, handed.ClientSecret, handed.LookupToken), http.MethodPut, at, body, nil); err != nil {
		return fmt.Errorf("update identity provider %q (%s): %w", want.Name, want.ID, err)
	}
	return nil
}

func configOf(config map[string]any, want planner.IdentityProvider, handed Handed) map[string]any {
	config["client_id"], config["client_secret"] = want.ClientID, handed.ClientSecret.Reveal()
	config["okta_account"] = strings.TrimRight(want.OktaAccount, "/")
	delete(config, "pkce_enabled")
	if want.PKCE != nil {
		config["pkce_enabled"] = *want.PKCE
	}
	if want.LookupToken != nil { // else it isn't ours to say
		delete(config, lookupToken)
		if !handed.LookupToken.IsZero() {
			config[lookupToken] = handed.LookupToken.Reveal()
		}
	}
	return config
}

// DeleteIdentityProvider deletes a login method. One that is gone already is no error.
func (c *Client) DeleteIdentityProvider(ctx context.Context, id string) error {
	if err := c.remove(ctx, identityProviders, id); err != nil {
		return fmt.Errorf("delete identity provider %s: %w", id, err)
	}
	return nil
}

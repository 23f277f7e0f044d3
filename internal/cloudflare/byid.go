package cloudflare

import (
	"context"
	"fmt"
	"net/http"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// What follows returns a thing by its id, or nil when there is none: unlike Get…, it takes Cloudflare's word for that.

// ReadIdentityProvider returns an identity provider, or nil.
func (c *Client) ReadIdentityProvider(ctx context.Context, id string) (*IdentityProvider, error) {
	body, err := read[identityProviderBody](ctx, c, identityProviders, id)
	if body == nil {
		return nil, err
	}
	found := body.identityProvider()
	return &found, nil
}

// ReadPolicy returns a reusable policy, or nil.
func (c *Client) ReadPolicy(ctx context.Context, id string) (*planner.AccessPolicy, error) {
	return read[planner.AccessPolicy](ctx, c, policies, id)
}

// ReadApplication returns an Access application, or nil.
func (c *Client) ReadApplication(ctx context.Context, id string) (*Application, error) {
	body, err := read[applicationBody](ctx, c, applications, id)
	if body == nil {
		return nil, err
	}
	found := body.application()
	return &found, nil
}

func read[T any](ctx context.Context, c *Client, collection, id string) (*T, error) {
	at, err := item(collection, id)
	if err != nil {
		return nil, err
	}
	var found T
	_, err = c.do(ctx, http.MethodGet, at, nil, &found)
	switch {
	case transport.Is(err, transport.NotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", at, err)
	}
	return &found, nil
}

package cloudflare

import (
	"context"
	"fmt"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

const (
	groups = "/access/groups"
	grants = "/access/idp_federation_grants"
)

// ListGroups returns every Access group of the account.
func (c *Client) ListGroups(ctx context.Context) ([]planner.AccessGroup, error) {
	found, err := list[planner.AccessGroup](ctx, c, groups)
	if err != nil {
		return nil, fmt.Errorf("list the Access groups of Cloudflare account %s: %w", c.account, err)
	}
	return found, nil
}

// ReadGroup returns an Access group, or nil.
func (c *Client) ReadGroup(ctx context.Context, id string) (*planner.AccessGroup, error) {
	return read[planner.AccessGroup](ctx, c, groups, id)
}

// ListFederationGrants returns the grants through which other accounts use identity providers of this one. Accounts that can't have any refuse
// to list them: those have none, and one that isn't shown to us is not lost, for Cloudflare deletes no identity provider that has one.
func (c *Client) ListFederationGrants(ctx context.Context) ([]planner.FederationGrant, error) {
	found, err := list[planner.FederationGrant](ctx, c, grants)
	for _, kind := range []transport.Kind{transport.Forbidden, transport.NotFound, transport.Invalid} {
		if transport.Is(err, kind) {
			return nil, nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("list the federation grants of Cloudflare account %s: %w", c.account, err)
	}
	return found, nil
}

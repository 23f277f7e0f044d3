package okta

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/okta/okta-sdk-golang/v2/okta"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// ActivateApp lets people sign in through the app.
func (c *Client) ActivateApp(ctx context.Context, id string) error {
	return c.lifecycle(ctx, id, "activate", c.sdk.Application.ActivateApplication)
}

// DeactivateApp stops people from signing in through the app; Okta deletes only inactive ones.
func (c *Client) DeactivateApp(ctx context.Context, id string) error {
	return c.lifecycle(ctx, id, "deactivate", c.sdk.Application.DeactivateApplication)
}

// DeleteApp deletes an inactive app, with its assignments and secrets. One that is gone already is no error.
func (c *Client) DeleteApp(ctx context.Context, id string) error {
	if err := c.lifecycle(ctx, id, "delete", c.sdk.Application.DeleteApplication); err != nil {
		return c.unlessGone(ctx, id, err)
	}
	if err := c.gone(ctx, "/api/v1/apps/"+id); err != nil {
		return fmt.Errorf("delete Okta app %s: %w", id, err)
	}
	return nil
}

// gone proves that what was deleted is gone.
func (c *Client) gone(ctx context.Context, at string) error {
	return transport.ProveGone(ctx, dialect, at, c.settle, func() error {
		_, err := c.do(ctx, http.MethodGet, at, nil, nil)
		return err
	})
}

// unlessGone returns nil when err says that an app is not there, and the list of apps agrees. A 404 alone is no proof: what
// was made moments ago may not be seen everywhere yet, and would be left behind.
func (c *Client) unlessGone(ctx context.Context, id string, err error) error {
	if !transport.Is(err, transport.NotFound) {
		return err
	}
	apps, failed := c.ListApps(ctx)
	if failed != nil {
		return failed
	}
	if slices.ContainsFunc(apps, func(app App) bool { return app.ID == id }) {
		return fmt.Errorf("it is listed, and yet: %w", err)
	}
	return nil
}

func (c *Client) lifecycle(ctx context.Context, id, verb string, call func(context.Context, string) (*okta.Response, error)) error {
	if _, err := path("%s", id); err != nil {
		return err
	}
	if _, err := call(ctx, id); err != nil {
		return fmt.Errorf("%s Okta app %s: %w", verb, id, transport.Plain(err))
	}
	return nil
}

package okta

import (
	"context"
	"fmt"
	"time"

	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// ClientSecret is one of the at most two secrets of an app.
type ClientSecret struct {
	ID    string
	Hash  string // Okta's secret_hash: tells secrets apart without showing them
	Value secret.Secret
}

// ActiveSecret returns the newest active secret of an app, whose value Okta shows here and nowhere else
// (procedure, step 4).
func (c *Client) ActiveSecret(ctx context.Context, appID string) (ClientSecret, error) {
	if _, err := path("%s", appID); err != nil {
		return ClientSecret{}, err
	}
	found, _, err := c.sdk.Application.ListClientSecretsForApplication(ctx, appID)
	if err != nil {
		return ClientSecret{}, fmt.Errorf("read the client secrets of Okta app %s: %w", appID, transport.Plain(err))
	}
	var newest ClientSecret
	var created time.Time
	for _, each := range found {
		if each == nil || each.Status != "ACTIVE" || each.Created == nil || each.Created.Before(created) {
			continue
		}
		created = *each.Created
		newest = ClientSecret{ID: each.Id, Hash: each.SecretHash, Value: secret.New(each.ClientSecret)}
	}
	if newest.ID == "" {
		return ClientSecret{}, fmt.Errorf("read the client secrets of Okta app %s: none of %d is active", appID, len(found))
	}
	return newest, nil
}

// Secret returns the secret of an app that has the id, while it is active.
func (c *Client) Secret(ctx context.Context, appID, secretID string) (ClientSecret, error) {
	if _, err := path("%s", appID); err != nil {
		return ClientSecret{}, err
	}
	found, _, err := c.sdk.Application.ListClientSecretsForApplication(ctx, appID)
	if err != nil {
		return ClientSecret{}, fmt.Errorf("read the client secrets of Okta app %s: %w", appID, transport.Plain(err))
	}
	for _, each := range found {
		if each != nil && each.Id == secretID && each.Status == "ACTIVE" {
			return ClientSecret{ID: each.Id, Hash: each.SecretHash, Value: secret.New(each.ClientSecret)}, nil
		}
	}
	return ClientSecret{}, fmt.Errorf("the client secret %s that Cloudflare was handed is not active in Okta app %s", secretID, appID)
}

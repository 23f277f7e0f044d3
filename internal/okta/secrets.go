package okta

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// The statuses of a client secret.
const (
	SecretActive   = "ACTIVE"
	SecretInactive = "INACTIVE"
)

// ClientSecret is one of the at most two secrets of an app.
type ClientSecret struct {
	ID      string
	Hash    string // Okta's secret_hash: tells secrets apart without showing them
	Status  string
	Created time.Time // zero where Okta doesn't say
	Value   secret.Secret
}

// Secrets returns every secret of an app, in no order. Okta shows their values here and nowhere else.
func (c *Client) Secrets(ctx context.Context, appID string) ([]ClientSecret, error) {
	if _, err := path("%s", appID); err != nil {
		return nil, err
	}
	found, _, err := c.sdk.Application.ListClientSecretsForApplication(ctx, appID)
	if err != nil {
		return nil, fmt.Errorf("read the client secrets of Okta app %s: %w", appID, transport.Plain(err))
	}
	var secrets []ClientSecret
	for _, each := range found {
		if each == nil {
			continue
		}
		listed := ClientSecret{ID: each.Id, Hash: each.SecretHash, Status: each.Status, Value: secret.New(each.ClientSecret)}
		if each.Created != nil {
			listed.Created = *each.Created
		}
		secrets = append(secrets, listed)
	}
	return secrets, nil
}

// ActiveSecret returns the newest active secret of an app (procedure, step 4).
func (c *Client) ActiveSecret(ctx context.Context, appID string) (ClientSecret, error) {
	found, err := c.Secrets(ctx, appID)
	if err != nil {
		return ClientSecret{}, err
	}
	newest, active := NewestActive(found)
	if !active {
		return ClientSecret{}, noSecret(appID, len(found))
	}
	return newest, nil
}

// NewestActive is the one of an app's secrets that was made last and is active; there may be none.
func NewestActive(secrets []ClientSecret) (newest ClientSecret, active bool) {
	for _, each := range secrets {
		if each.Status == SecretActive && !each.Created.IsZero() && !each.Created.Before(newest.Created) {
			newest = each
		}
	}
	return newest, newest.ID != ""
}

// noSecret is a NotFound: the list of an app that was created moments ago may not show its secret yet.
func noSecret(appID string, of int) error {
	return fmt.Errorf("read the client secrets of Okta app %s: %w", appID, &transport.Error{
		Provider: dialect.Provider, Method: http.MethodGet, Path: "/api/v1/apps/" + appID + "/credentials/secrets", Kind: transport.NotFound,
		Summary: fmt.Sprintf("none of %d is active", of),
	})
}

// Secret returns the secret of an app that has the id, while it is active.
func (c *Client) Secret(ctx context.Context, appID, secretID string) (ClientSecret, error) {
	found, err := c.Secrets(ctx, appID)
	if err != nil {
		return ClientSecret{}, err
	}
	for _, each := range found {
		if each.ID == secretID && each.Status == SecretActive {
			return each, nil
		}
	}
	return ClientSecret{}, fmt.Errorf("the client secret %s that Cloudflare was handed is not active in Okta app %s", secretID, appID)
}

// Package cloudflare is the little of Cloudflare's API that a connection needs, over cloudflare-go. It keeps the SDK's
// traps in one place: no retries, no rate limiter of its own, no debug output, raw requests where the SDK's types lose
// fields or can't decode an answer. Every failure is a *transport.Error.
package cloudflare

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// Client talks to one Cloudflare account. It is safe for concurrent use.
type Client struct {
	account string
	sdk     *cloudflare.API
	// settle is how long to look whether what was deleted is gone.
	settle time.Duration
}

// New returns a client for the account with the id, at the API's base URL (https://api.cloudflare.com/client/v4).
func New(baseURL, accountID string, token secret.Secret, options transport.Options) (*Client, error) {
	sdk, err := cloudflare.NewWithAPIToken(token.Reveal(),
		cloudflare.BaseURL(strings.TrimRight(baseURL, "/")),
		cloudflare.HTTPClient(transport.Client(dialect, options)),
		// The SDK would repeat a POST that may have been carried out, and hold parallel calls up by 250 ms each.
		cloudflare.UsingRetryPolicy(0, 0, 0),
		cloudflare.UsingRateLimit(1e6),
		cloudflare.UserAgent("accessbridge"),
	)
	if err != nil {
		return nil, fmt.Errorf("set up the client for Cloudflare account %s: %w", accountID, err)
	}
	return &Client{account: accountID, sdk: sdk, settle: options.Settle}, nil
}

// Account is the id of the account.
func (c *Client) Account() string { return c.account }

// do sends one request below the account and decodes the envelope's result into out, unless that is nil.
func (c *Client) do(ctx context.Context, method, path string, body, out any) (*cloudflare.ResultInfo, error) {
	answer, err := c.sdk.Raw(ctx, method, "/accounts/"+c.account+path, body, nil)
	if err != nil {
		return nil, transport.Plain(err)
	}
	if out == nil {
		return answer.ResultInfo, nil
	}
	if nothing := len(answer.Result) == 0 || string(answer.Result) == "null"; nothing {
		if method == http.MethodGet && !strings.Contains(path, "?") { // an empty list can be written so, one thing can't
			return nil, fmt.Errorf("read the answer to %s %s: it has no result", method, path)
		}
		return answer.ResultInfo, nil
	}
	if err := json.Unmarshal(answer.Result, out); err != nil {
		return nil, fmt.Errorf("read the answer to %s %s: %w", method, path, transport.Plain(err))
	}
	return answer.ResultInfo, nil
}

// item is the path of one thing in a collection; an id is never trusted in a path.
func item(collection, id string) (string, error) {
	if !planner.IsCloudflareID(id) {
		return "", fmt.Errorf("%q is not a Cloudflare id", id)
	}
	return collection + "/" + id, nil
}

// whole reads everything that Cloudflare tells of one thing, for an update that must send it all back.
func (c *Client) whole(ctx context.Context, at, id string) (map[string]any, error) {
	var whole map[string]any
	if _, err := c.do(ctx, http.MethodGet, at, nil, &whole); err != nil {
		return nil, err
	}
	if whole["id"] != id {
		return nil, fmt.Errorf("read the answer to GET %s: it is of another id", at)
	}
	return whole, nil
}

// remove deletes one thing, and looks whether it is gone: an accepted delete is no proof. One that is gone already is no error.
func (c *Client) remove(ctx context.Context, collection, id string) error {
	at, err := item(collection, id)
	if err != nil {
		return err
	}
	if _, err = c.do(ctx, http.MethodDelete, at, nil, nil); err != nil {
		return c.unlessGone(ctx, collection, id, err)
	}
	return transport.ProveGone(ctx, dialect, at, c.settle, func() error {
		_, err := c.do(ctx, http.MethodGet, at, nil, nil)
		return err
	})
}

// unlessGone returns nil when err says that a thing is not there, and the list of its collection agrees. A 404 alone is no
// proof: what was made moments ago may not be seen everywhere yet, and would be left behind.
func (c *Client) unlessGone(ctx context.Context, collection, id string, err error) error {
	if !transport.Is(err, transport.NotFound) {
		return err
	}
	type listed struct {
		ID string `json:"id"`
	}
	all, failed := list[listed](ctx, c, collection)
	if failed != nil {
		return failed
	}
	if slices.Contains(all, listed{id}) {
		return fmt.Errorf("it is listed, and yet: %w", err)
	}
	return nil
}

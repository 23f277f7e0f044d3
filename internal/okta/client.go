// Package okta is the little of Okta's management API that a connection needs, over okta-sdk-golang. It keeps the SDK's
// traps in one place: no retries, no cache, no configuration but ours, raw requests where the SDK has no method or loses
// fields. Every failure is a *transport.Error.
package okta

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/okta/okta-sdk-golang/v2/okta"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// Client talks to one Okta org. It is safe for concurrent use.
type Client struct {
	url  string
	sdk  *okta.Client
	http *http.Client
	// token is known in order to be hidden: no answer may repeat it.
	token secret.Secret
	// settle is how long to look whether what was deleted is gone.
	settle time.Duration
}

// New returns a client for the org at the URL, such as https://acme.okta.com, with an API token (SSWS): the groups claim
// has no API that takes an OAuth 2.0 access token.
func New(orgURL string, token secret.Secret, options transport.Options) (*Client, error) {
	orgURL = strings.TrimRight(orgURL, "/")
	client := transport.Client(dialect, options)
	sdk, err := newSDK(orgURL, token, client)
	if err != nil {
		return nil, fmt.Errorf("set up the client for Okta org %s: %w", orgURL, err)
	}
	return &Client{url: orgURL, sdk: sdk, http: client, token: token, settle: options.Settle}, nil
}

// newSDK makes the SDK's client. Every field is set: the SDK would else take it from ~/.okta/okta.yaml or OKTA_CLIENT_* in the
// environment.
func newSDK(orgURL string, token secret.Secret, client *http.Client) (*okta.Client, error) {
	_, sdk, err := okta.NewClient(context.Background(),
		okta.WithOrgUrl(orgURL),
		okta.WithAuthorizationMode("SSWS"),
		okta.WithToken(token.Reveal()),
		okta.WithHttpClientPtr(client),
		okta.WithCache(false),
		// Only -1 stops the SDK from repeating requests, a POST whose connection was cut included.
		okta.WithRateLimitMaxRetries(-1),
		okta.WithTestingDisableHttpsCheck(false),
		okta.WithUserAgentExtra("accessbridge"),
	)
	return sdk, err
}

// URL is the org's URL, without a slash at the end: its OpenID issuer and Cloudflare's "Okta account".
func (c *Client) URL() string { return c.url }

// path fills ids into a path, refusing one that isn't an id: an answer is never trusted in a path.
func path(format string, ids ...string) (string, error) {
	values := make([]any, len(ids))
	for i, id := range ids {
		if !planner.IsOktaID(id) {
			return "", fmt.Errorf("%q is not an Okta id", id)
		}
		values[i] = id
	}
	return fmt.Sprintf(format, values...), nil
}

// do sends one request through the SDK and decodes its answer into out, unless that is nil.
func (c *Client) do(ctx context.Context, method, path string, body, out any) (*okta.Response, error) {
	executor := c.sdk.CloneRequestExecutor()
	request, err := executor.NewRequest(method, path, body)
	if err != nil {
		return nil, fmt.Errorf("make the request %s %s: %w", method, path, err)
	}
	response, err := executor.Do(ctx, request, out)
	return response, transport.Plain(err)
}

package okta

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
)

// TryToken reads a little with the API token, and returns why the org doesn't accept it.
func (c *Client) TryToken(ctx context.Context) error {
	var groups []json.RawMessage
	if _, err := c.do(ctx, http.MethodGet, "/api/v1/groups?limit=1", nil, &groups); err != nil {
		return fmt.Errorf("read a group of Okta org %s: %w", c.url, err)
	}
	return nil
}

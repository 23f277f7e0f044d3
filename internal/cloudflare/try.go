package cloudflare

import "context"

// TryToken reads a little with the API token, and returns why the account doesn't accept it.
func (c *Client) TryToken(ctx context.Context) error {
	_, err := c.AuthDomain(ctx)
	return err
}

package okta

import (
	"context"
	"fmt"
	"net/http"
	"regexp"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// clientsPath is the API of OAuth 2.0 clients, which finds one by its client id; that of apps doesn't.
const clientsPath = "/oauth2/v1/clients"

// clientIDForm is the form of the client ids that are asked for: of Okta's own, and of those that connections give.
var clientIDForm = regexp.MustCompile(`^[0-9A-Za-z_-]([0-9A-Za-z_.-]{0,98}[0-9A-Za-z_-])?$`)

// ClientKnown reports whether the org has a client with exactly the client id: also of an app that no list shows yet.
func (c *Client) ClientKnown(ctx context.Context, clientID string) (bool, error) {
	if !clientIDForm.MatchString(clientID) {
		return false, fmt.Errorf("%q is not a client id", clientID)
	}
	var client struct {
		ID string `json:"client_id"`
	}
	_, err := c.do(ctx, http.MethodGet, clientsPath+"/"+clientID, nil, &client)
	if failure := transport.As(err); failure != nil && failure.Kind == transport.NotFound && failure.Code != CodeUnknownEndpoint {
		return false, nil
	}
	if err == nil && client.ID != clientID {
		err = fmt.Errorf("another one was answered with: %q", client.ID)
	}
	if err != nil {
		return false, fmt.Errorf("look for the Okta client %s: %w", clientID, err)
	}
	return true, nil
}

package okta

import (
	"context"
	"fmt"
	"net/http"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// ReadApp returns an app, or nil when there is none with the id: unlike GetApp, it takes Okta's word for that.
func (c *Client) ReadApp(ctx context.Context, id string) (*App, error) {
	at, err := path("/api/v1/apps/%s", id)
	if err != nil {
		return nil, err
	}
	var body appBody
	if there, err := c.lookUp(ctx, at, &body); !there || err != nil {
		return nil, wrap(err, "read Okta app %s", id)
	}
	app := body.app()
	return &app, nil
}

// AssignedGroup returns a group's assignment to an app, or nil when it isn't assigned.
func (c *Client) AssignedGroup(ctx context.Context, appID, groupID string) (*planner.Group, error) {
	at, err := path("/api/v1/apps/%s/groups/%s", appID, groupID)
	if err != nil {
		return nil, err
	}
	var body assignmentBody
	if there, err := c.lookUp(ctx, at+"?expand=group", &body); !there || err != nil {
		return nil, wrap(err, "read the assignment of group %s to Okta app %s", groupID, appID)
	}
	group := body.group()
	return &group, nil
}

// lookUp decodes one thing into out, and reports whether it is there.
func (c *Client) lookUp(ctx context.Context, at string, out any) (there bool, err error) {
	_, err = c.do(ctx, http.MethodGet, at, nil, out)
	if transport.Is(err, transport.NotFound) {
		return false, nil
	}
	return err == nil, err
}

func wrap(err error, format string, values ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", fmt.Sprintf(format, values...), err)
}

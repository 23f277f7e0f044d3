package okta

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/okta/okta-sdk-golang/v2/okta"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// prefixCap is how many groups a search by prefix returns at the most; it can't be paged.
const prefixCap = 300

type groupBody struct {
	ID      string `json:"id"`
	Profile struct {
		Name string `json:"name"`
	} `json:"profile"`
}

// GroupsNamed returns every group that has exactly the name. Okta's search matches a prefix and ignores case.
func (c *Client) GroupsNamed(ctx context.Context, name string) ([]connection.Group, error) {
	found, err := pages[groupBody](ctx, c, "/api/v1/groups", url.Values{"q": {name}})
	if err == nil && len(found) >= prefixCap {
		quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(name)
		found, err = pages[groupBody](ctx, c, "/api/v1/groups", url.Values{"search": {`profile.name eq "` + quoted + `"`}, "limit": {"200"}})
	}
	if err != nil {
		return nil, fmt.Errorf("find Okta group %q: %w", name, err)
	}
	var groups []connection.Group
	for _, group := range found {
		if group.Profile.Name == name {
			groups = append(groups, connection.Group{ID: group.ID, Name: name})
		}
	}
	return groups, nil
}

// AssignedGroups returns the groups assigned to an app, by name.
func (c *Client) AssignedGroups(ctx context.Context, appID string) ([]connection.Group, error) {
	at, err := path("/api/v1/apps/%s/groups", appID)
	if err != nil {
		return nil, err
	}
	type assignment struct {
		ID       string          `json:"id"`
		Priority *int64          `json:"priority"`
		Profile  json.RawMessage `json:"profile"`
		Embedded struct {
			Group groupBody `json:"group"`
		} `json:"_embedded"`
	}
	assignments, err := pages[assignment](ctx, c, at, url.Values{"limit": {"200"}, "expand": {"group"}})
	if err != nil {
		return nil, fmt.Errorf("list the groups assigned to Okta app %s: %w", appID, err)
	}
	groups := make([]connection.Group, len(assignments))
	for i, assignment := range assignments {
		groups[i] = connection.Group{
			ID: assignment.ID, Name: assignment.Embedded.Group.Profile.Name, Priority: assignment.Priority, Profile: assignment.Profile,
		}
		if groups[i].Name == "" {
			groups[i].Name = assignment.ID
		}
	}
	return groups, nil
}

// AssignGroup lets the members of a group sign in through the app (procedure, step 6), with the priority and the profile that
// the group has here. It can be repeated. Another group that has the priority loses it.
func (c *Client) AssignGroup(ctx context.Context, appID string, group connection.Group) error {
	if _, err := path("%s%s", appID, group.ID); err != nil {
		return err
	}
	var body okta.ApplicationGroupAssignment
	if group.Priority != nil && *group.Priority != 0 { // without one, Okta gives the next; an explicit 0 makes it answer 500
		body.PriorityPtr = group.Priority
	}
	if len(group.Profile) > 0 {
		body.Profile = group.Profile
	}
	if _, _, err := c.sdk.Application.CreateApplicationGroupAssignment(ctx, appID, group.ID, body); err != nil {
		return fmt.Errorf("assign group %s to Okta app %s: %w", group.ID, appID, transport.Plain(err))
	}
	return nil
}

// UnassignGroup is the reverse of AssignGroup. An assignment, app or group that is gone already is no error.
func (c *Client) UnassignGroup(ctx context.Context, appID, groupID string) error {
	if _, err := path("%s%s", appID, groupID); err != nil {
		return err
	}
	_, err := c.sdk.Application.DeleteApplicationGroupAssignment(ctx, appID, groupID)
	if err == nil {
		err = c.gone(ctx, "/api/v1/apps/"+appID+"/groups/"+groupID)
	} else if transport.Is(err, transport.NotFound) {
		// A 404 alone is no proof: see unlessGone.
		assigned, failed := c.AssignedGroups(ctx, appID)
		if failed != nil && !transport.Is(failed, transport.NotFound) {
			return failed
		}
		if !slices.ContainsFunc(assigned, func(group connection.Group) bool { return group.ID == groupID }) {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("unassign group %s from Okta app %s: %w", groupID, appID, transport.Plain(err))
	}
	return nil
}

package okta

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"github.com/okta/okta-sdk-golang/v2/okta"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// prefixCaps are how many groups a search by prefix returns at the most: Okta's pages and what people saw differ. It can't be paged,
// so an answer of such a length may be cut.
var prefixCaps = []int{10, 200, 300}

type groupBody struct {
	ID      string `json:"id"`
	Type    string `json:"type"`
	Profile struct {
		Name string `json:"name"`
	} `json:"profile"`
}

// imported reports whether the group comes from AD, LDAP or another app. Okta leaves such out of a groups claim that is a filter.
func (b groupBody) imported() bool { return b.Type == "APP_GROUP" }

// GroupsNamed returns every group that has exactly the name.
func (c *Client) GroupsNamed(ctx context.Context, name string) ([]planner.Group, error) {
	found, err := c.groupsNamed(ctx, name)
	var groups []planner.Group
	for _, group := range found {
		groups = append(groups, planner.Group{ID: group.ID, Name: name, Imported: group.imported()})
	}
	return groups, err
}

// groupsNamed finds every group that has exactly the name. Okta's search by prefix ignores case, and cuts what it finds: where the
// name may have been cut off, it is searched for by an expression, which is exact but lags behind.
func (c *Client) groupsNamed(ctx context.Context, name string) ([]groupBody, error) {
	found, err := pages[groupBody](ctx, c, "/api/v1/groups", url.Values{"q": {name}})
	groups := exactly(name, found)
	cut := slices.Contains(prefixCaps, len(found)) || len(found) > slices.Max(prefixCaps)
	if err == nil && (cut || (len(groups) == 0 && len(found) > 0)) {
		var more []groupBody
		more, err = pages[groupBody](ctx, c, "/api/v1/groups", url.Values{"search": {namesAre([]string{name})}, "limit": {"200"}})
		groups = exactly(name, append(found, more...))
	}
	if err != nil {
		return nil, fmt.Errorf("find Okta group %q: %w", name, err)
	}
	return groups, nil
}

// exactly are the groups that have exactly the name, each once.
func exactly(name string, found []groupBody) (groups []groupBody) {
	for _, group := range found {
		known := slices.ContainsFunc(groups, func(other groupBody) bool { return other.ID == group.ID })
		if group.Profile.Name == name && !known {
			groups = append(groups, group)
		}
	}
	return groups
}

// assignmentBody is a group's assignment to an app as the API writes it, with the group where that was asked for.
type assignmentBody struct {
	ID       string          `json:"id"`
	Priority *int64          `json:"priority"`
	Profile  json.RawMessage `json:"profile"`
	Embedded struct {
		Group groupBody `json:"group"`
	} `json:"_embedded"`
}

func (b assignmentBody) group() planner.Group {
	return planner.Group{ID: b.ID, Name: cmp.Or(b.Embedded.Group.Profile.Name, b.ID), Priority: b.Priority, Profile: b.Profile}
}

// AssignedGroups returns the groups assigned to an app, by name.
func (c *Client) AssignedGroups(ctx context.Context, appID string) ([]planner.Group, error) {
	at, err := path("/api/v1/apps/%s/groups", appID)
	if err != nil {
		return nil, err
	}
	assignments, err := pages[assignmentBody](ctx, c, at, url.Values{"limit": {"200"}, "expand": {"group"}})
	if err != nil {
		return nil, fmt.Errorf("list the groups assigned to Okta app %s: %w", appID, err)
	}
	groups := make([]planner.Group, len(assignments))
	for i, assignment := range assignments {
		groups[i] = assignment.group()
	}
	return groups, nil
}

// AssignGroup lets the members of a group sign in through the app (procedure, step 6), with the priority and the profile that
// the group has here. It can be repeated. Another group that has the priority keeps it.
func (c *Client) AssignGroup(ctx context.Context, appID string, group planner.Group) error {
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
		if !slices.ContainsFunc(assigned, func(group planner.Group) bool { return group.ID == groupID }) {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("unassign group %s from Okta app %s: %w", groupID, appID, transport.Plain(err))
	}
	return nil
}

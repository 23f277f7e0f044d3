package cloudflare

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/transport"
)

const applications = "/access/apps"

// Application is an Access application, with the identity providers and policies that it uses.
type Application = planner.ListedApplication

type applicationBody struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Domain      string   `json:"domain"`
	AllowedIDPs []string `json:"allowed_idps"`
	Policies    []struct {
		ID string `json:"id"`
	} `json:"policies"`
}

func (b applicationBody) application() Application {
	var found Application
	found.ID, found.Name, found.Domain = b.ID, b.Name, b.Domain
	found.AllowedIdentityProviders = b.AllowedIDPs
	for _, policy := range b.Policies {
		found.Policies = append(found.Policies, policy.ID)
	}
	return found
}

// ListApplications returns every Access application of the account.
func (c *Client) ListApplications(ctx context.Context) ([]Application, error) {
	bodies, err := list[applicationBody](ctx, c, applications)
	if err != nil {
		return nil, fmt.Errorf("list the Access applications of Cloudflare account %s: %w", c.account, err)
	}
	found := make([]Application, len(bodies))
	for i, body := range bodies {
		found[i] = body.application()
	}
	return found, nil
}

// AttachPolicy makes an application use a reusable policy, at the position among those that it uses already, or at their
// end when there are fewer. It can be repeated. A policy or an application that someone deleted is a NotFound that names it.
func (c *Client) AttachPolicy(ctx context.Context, applicationID, policyID string, position int) error {
	err := c.changePolicies(ctx, applicationID, func(used []any) []any {
		if slices.ContainsFunc(used, func(each any) bool { return idOf(each) == policyID }) {
			return used
		}
		return slices.Insert(used, min(position, len(used)), any(map[string]any{"id": policyID}))
	})
	if failure := transport.As(err); failure != nil && failure.Status >= http.StatusInternalServerError {
		// Cloudflare answers 500 for a policy that isn't there, which looks as if a retry would fix it.
		for _, used := range []struct{ collection, id, name string }{{policies, policyID, "Access policy"}, {applications, applicationID, "Access application"}} {
			if c.missing(ctx, used.collection, used.id) {
				gone := *failure
				gone.Kind, gone.Summary = transport.NotFound, fmt.Sprintf("%s %s doesn't exist any more", used.name, used.id)
				return fmt.Errorf("change the policies of Access application %s: %w", applicationID, &gone)
			}
		}
	}
	return err
}

// missing reports whether a thing is known not to exist.
func (c *Client) missing(ctx context.Context, collection, id string) bool {
	at, err := item(collection, id)
	if err != nil {
		return false
	}
	_, err = c.do(ctx, http.MethodGet, at, nil, nil)
	return err != nil && c.unlessGone(ctx, collection, id, err) == nil
}

// DetachPolicy is the reverse of AttachPolicy. An application that is gone, or doesn't use the policy, is no error.
func (c *Client) DetachPolicy(ctx context.Context, applicationID, policyID string) error {
	err := c.changePolicies(ctx, applicationID, func(used []any) []any {
		return slices.DeleteFunc(used, func(each any) bool { return idOf(each) == policyID })
	})
	return c.unlessGone(ctx, applications, applicationID, err)
}

func idOf(policy any) any {
	fields, _ := policy.(map[string]any)
	return fields["id"]
}

// inOrder refers to policies with a precedence that keeps their order. Each keeps its own where that allows it: they are of others.
func inOrder(policies []any) []any {
	references := make([]any, len(policies))
	last := 0.0
	for i, policy := range policies {
		fields, _ := policy.(map[string]any)
		precedence, _ := fields["precedence"].(float64)
		last = max(precedence, last+1)
		references[i] = map[string]any{"id": idOf(policy), "precedence": last}
	}
	return references
}

// changePolicies reads an application and writes it back with other policies. An update replaces everything, so all that
// was read is sent along but what Cloudflare itself makes.
func (c *Client) changePolicies(ctx context.Context, applicationID string, change func([]any) []any) error {
	at, err := item(applications, applicationID)
	if err != nil {
		return err
	}
	giveBack, err := c.changing.take(ctx, applicationID)
	if err != nil {
		return fmt.Errorf("wait for another change of Access application %s: %w", applicationID, err)
	}
	defer giveBack()
	whole, err := c.whole(ctx, at, applicationID)
	if err != nil {
		return fmt.Errorf("read Access application %s: %w", applicationID, err)
	}
	before, _ := whole["policies"].([]any)
	after := change(slices.Clone(before))
	if len(after) == len(before) {
		return nil
	}
	whole["policies"] = inOrder(after)
	for _, readOnly := range []string{"id", "uid", "aud", "created_at", "updated_at"} {
		delete(whole, readOnly)
	}
	if _, err := c.do(ctx, http.MethodPut, at, whole, nil); err != nil {
		return fmt.Errorf("change the policies of Access application %s: %w", applicationID, err)
	}
	return nil
}

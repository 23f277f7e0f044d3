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
	// An application has more hostnames than its first.
	SelfHostedDomains []string `json:"self_hosted_domains"`
	Destinations      []struct {
		URI string `json:"uri"`
	} `json:"destinations"`
	Policies []struct {
		ID string `json:"id"`
	} `json:"policies"`
}

func (b applicationBody) application() Application {
	var found Application
	found.ID, found.Name, found.Domain = b.ID, b.Name, b.Domain
	found.AllowedIdentityProviders = b.AllowedIDPs
	found.Hostnames = slices.Clone(b.SelfHostedDomains)
	for _, destination := range b.Destinations {
		found.Hostnames = append(found.Hostnames, destination.URI)
	}
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

// AttachPolicy makes an application use a reusable policy, at its place among those that it uses already. It can be repeated. A
// policy or an application that someone deleted is a NotFound that names it.
func (c *Client) AttachPolicy(ctx context.Context, applicationID, policyID string, place planner.Place) error {
	err := c.changePolicies(ctx, applicationID, func(used []any) []any {
		if slices.ContainsFunc(used, func(each any) bool { return idOf(each) == policyID }) {
			return used
		}
		return slices.Insert(used, place.Among(idsOf(used)), any(map[string]any{"id": policyID}))
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

func idOf(policy any) string {
	fields, _ := policy.(map[string]any)
	id, _ := fields["id"].(string)
	return id
}

func idsOf(policies []any) []string {
	ids := make([]string, len(policies))
	for i, policy := range policies {
		ids[i] = idOf(policy)
	}
	return ids
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

// mostChanges is how often a change of an application's policies is made that isn't there when it is read back.
const mostChanges = 3

// changePolicies reads an application and writes it back with other policies, until it reads back as wanted: someone else who does
// the same at the same moment takes the change away, and Cloudflare has no way to write only what is still as it was read.
func (c *Client) changePolicies(ctx context.Context, applicationID string, change func([]any) []any) error {
	at, err := item(applications, applicationID)
	if err != nil {
		return err
	}
	for made := 0; ; made++ {
		whole, err := c.whole(ctx, at, applicationID)
		if err != nil {
			return fmt.Errorf("read Access application %s: %w", applicationID, err)
		}
		before, _ := whole["policies"].([]any)
		after := change(slices.Clone(before))
		if len(after) == len(before) {
			return nil
		}
		if made == mostChanges {
			return fmt.Errorf("change the policies of Access application %s: %w", applicationID, &transport.Error{
				Provider: dialect.Provider, Method: http.MethodPut, Path: at, Kind: transport.Unavailable,
				Summary: "Cloudflare accepted the change, and yet it isn't there: someone else may be changing the application at the same time",
			})
		}
		if err := c.putPolicies(ctx, at, whole, after); err != nil {
			return fmt.Errorf("change the policies of Access application %s: %w", applicationID, err)
		}
	}
}

// putPolicies writes an application back with other policies. An update replaces everything, so all that was read is sent along but
// what Cloudflare itself makes.
func (c *Client) putPolicies(ctx context.Context, at string, whole map[string]any, policies []any) error {
	whole["policies"] = inOrder(policies)
	for _, readOnly := range []string{"id", "uid", "aud", "created_at", "updated_at"} {
		delete(whole, readOnly)
	}
	_, err := c.do(ctx, http.MethodPut, at, whole, nil)
	return err
}

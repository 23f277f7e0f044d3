package cloudflare

import (
	"context"
	"fmt"
	"net/http"

	"github.com/accessbridge/accessbridge/internal/planner"
)

const policies = "/access/policies"

// ListPolicies returns every reusable Access policy of the account.
func (c *Client) ListPolicies(ctx context.Context) ([]planner.AccessPolicy, error) {
	found, err := list[planner.AccessPolicy](ctx, c, policies)
	if err != nil {
		return nil, fmt.Errorf("list the Access policies of Cloudflare account %s: %w", c.account, err)
	}
	return found, nil
}

// GetPolicy returns a reusable policy, or nil when it is gone.
func (c *Client) GetPolicy(ctx context.Context, id string) (*planner.AccessPolicy, error) {
	at, err := item(policies, id)
	if err != nil {
		return nil, err
	}
	var found planner.AccessPolicy
	if _, err := c.do(ctx, http.MethodGet, at, nil, &found); err != nil {
		if err = c.unlessGone(ctx, policies, id, err); err == nil {
			return nil, nil
		}
		return nil, fmt.Errorf("read Access policy %s: %w", id, err)
	}
	return &found, nil
}

// CreatePolicy makes a reusable policy (procedure, step 7) and returns its id. A repeated call makes a second one.
func (c *Client) CreatePolicy(ctx context.Context, want planner.AccessPolicy) (string, error) {
	body := map[string]any{}
	fillPolicy(body, want)
	var created planner.AccessPolicy
	if _, err := c.do(ctx, http.MethodPost, policies, body, &created); err != nil {
		return "", fmt.Errorf("create Access policy %q: %w", want.Name, err)
	}
	if created.ID == "" {
		return "", fmt.Errorf("create Access policy %q: Cloudflare answered without an id", want.Name)
	}
	return created.ID, nil
}

// UpdatePolicy gives a reusable policy another name, decision and rules; its other settings are read first and sent along.
func (c *Client) UpdatePolicy(ctx context.Context, want planner.AccessPolicy) error {
	at, err := item(policies, want.ID)
	if err != nil {
		return err
	}
	whole, err := c.whole(ctx, at, want.ID)
	if err != nil {
		return fmt.Errorf("read Access policy %s: %w", want.ID, err)
	}
	for _, readOnly := range []string{"id", "uid", "app_count", "reusable", "created_at", "updated_at", "precedence"} {
		delete(whole, readOnly)
	}
	fillPolicy(whole, want)
	if _, err := c.do(ctx, http.MethodPut, at, whole, nil); err != nil {
		return fmt.Errorf("update Access policy %q (%s): %w", want.Name, want.ID, err)
	}
	return nil
}

func fillPolicy(body map[string]any, want planner.AccessPolicy) {
	body["name"], body["decision"] = want.Name, want.Decision
	body["include"], body["require"], body["exclude"] = orEmpty(want.Include), orEmpty(want.Require), orEmpty(want.Exclude)
}

func orEmpty(rules []planner.Rule) []planner.Rule {
	if rules == nil {
		return []planner.Rule{}
	}
	return rules
}

// DeletePolicy deletes a reusable policy; Cloudflare refuses while an application uses it. One that is gone already is no error.
func (c *Client) DeletePolicy(ctx context.Context, id string) error {
	if err := c.remove(ctx, policies, id); err != nil {
		return fmt.Errorf("delete Access policy %s: %w", id, err)
	}
	return nil
}

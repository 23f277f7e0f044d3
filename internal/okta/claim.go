package okta

import (
	"context"
	"fmt"
	"net/http"

	"github.com/accessbridge/accessbridge/internal/planner"
)

// claimPath is the only API there is for the claim of an app's ID token: a private one of Okta's console.
const claimPath = "/api/v1/internal/apps/%s/settings/oauth/idToken"

type claimBody struct {
	IssuerMode string `json:"issuerMode"`
	ValueType  string `json:"valueType,omitempty"`
	Name       string `json:"name,omitempty"`
	Filter     string `json:"groupFilterType,omitempty"`
	Value      string `json:"value,omitempty"`
}

// Claim returns the claim of an app's ID token, or nil when it has none.
func (c *Client) Claim(ctx context.Context, appID string) (*planner.Claim, error) {
	at, err := path(claimPath, appID)
	if err != nil {
		return nil, err
	}
	var body claimBody
	if _, err := c.do(ctx, http.MethodGet, at, nil, &body); err != nil {
		return nil, fmt.Errorf("read the groups claim of Okta app %s: %w", appID, err)
	}
	if body.Name == "" {
		return nil, nil
	}
	return &planner.Claim{Name: body.Name, ValueType: body.ValueType, Filter: body.Filter, Value: body.Value}, nil
}

// SetClaim makes the claim exactly as given, or takes it away when claim is nil (procedure, step 3). The call replaces
// everything, so it can be repeated.
func (c *Client) SetClaim(ctx context.Context, appID, issuerMode string, claim *planner.Claim) error {
	at, err := path(claimPath, appID)
	if err != nil {
		return err
	}
	body := claimBody{IssuerMode: issuerMode}
	if claim != nil {
		body.Name, body.ValueType, body.Filter, body.Value = claim.Name, claim.ValueType, claim.Filter, claim.Value
	}
	if _, err := c.do(ctx, http.MethodPost, at, body, nil); err != nil {
		return fmt.Errorf("set the groups claim of Okta app %s: %w", appID, err)
	}
	return nil
}

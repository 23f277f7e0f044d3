package rig

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
)

// ClientIDByHand is the client id of the app that somebody made by hand.
const ClientIDByHand = "made-by-hand"

// MakeApp makes an app of somebody's own in the org under a label, and returns its id.
func (r *Rig) MakeApp(org, label string) (string, error) {
	return r.MakeClient(org, label, ClientIDByHand)
}

// MakeClient makes an app of somebody's own under the label with a client id, and returns its id.
func (r *Rig) MakeClient(org, label, clientID string) (string, error) {
	return r.Sandbox.Orgs[org].Org.CreateApp(map[string]any{
		"name": "oidc_client", "label": label, "signOnMode": "OPENID_CONNECT",
		"credentials": map[string]any{"oauthClient": map[string]any{"client_id": clientID, "token_endpoint_auth_method": "client_secret_basic"}},
		"settings": map[string]any{"oauthClient": map[string]any{
			"application_type": "web", "grant_types": []any{"authorization_code"}, "response_types": []any{"code"},
			"redirect_uris": []any{"https://elsewhere.example/callback"}, "issuer_mode": "ORG_URL", "logo_uri": "https://elsewhere.example/logo.png",
		}},
		"profile": map[string]any{"owner": "someone"},
	})
}

// MakeIdentityProvider makes a login method of somebody's own in the account, for an app of the org, and returns its id.
func (r *Rig) MakeIdentityProvider(ctx context.Context, org, account, name, appID string) (string, error) {
	clientSecret, err := r.ClientSecret(ctx, org, appID)
	if err != nil {
		return "", err
	}
	return r.Sandbox.API.API.AddIdentityProvider(r.Sandbox.Accounts[account].ID, cloudflare.IdentityProvider{Name: name, Type: "okta", Config: map[string]any{
		"client_id": ClientIDByHand, "client_secret": clientSecret, "okta_account": "https://old.example",
	}}), nil
}

// MakeByHand makes what a person left half done: an app with a group and a claim, a login method for it and a policy, under the
// names that a document has unless it says otherwise.
func (r *Rig) MakeByHand(ctx context.Context, org, account string) error {
	simulated := r.Sandbox.Orgs[org].Org
	id, err := r.MakeApp(org, "Cloudflare Access")
	if err != nil {
		return err
	}
	if err := simulated.AssignGroup(id, simulated.GroupID("Sales")); err != nil {
		return err
	}
	if err := simulated.SetGroupsClaim(id, "STARTS_WITH", "S"); err != nil {
		return err
	}
	if _, err := r.MakeIdentityProvider(ctx, org, account, "Okta", id); err != nil {
		return err
	}
	r.Sandbox.API.API.AddPolicy(r.Sandbox.Accounts[account].ID, map[string]any{
		"name": "Okta staff", "decision": "allow", "include": []any{map[string]any{"everyone": map[string]any{}}}, "session_duration": "8h",
	})
	return nil
}

// ClientSecret reads an app's client secret from where Okta shows it.
func (r *Rig) ClientSecret(ctx context.Context, org, appID string) (string, error) {
	simulated := r.Sandbox.Orgs[org]
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, simulated.URL+"/api/v1/apps/"+appID+"/credentials/secrets", http.NoBody)
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "SSWS "+simulated.Token)
	response, err := r.Sandbox.CA.Client().Do(request)
	if err != nil {
		return "", fmt.Errorf("read the client secret of app %s: %w", appID, err)
	}
	defer response.Body.Close()
	var secrets []struct {
		Secret string `json:"client_secret"`
	}
	if err := json.NewDecoder(response.Body).Decode(&secrets); err != nil || len(secrets) == 0 || secrets[0].Secret == "" {
		return "", fmt.Errorf("read the client secret of app %s: none is shown: %w", appID, err)
	}
	return secrets[0].Secret, nil
}

package faults

import (
	"fmt"
	"strings"

	sandboxcloudflare "github.com/accessbridge/accessbridge/sandbox/cloudflare"
)

// others is how many things of others there are in each list beside the connection's.
const others = 3

// makeOthers fills the lists of both sides with things of others.
func (l *lane) makeOthers() error {
	for i := range others {
		name := fmt.Sprintf("Others %d", i+1)
		app, err := l.Sandbox.Orgs[org].Org.CreateApp(map[string]any{
			"name": "oidc_client", "label": name, "signOnMode": "OPENID_CONNECT",
			"credentials": map[string]any{"oauthClient": map[string]any{"client_id": "client-of-" + strings.ReplaceAll(name, " ", "-")}},
			"settings": map[string]any{"oauthClient": map[string]any{
				"application_type": "web", "grant_types": []any{"authorization_code"}, "response_types": []any{"code"},
				"redirect_uris": []any{"https://elsewhere.example/callback"},
			}},
		})
		if err != nil {
			return fmt.Errorf("make the app %s (%s): %w", name, app, err)
		}
		l.Sandbox.API.API.AddIdentityProvider(l.account(), sandboxcloudflare.IdentityProvider{Name: name, Type: "onetimepin"})
		l.Sandbox.API.API.AddPolicy(l.account(), map[string]any{
			"name": name, "decision": "allow", "include": []any{map[string]any{"email": map[string]any{"email": "someone@elsewhere.example"}}},
		})
	}
	return nil
}

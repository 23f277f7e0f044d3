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
		app, err := l.MakeClient(org, name, "client-of-"+strings.ReplaceAll(name, " ", "-"))
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

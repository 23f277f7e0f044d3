package e2e

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// large is how many hundreds of groups, tens of apps and policies TestConnect_LargeOrg has in its org and account beside those that it
// always has.
var large = flag.Int("large", 20, "how large TestConnect_LargeOrg makes the org: hundreds of groups, tens of apps, and for each four of those ten policies")

// TestConnect_LargeOrg, at the limits of a Workforce plan: what a run asks for doesn't grow with the org's groups, and with its apps and
// the account's policies by pages alone. A second run finds its own among all of them, and changes nothing.
func TestConnect_LargeOrg(t *testing.T) {
	b := setUp(t, func(options *host.Options) {
		org := &options.Orgs[0]
		org.Limits = nil
		for i := range *large * 100 {
			org.Groups = append(org.Groups, okta.Group{Name: fmt.Sprintf("Engineering %05d", i)})
		}
	})
	apps, policies := *large*10, *large*10/4
	for i := range apps {
		if _, err := b.MakeClient("acme", fmt.Sprintf("App %04d", i), fmt.Sprintf("client-%04d", i)); err != nil {
			t.Fatalf("make an app: %v", err)
		}
	}
	for i := range policies {
		b.Sandbox.API.API.AddPolicy(b.account(), map[string]any{
			"name": fmt.Sprintf("Policy %03d", i), "decision": "allow", "include": []any{map[string]any{"email": map[string]any{"email": "someone@elsewhere.example"}}},
		})
	}
	var first connection.Result
	for _, how := range []string{"first", "again"} {
		began := time.Now()
		result := b.connect(b.spec())
		if result.State != connection.RunConnected {
			t.Fatalf("%s: the run ended %s: %+v", how, result.State, result.Failure)
		}
		asked := slices.DeleteFunc(append(b.okta().Requests(), b.Sandbox.API.Requests()...), func(call kit.Request) bool { return call.Time.Before(began) })
		t.Logf("%s: an org of %d groups and %d apps, an account of %d policies: %s, %d calls", how, *large*100, apps, policies, time.Since(began).Round(time.Millisecond), len(asked))
		groups := 0
		for _, call := range asked {
			if strings.HasPrefix(call.Path, "/api/v1/groups") {
				groups++
			}
		}
		if most := len(b.spec().Okta.AssignGroups); groups > most {
			t.Errorf("%s: groups were asked for %d times, want %d at most, whatever the org holds", how, groups, most)
		}
		if how == "first" {
			first = result
			continue
		}
		if result.AppID != first.AppID || result.IdentityProviderID != first.IdentityProviderID || result.PolicyID != first.PolicyID {
			t.Errorf("it found %s, %s and %s, and had made %s, %s and %s", result.AppID, result.IdentityProviderID, result.PolicyID, first.AppID, first.IdentityProviderID, first.PolicyID)
		}
		if at := slices.IndexFunc(result.Changes, func(change connection.Change) bool { return change.Action != connection.ActionUnchanged }); at >= 0 {
			t.Errorf("again: %+v", result.Changes[at])
		}
	}
}

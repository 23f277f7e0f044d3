package e2e

import (
	"fmt"
	"strings"
	"testing"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

const lookupToken = "00kQ3vXw8Zt-Tn5fGbLr2cPmAeJ6oW1sVx-7Yd2R"

// holdsLookupToken restarts the worker with a token for group look-up.
func (b *bench) holdsLookupToken(token string) {
	b.t.Helper()
	b.Set("okta.orgs.acme.group_lookup_token", token)
	if err := b.Worker.Stop(); err != nil {
		b.t.Fatal(err)
	}
	if err := b.StartWorker(b.ctx); err != nil {
		b.t.Fatal(err)
	}
}

// lookupTokenAt is what Cloudflare holds as the login method's token for group look-up.
func (b *bench) lookupTokenAt(identityProvider string) string {
	b.t.Helper()
	for _, each := range b.Sandbox.API.API.IdentityProviders(b.Sandbox.Accounts["acme"].ID) {
		if each["id"] == identityProvider {
			token, _ := each["config"].(map[string]any)["api_token"].(string)
			return token
		}
	}
	b.t.Fatalf("there is no identity provider %s", identityProvider)
	return ""
}

// moved are the settings of the identity provider that the plan would change.
func (b *bench) moved(spec connection.Spec) (names []string) {
	b.t.Helper()
	for _, move := range b.plan(spec).Of(connection.ResourceIdentityProvider) {
		for _, field := range move.Fields {
			names = append(names, field.Name)
		}
	}
	return names
}

func TestConnect_GroupLookup_TheTokenIsHandedOverAndStays(t *testing.T) {
	b := setUp(t, nil)
	spec := b.withWiki()
	spec.Cloudflare.GroupLookup = true
	run := b.start(connection.ConnectWorkflow, spec)
	problems := b.failure(run, connection.ErrorRefused).Failure.Problems
	if len(problems) != 1 || problems[0].Path != "cloudflare.group_lookup" || !strings.Contains(problems[0].Advice, "okta.orgs.acme.group_lookup_token") {
		t.Errorf("without a token it was refused for %+v", problems)
	}

	b.holdsLookupToken(lookupToken)
	holds := func(id, want string) {
		t.Helper()
		if got := b.lookupTokenAt(id); got != want {
			t.Errorf("Cloudflare holds %q, want %q", got, want)
		}
	}
	runs := []client.WorkflowRun{run, b.start(connection.ConnectWorkflow, spec)}
	id := b.result(runs[1]).IdentityProviderID
	holds(id, lookupToken)
	if names := b.moved(spec); names != nil {
		t.Errorf("the next plan changes %q", names)
	}
	spec.Cloudflare.IDPName = "Sign in"
	if names := strings.Join(b.moved(spec), " "); names != "name" {
		t.Errorf("another name changes %q", names)
	}
	runs = append(runs, b.start(connection.ConnectWorkflow, spec))
	b.result(runs[2])
	holds(id, lookupToken)
	if in, why := b.signsIn("Sign in"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}

	failing := spec
	failing.Cloudflare.IDPName = "Another"
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	runs = append(runs, b.start(connection.ConnectWorkflow, failing))
	b.failure(runs[3], connection.ErrorRolledBack)
	b.okta().ClearFaults()
	holds(id, lookupToken)

	quoting := `{"success": false, "errors": [{"code": 12130, "message": "no such setting: ` + lookupToken + `"}], "messages": [], "result": null}`
	b.cloudflare().Inject(kit.Fault{Method: "PUT", Path: identityProvidersPath + "/*", Kind: kit.KindStatus, Status: 400, Count: 1, Body: quoting})
	runs = append(runs, b.start(connection.ConnectWorkflow, failing))
	if failed := b.failure(runs[4], connection.ErrorRolledBack).Failure; !strings.Contains(failed.Message, "no such setting: "+secret.Redacted) {
		t.Errorf("the failure is told as %q", failed.Message)
	}
	holds(id, lookupToken)

	another := strings.Replace(lookupToken, "7Yd2R", "9Hs4K", 1)
	b.holdsLookupToken(another)
	if names := strings.Join(b.moved(spec), " "); names != "group_lookup_token" {
		t.Errorf("another token changes %q", names)
	}
	runs = append(runs, b.start(connection.ConnectWorkflow, spec))
	b.result(runs[5])
	holds(id, another)
	spec.Cloudflare.GroupLookup = false
	runs = append(runs, b.start(connection.ConnectWorkflow, spec))
	b.result(runs[6])
	holds(id, "")
	b.notTold(runs, lookupToken, another)
}

// inTooManyGroups puts alice into as many groups as a token tells of, beside those that she is in already.
func inTooManyGroups(o *host.Options) {
	groups := make([]okta.Group, 100)
	for i := range groups {
		groups[i].Name = fmt.Sprintf("Team %03d", i)
	}
	inDirectory(groups...)(o)
}

// TestConnect_PersonInTooManyGroups_GetsInByLookup has alice in more groups than a token tells of: then Access takes what Okta's API says.
func TestConnect_PersonInTooManyGroups_GetsInByLookup(t *testing.T) {
	for name, in := range map[string]bool{"looked up": true, "not looked up": false, "the token for it was revoked": false} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, inTooManyGroups)
			spec := b.withWiki()
			if spec.Cloudflare.GroupLookup = name != "not looked up"; spec.Cloudflare.GroupLookup {
				b.org().AddToken(lookupToken)
				b.holdsLookupToken(lookupToken)
			}
			b.connect(spec)
			if name == "the token for it was revoked" {
				b.org().RevokeToken(lookupToken)
			}
			if got, why := b.signsIn("Okta"); got != in {
				t.Errorf("alice gets in: %t, want %t (%s)", got, in, why)
			}
		})
	}
}

// TestConnect_PersonInTooManyGroups_GetsInByTheAssignedOnes needs no token: the claim tells of those groups alone.
func TestConnect_PersonInTooManyGroups_GetsInByTheAssignedOnes(t *testing.T) {
	b := setUp(t, inTooManyGroups)
	spec := b.withWiki()
	spec.Okta.GroupsClaim = connection.GroupsClaim{Assigned: true}
	b.connect(spec.WithDefaults())
	if in, why := b.signsIn("Okta"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
}

// notTold fails where a token is in a history, in what the starter shows or in the worker's output. The same search finds its fingerprint.
func (b *bench) notTold(runs []client.WorkflowRun, tokens ...string) {
	b.t.Helper()
	secrets, clue := finder{}, finder{}
	for _, token := range tokens {
		secrets.add("token for group look-up", token)
	}
	clue.add("fingerprint", secret.New(tokens[0]).Fingerprint())
	told := b.Worker.Output() + b.Starter(b.ctx, "status", b.name, "--output", "json").Stdout
	for _, run := range runs {
		told += b.history(run)
	}
	if found := secrets.find(told); found != "" {
		b.t.Errorf("told: the %s", found)
	}
	if clue.find(told) == "" {
		b.t.Error("the search doesn't find even the fingerprint")
	}
}

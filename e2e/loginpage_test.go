package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// oneTimePIN is the id of the login method that the account has from the start.
func (b *bench) oneTimePIN() string {
	b.t.Helper()
	return b.Sandbox.API.API.IdentityProviders(b.Sandbox.Accounts["acme"].ID)[0]["id"].(string)
}

// signInTo makes an application list the login methods, and send people to one at once.
func (b *bench) signInTo(domain string, atOnce bool, ids ...string) {
	b.t.Helper()
	account := b.Sandbox.Accounts["acme"].ID
	b.Sandbox.API.API.AllowIdentityProviders(account, b.application(domain), ids...)
	b.Sandbox.API.API.EditApplication(account, b.application(domain), func(application map[string]any) {
		application["auto_redirect_to_identity"] = atOnce
	})
}

// attachmentFields are the fields of the plan's changes of attachments.
func attachmentFields(plan connection.Plan) string {
	var fields []string
	for _, change := range plan.Changes {
		if change.Resource != connection.ResourceAttachment {
			continue
		}
		for _, field := range change.Fields {
			fields = append(fields, fmt.Sprintf("%s: %s -> %s", field.Name, field.Before, field.After))
		}
	}
	return strings.Join(fields, "; ")
}

// TestConnect_ApplicationOffersOthersAlone_OffersOursToo: without that, nobody whom the policy lets in could sign in. A rollback and
// disconnect put the application back to the letter.
func TestConnect_ApplicationOffersOthersAlone_OffersOursToo(t *testing.T) {
	for name, test := range map[string]struct {
		atOnce bool // the application sends people to the one-time PIN
		plan   string
	}{
		"a choice": {false, `allowed_idps: "One-time PIN" -> "One-time PIN", "Okta"`},
		"at once":  {true, `allowed_idps: "One-time PIN" -> "One-time PIN", "Okta"; auto_redirect_to_identity: true -> false`},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			b.signInTo("wiki.acme.example", test.atOnce, b.oneTimePIN())
			before, spec := b.state(), b.withWiki()
			if got := attachmentFields(b.plan(spec)); got != test.plan {
				t.Errorf("the plan says %s, want %s", got, test.plan)
			}
			b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 403})
			b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRolledBack)
			b.unchanged(before)
			b.okta().ClearFaults()

			b.connect(spec)
			if in, why := b.signsIn("Okta"); !in {
				t.Errorf("alice doesn't get in: %s", why)
			}
			if plan := b.plan(spec); len(plan.Moves()) != 0 {
				t.Errorf("the next plan is %+v", plan.Moves())
			}
			b.result(b.start(connection.DisconnectWorkflow, spec))
			b.unchanged(before)
		})
	}
}

// TestConnect_ApplicationNoLongerNamed_OffersWhatItDid, also where someone detached the policy already.
func TestConnect_ApplicationNoLongerNamed_OffersWhatItDid(t *testing.T) {
	b := setUp(t, nil)
	b.signInTo("wiki.acme.example", false, b.oneTimePIN())
	account := b.Sandbox.Accounts["acme"].ID
	b.connect(b.spec())
	before := b.state()
	b.connect(b.withWiki())
	b.Sandbox.API.API.EditApplication(account, b.application("wiki.acme.example"), func(wiki map[string]any) { wiki["policies"] = []any{} })
	if got := attachmentFields(b.plan(b.spec())); got != `allowed_idps: "One-time PIN", "Okta" -> "One-time PIN"` {
		t.Errorf("the plan says %s", got)
	}
	b.connect(b.spec())
	b.unchanged(before)
}

// TestConnect_AutoRedirect_SendsPeopleToOktaAtOnce: the login page has nothing to choose from.
func TestConnect_AutoRedirect_SendsPeopleToOktaAtOnce(t *testing.T) {
	b := setUp(t, nil)
	before, spec := b.state(), b.withWiki()
	spec.Policy.AutoRedirect = spec.Policy.Applications
	if got, want := attachmentFields(b.plan(spec)), `allowed_idps: all -> "Okta"; auto_redirect_to_identity: false -> true`; got != want {
		t.Errorf("the plan says %s, want %s", got, want)
	}
	b.cloudflare().Inject(kit.Fault{Method: "PUT", Path: applicationPath, Kind: kit.KindStatus, Status: 403})
	b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRolledBack)
	b.unchanged(before)
	b.cloudflare().ClearFaults()

	b.connect(spec)
	if in, why := b.signsIn("nothing to choose"); !in {
		t.Errorf("alice doesn't get in: %s", why)
	}
	b.result(b.start(connection.DisconnectWorkflow, spec))
	b.unchanged(before)

	b.signInTo("wiki.acme.example", false, b.oneTimePIN())
	before = b.state()
	refused := b.failure(b.start(connection.ConnectWorkflow, spec), connection.ErrorRefused)
	if want := `Access application "Wiki" (wiki.acme.example) offers other identity providers too ("One-time PIN")`; !strings.Contains(refused.Failure.Message, want) {
		t.Errorf("it was refused for %q, want %q", refused.Failure.Message, want)
	}
	b.unchanged(before)
}

// TestDisconnect_OthersAreOfferedNoLonger_IsRefused: without the connection's login method the application would offer every one of
// the account.
func TestDisconnect_OthersAreOfferedNoLonger_IsRefused(t *testing.T) {
	b := setUp(t, nil)
	b.signInTo("wiki.acme.example", false, b.oneTimePIN())
	ours := b.connect(b.withWiki()).IdentityProviderID
	b.signInTo("wiki.acme.example", false, ours)
	before := b.state()
	refused := b.failure(b.start(connection.DisconnectWorkflow, b.withWiki()), connection.ErrorRefused)
	if !strings.Contains(refused.Failure.Message, "offers no other identity provider than") {
		t.Errorf("it was refused for %q", refused.Failure.Message)
	}
	b.unchanged(before)
	b.signInTo("wiki.acme.example", false)
	b.result(b.start(connection.DisconnectWorkflow, b.withWiki()))
}

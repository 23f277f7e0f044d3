package e2e

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

func TestAdvice_OfRuns_IsDone(t *testing.T) { followAll(t, runAdvice) }

// runAdvice is what runs say that failed at a step, wait, or have an input that is wrong.
var runAdvice = []followed{
	{
		advice: "give the API token the permission Access: Organizations, Identity Providers, and Groups Write (the worker holds it as cloudflare.accounts.acme.api_token)",
		follow: func(b *bench, says func(string)) {
			b.may("org:read", "idp:read", "policies:write")
			says(b.failure(b.start(connection.ConnectWorkflow, b.spec()), connection.ErrorRolledBack).Failure.Advice)
			b.may("org:write", "idp:write", "policies:write")
			b.connect(b.spec())
		},
	},
	{
		advice: "put right what the checks that failed name, then start the run again",
		follow: func(b *bench, says func(string)) {
			second := ""
			b.cloudflare().Inject(kit.Fault{
				Method: http.MethodPost, Path: policiesPath, Kind: kit.KindHand, When: kit.WhenBefore, Count: 1, // before the checks begin
				Act: func(*http.Request, *kit.Answer) { second = b.twinOf(b.oktaProvider()) },
			})
			spec := b.spec()
			spec.OnFailure, spec.PauseTimeout = connection.OnFailurePause, connection.Duration(time.Hour)
			run := b.start(connection.ConnectWorkflow, spec)
			b.inState(run, connection.RunNeedsOperator)
			needs := b.progress(run).Needs
			says(needs.Advice)
			if !strings.Contains(needs.Message, second) {
				b.t.Errorf("the check that failed doesn't name %s: %s", second, needs.Message)
			}
			b.Sandbox.API.API.DeleteIdentityProvider(b.account(), second)
			if err := b.update(run, connection.ResumeUpdate); err != nil {
				b.t.Fatal(err)
			}
			b.result(run)
		},
	},
	{
		advice: "add okta.orgs.acme.group_lookup_token to the worker's configuration and restart it",
		follow: func(b *bench, says func(string)) {
			b.holdsLookupToken(lookupToken)
			b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindStatus, Status: 403, Count: 1})
			spec := b.spec()
			spec.Cloudflare.GroupLookup, spec.OnFailure, spec.PauseTimeout = true, connection.OnFailurePause, connection.Duration(time.Hour)
			run := b.start(connection.ConnectWorkflow, spec)
			b.inState(run, connection.RunNeedsOperator)
			b.holdsLookupToken("")
			if err := b.update(run, connection.ResumeUpdate); err != nil {
				b.t.Fatal(err)
			}
			b.eventually("it waits for the token", func() bool {
				needs := b.progress(run).Needs
				return needs != nil && strings.Contains(needs.Message, "holds no token for group look-up")
			})
			says(b.progress(run).Needs.Advice)
			b.holdsLookupToken(lookupToken)
			if err := b.update(run, connection.ResumeUpdate); err != nil {
				b.t.Fatal(err)
			}
			b.result(run)
		},
	},
	{
		advice: "nothing was asked for; start the connection's workflow instead of scheduling the step by itself",
		follow: func(b *bench, says func(string)) {
			refused := b.scheduledByOthers(b.Client, "AttachPolicy", activities.Attachment{Account: "acme", ApplicationID: "../x", PolicyID: "01234567-bbbb"})
			says(detailOf(b.t, refused).Advice)
			b.connect(b.spec())
		},
	},
	{
		advice: "wait until the other run has ended (starter list), then connect again",
		follow: func(b *bench, says func(string)) {
			first := b.holding(b.sharing(""))
			hasty := b.sharing("beta")
			hasty.TimeBudget = connection.Duration(10 * time.Second)
			run := b.start(connection.ConnectWorkflow, hasty)
			b.eventually("the run gives up waiting", func() bool { return b.progress(run).Failure != nil })
			says(b.progress(run).Failure.Advice)
			if listed := b.Starter(b.ctx, "list").Stdout; !regexp.MustCompile(`(?m)^` + b.name + ` +running`).MatchString(listed) {
				b.t.Errorf("the list doesn't show the other run: %s", listed)
			}
			b.cloudflare().ClearFaults()
			b.result(first)
			b.failure(run, connection.ErrorRolledBack)
			b.connect(hasty)
		},
	},
	{
		advice: "choose in Access what else it offers",
		follow: func(b *bench, says func(string)) {
			spec := b.withWiki()
			b.signInTo(wiki, false, b.oneTimePIN())
			b.connect(spec)
			b.cloudflare().Inject(kit.Fault{
				Method: http.MethodGet, Path: applicationPath, Kind: kit.KindHand, When: kit.WhenBefore, Count: 1,
				Act: func(*http.Request, *kit.Answer) { b.signInTo(wiki, false, b.oktaProvider()) },
			})
			run := b.start(connection.DisconnectWorkflow, spec)
			b.inState(run, connection.RunNeedsOperator)
			says(b.progress(run).Needs.Message)
			b.signInTo(wiki, false, b.oktaProvider(), b.oneTimePIN())
			if err := b.update(run, connection.ResumeUpdate); err != nil {
				b.t.Fatal(err)
			}
			b.result(run)
		},
	},
	{
		advice: "`starter resume ",
		follow: func(b *bench, says func(string)) {
			run := b.paused(time.Hour)
			says(b.details(run))
			b.says(0, []string{"connected"}, b.saidIn(b.details(run), "resume")...)
			b.result(run)
		},
	},
	{
		advice: "`starter rollback ",
		follow: func(b *bench, says func(string)) {
			before, run := b.state(), b.paused(time.Hour)
			says(b.details(run))
			b.says(2, []string{"rolled back"}, b.saidIn(b.details(run), "rollback")...)
			b.unchanged(before)
		},
	},
	{advice: "put a new one into okta.orgs.acme.api_token of the worker's configuration, and restart the worker", doneBy: "TestRollback_TokenRevoked_WaitsForAPersonAndResumes"},
	{advice: "put a new one into the file that okta.orgs.acme.api_token_file names in the worker's configuration", doneBy: "TestRollback_TokenRevoked_WaitsForAPersonAndResumes"},
	{advice: "something still uses it: see what the message names", doneBy: "TestConnect_SomeoneMakesAPolicyMeanwhile_IsNotTakenForOurs"},
	{advice: "give all workers of a task queue the same configuration", doneBy: "TestConnect_AnotherWorkerIsConfiguredOtherwise_AsksNothing"},
	{advice: "start a new run: it surveys both sides first", doneBy: "TestConnect_RunIsResetAfterALaterOne_ChangesNothing"},
	{advice: "say resume", doneBy: "TestRollbackUpdate_RunThatIsNotPaused_IsRefused"},
	{advice: "start Connect, Disconnect, Plan or Inventory; a newer version of accessbridge may have others", doneBy: "TestInput_OfAnUnknownWorkflowType_IsRefused"},
	{advice: "correct the document, then start the run again", doneBy: "TestInput_WithAKeyThatNobodyKnows_IsRefused"},
	{advice: "start the run again with a connection document, as JSON, as its only input", doneBy: "TestInput_ThatIsNoDocument_IsRefused"},
	{advice: "give the worker the key, then start the run again", doneBy: "TestInput_OfAKeyThatTheWorkerLacks_IsRefused"},
	{advice: "give the worker the key, then start the inventory again", doneBy: "TestInput_OfAKeyThatTheWorkerLacks_IsRefused"},
	{advice: "start the run again with an encryption key that the worker has", doneBy: "TestEncryptionRequired_WhoHasNoKey_StartsNothing"},
	{advice: "start it again with {\"name\": …, \"orgs\": […]}", doneBy: "TestInventory_MisspeltKey_IsRefused"},
	{advice: "start the workflow with that ID", doneBy: "TestConnect_WrongWorkflowID_IsRefused"},
}

// saidIn are the words after "starter" of a command in what Temporal UI shows of a run.
func (b *bench) saidIn(details, command string) []string {
	b.t.Helper()
	found := regexp.MustCompile("`starter (" + command + " [^`]+)`").FindStringSubmatch(details)
	if found == nil {
		b.t.Fatalf("the details name no command %s: %s", command, details)
	}
	return strings.Fields(found[1])
}

// twinOf makes an identity provider by hand for the client of another, and returns its id.
func (b *bench) twinOf(id string) string {
	for _, each := range b.Sandbox.API.API.IdentityProviders(b.account()) {
		if each["id"] == id {
			return b.Sandbox.API.API.AddIdentityProvider(b.account(), cloudflare.IdentityProvider{Name: "Second", Type: "okta", Config: each["config"].(map[string]any)})
		}
	}
	b.t.Errorf("there is no identity provider %s", id)
	return ""
}

// detailOf is what a step said when it failed.
func detailOf(t *testing.T, err error) (told activities.Detail) {
	t.Helper()
	var failed *temporal.ApplicationError
	if !errors.As(err, &failed) || failed.Details(&told) != nil {
		t.Fatalf("the step said nothing: %v", err)
	}
	return told
}

package e2e

import (
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// paused starts a run that pauses at the registration of the identity provider, which is refused.
func (b *bench) paused(timeout time.Duration) client.WorkflowRun {
	b.t.Helper()
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindStatus, Status: 403, Count: 1})
	spec := b.spec()
	spec.OnFailure, spec.PauseTimeout = connection.OnFailurePause, connection.Duration(timeout)
	run := b.start(connection.ConnectWorkflow, spec)
	b.inState(run, connection.RunNeedsOperator)
	return run
}

func TestPause_Resume_TriesTheStepAgainAndGoesOn(t *testing.T) {
	b := setUp(t, nil)
	run := b.paused(time.Hour)
	if needs := b.progress(run).Needs; needs == nil || needs.Step != "RegisterIdentityProvider" || needs.Advice == "" {
		t.Errorf("the run doesn't say what it needs: %+v", needs)
	}
	if got, want := b.counts(), (counts{1, 0, 0}); got != want {
		t.Errorf("while it is paused both sides hold %+v, want %+v", got, want)
	}
	if err := b.update(run, connection.ResumeUpdate); err != nil {
		t.Fatal(err)
	}
	b.result(run)
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		t.Errorf("both sides hold %+v, want %+v", got, want)
	}
}

func TestPause_AnswerLostBefore_ResumeMakesNoTwin(t *testing.T) {
	b := setUp(t, nil)
	// The first request is carried out and its answer lost; looking for what it made is refused, so that the step fails for good.
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindDropAfter, Count: 1})
	b.cloudflare().Inject(kit.Fault{Method: "GET", Path: identityProvidersPath + "*", Skip: 1, Kind: kit.KindStatus, Status: 403, Count: 1})
	spec := b.spec()
	spec.OnFailure = connection.OnFailurePause
	run := b.start(connection.ConnectWorkflow, spec)
	b.inState(run, connection.RunNeedsOperator)
	if err := b.update(run, connection.ResumeUpdate); err != nil {
		t.Fatal(err)
	}
	b.result(run)
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		t.Errorf("both sides hold %+v, want %+v", got, want)
	}
}

func TestPause_GivenUp_LeavesBothSidesAsBefore(t *testing.T) {
	for name, giveUp := range map[string]func(*bench, client.WorkflowRun) error{
		"rollback": func(b *bench, run client.WorkflowRun) error { return b.update(run, connection.RollbackUpdate) },
		"cancel": func(b *bench, run client.WorkflowRun) error {
			return b.Client.CancelWorkflow(b.ctx, run.GetID(), run.GetRunID())
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			before := b.state()
			run := b.paused(time.Hour)
			if err := giveUp(b, run); err != nil {
				t.Fatal(err)
			}
			if err := run.Get(b.ctx, nil); err == nil {
				t.Error("a run that was given up ended well")
			}
			b.record(run)
			b.unchanged(before)
		})
	}
}

func TestPause_NobodyComes_RollsBackByItself(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	b.failure(b.paused(time.Second), connection.ErrorRolledBack)
	b.unchanged(before)
}

func TestRollbackUpdate_RunThatIsNotPaused_IsRefused(t *testing.T) {
	b := setUp(t, nil)
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindStatus, Status: 403})
	b.okta().Inject(kit.Fault{Method: "POST", Path: "*/lifecycle/deactivate", Kind: kit.KindStatus, Status: 403, Count: 1})
	run := b.start(connection.ConnectWorkflow, b.spec())
	b.inState(run, connection.RunNeedsOperator)
	if err := b.update(run, connection.RollbackUpdate); err == nil || !strings.Contains(err.Error(), "say resume") {
		t.Errorf("rollback of a rollback was answered with %v", err)
	}
	if err := b.update(run, connection.ResumeUpdate); err != nil {
		t.Fatal(err)
	}
	b.failure(run, connection.ErrorRolledBack)
}

func TestStarter_RunThatWaits_IsToldOfAndActedOn(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	run := b.paused(time.Hour)
	for _, command := range []string{"status", "list"} {
		told := b.Starter(b.ctx, command, b.name)
		if command == "list" {
			told = b.Starter(b.ctx, command)
		}
		for _, want := range []string{"403 10000: Authentication error", "said by cloudflare, request ", "What to do: give the API token the permission"} {
			if !strings.Contains(told.Stdout+told.Stderr, want) {
				t.Errorf("starter %s doesn't say %q:\n%s%s", command, want, told.Stdout, told.Stderr)
			}
		}
	}
	ended := b.Starter(b.ctx, "rollback", b.name)
	if ended.Code != 2 {
		t.Errorf("starter rollback ended with code %d: %s", ended.Code, ended.Stderr)
	}
	b.failure(run, connection.ErrorRolledBack)
	b.unchanged(before)
}

func TestPause_SeveralStepsAtOnce_AllAreToldAndResumed(t *testing.T) {
	b := setUp(t, nil)
	b.okta().Inject(kit.Fault{Method: "POST", Path: claimPath, Kind: kit.KindStatus, Status: 403, Count: 1})
	b.okta().Inject(kit.Fault{Method: "PUT", Path: assignmentPath, Kind: kit.KindStatus, Status: 403, Count: 2})
	spec := b.spec()
	spec.OnFailure = connection.OnFailurePause
	run := b.start(connection.ConnectWorkflow, spec)
	b.eventually("all three wait", func() bool {
		needs := b.progress(run).Needs
		return needs != nil && strings.Contains(needs.Step, "SetGroupsClaim") && strings.Count(needs.Step, "AssignGroup") == 2
	})
	if details := b.details(run); !strings.Contains(details, "starter rollback") {
		t.Errorf("the details in Temporal UI don't tell how to give up:\n%s", details)
	}
	if err := b.update(run, connection.ResumeUpdate); err != nil {
		t.Fatal(err)
	}
	b.result(run)
}

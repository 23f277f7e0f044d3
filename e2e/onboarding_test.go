package e2e

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/examples/onboarding/onboarding"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// team is the other team of a test: its records, and its worker on its own task queue.
type team struct {
	*bench
	records onboarding.Records
	queue   string
}

// newTeam starts the other team's worker; deliver stands for its notices, a step after the connection.
func newTeam(b *bench, deliver func(context.Context, onboarding.Notice) error) *team {
	b.t.Helper()
	o := &team{bench: b, queue: "onboarding-" + b.name}
	work := worker.New(b.Client, o.queue, worker.Options{})
	onboarding.Register(work, &onboarding.Services{Records: &o.records, Deliver: deliver})
	if err := work.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(work.Stop)
	return o
}

// onboard starts Onboard for the test's connection.
func (o *team) onboard(onFailure onboarding.OnFailure) client.WorkflowRun {
	o.t.Helper()
	run, err := o.Client.ExecuteWorkflow(o.ctx, client.StartWorkflowOptions{ID: "onboarding/" + o.name, TaskQueue: o.queue}, onboarding.Onboard, o.order(onFailure))
	if err != nil {
		o.t.Fatal(err)
	}
	return run
}

func (b *bench) order(onFailure onboarding.OnFailure) onboarding.Order {
	return onboarding.Order{
		Target:   onboarding.Target{Connection: b.spec(), ConnectionTaskQueue: b.TaskQueue},
		Customer: b.name, Contact: "it@acme.example", OnFailure: onFailure,
	}
}

// child is the newest run for the test's connection.
func (b *bench) child() client.WorkflowRun {
	return b.Client.GetWorkflow(b.ctx, connection.WorkflowID(b.name), "")
}

// delayPolicy holds the run of the connection up while it creates the policy, and waits until it is there.
func (b *bench) delayPolicy(start func() client.WorkflowRun) client.WorkflowRun {
	b.t.Helper()
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindDelay, Count: 1, Delay: kit.Duration(time.Minute)})
	run := start()
	b.eventually("the policy is being created", func() bool { return len(b.cloudflare().Faults()) == 0 })
	return run
}

// refuse is a delivery that fails for good.
func refuse(context.Context, onboarding.Notice) error {
	return temporal.NewNonRetryableApplicationError("no such mailbox", "Mail", nil)
}

// endsCancelled fails the test when the run doesn't end as cancelled.
func (b *bench) endsCancelled(run client.WorkflowRun) {
	b.t.Helper()
	var cancelled *temporal.CanceledError
	if err := run.Get(b.ctx, nil); !errors.As(err, &cancelled) {
		b.t.Errorf("run %s ended with %v, not as cancelled", run.GetID(), err)
	}
}

func TestOnboarding_Succeeds_GoesOnWithTheResult(t *testing.T) {
	b := setUp(t, nil)
	notices := make(chan onboarding.Notice, 1)
	o := newTeam(b, func(_ context.Context, notice onboarding.Notice) error { notices <- notice; return nil })
	var outcome onboarding.Outcome
	if err := o.onboard(onboarding.Disconnect).Get(b.ctx, &outcome); err != nil {
		t.Fatal(err)
	}
	result, told := outcome.Connection, <-notices
	if result.State != connection.RunConnected || len(result.Checks) == 0 || told.TestURL == "" || told.TestURL != result.TestURL {
		t.Errorf("the result is %+v, the notice %+v", result, told)
	}
	if got, want := b.counts(), (counts{1, 1, 1}); got != want || !o.records.Has(b.name) {
		t.Errorf("both sides hold %+v, want %+v; a customer: %v", got, want, o.records.Has(b.name))
	}
}

func TestOnboarding_ConnectRolledBack_FailsWithItsReason(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindStatus, Status: 403})
	o := newTeam(b, nil)
	run := o.onboard(onboarding.Disconnect)
	result := b.failure(run, onboarding.ErrorNotConnected)
	if result.State != connection.RunRolledBack || result.Failure == nil || result.Failure.Step != "RegisterIdentityProvider" || result.Failure.Provider != "cloudflare" {
		t.Errorf("the error carries %+v", result)
	}
	if err := run.Get(b.ctx, nil); !strings.Contains(err.Error(), "rolled back: RegisterIdentityProvider failed") || !strings.Contains(err.Error(), "403") {
		t.Errorf("the error doesn't say why: %v", err)
	}
	if o.records.Has(b.name) {
		t.Error("the record was left behind")
	}
	b.unchanged(before)
}

func TestOnboarding_LaterStepFails_DisconnectsOrKeepsAsTheOrderSays(t *testing.T) {
	for onFailure, kept := range map[onboarding.OnFailure]bool{onboarding.Disconnect: false, onboarding.Keep: true} {
		t.Run(string(onFailure), func(t *testing.T) {
			b := setUp(t, nil)
			before := b.state()
			o := newTeam(b, refuse)
			if err := o.onboard(onFailure).Get(b.ctx, nil); err == nil || !strings.Contains(err.Error(), "no such mailbox") {
				t.Errorf("the run ended with %v", err)
			}
			if o.records.Has(b.name) != kept {
				t.Errorf("a customer: %v, want %v", o.records.Has(b.name), kept)
			}
			if !kept {
				b.unchanged(before)
			} else if got, want := b.counts(), (counts{1, 1, 1}); got != want {
				t.Errorf("both sides hold %+v, want %+v", got, want)
			}
		})
	}
}

func TestOnboarding_ConnectedBefore_FailureLeavesTheConnection(t *testing.T) {
	b := setUp(t, nil)
	b.connect(b.spec())
	before := b.state()
	if err := newTeam(b, refuse).onboard(onboarding.Disconnect).Get(b.ctx, nil); err == nil {
		t.Error("the run succeeded")
	}
	b.unchanged(before)
}

func TestOnboarding_CancelledWhileConnecting_RollsBack(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	o := newTeam(b, nil)
	run := b.delayPolicy(func() client.WorkflowRun { return o.onboard(onboarding.Disconnect) })
	if err := b.Client.CancelWorkflow(b.ctx, run.GetID(), run.GetRunID()); err != nil {
		t.Fatal(err)
	}
	b.endsCancelled(run)
	b.endsCancelled(b.child())
	b.unchanged(before)
}

func TestOnboarding_CancelledAfterConnecting_Disconnects(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	delivering, release := make(chan struct{}), make(chan struct{})
	o := newTeam(b, func(context.Context, onboarding.Notice) error { close(delivering); <-release; return nil })
	t.Cleanup(func() { close(release) })
	run := o.onboard(onboarding.Disconnect)
	select {
	case <-delivering:
	case <-b.ctx.Done():
		t.Fatal("the welcome is never sent")
	}
	if err := b.Client.CancelWorkflow(b.ctx, run.GetID(), run.GetRunID()); err != nil {
		t.Fatal(err)
	}
	b.endsCancelled(run)
	if result := b.result(b.child()); result.State != connection.RunDisconnected {
		t.Errorf("the connection's newest run ended %s", result.State)
	}
	b.unchanged(before)
}

func TestOnboarding_TerminatedWhileConnecting_RollsBack(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	o := newTeam(b, nil)
	run := b.delayPolicy(func() client.WorkflowRun { return o.onboard(onboarding.Disconnect) })
	if err := b.Client.TerminateWorkflow(b.ctx, run.GetID(), run.GetRunID(), "no time to explain"); err != nil {
		t.Fatal(err)
	}
	b.endsCancelled(b.child())
	b.unchanged(before)
}

func TestOnboarding_ChildCancelledByHand_FailsAndIsNotCancelledItself(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	o := newTeam(b, nil)
	run := b.delayPolicy(func() client.WorkflowRun { return o.onboard(onboarding.Disconnect) })
	b.cancel(b.child())
	if result := b.failure(run, onboarding.ErrorNotConnected); result.State != connection.RunCancelled {
		t.Errorf("the error carries %+v", result)
	}
	b.unchanged(before)
}

func TestOnboarding_WhileItConnects_NobodyElseMay(t *testing.T) {
	b := setUp(t, nil)
	o := newTeam(b, nil)
	run := b.delayPolicy(func() client.WorkflowRun { return o.onboard(onboarding.Disconnect) })
	_, err := b.Client.ExecuteWorkflow(b.ctx, client.StartWorkflowOptions{
		ID: connection.WorkflowID(b.name), TaskQueue: b.TaskQueue, WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, connection.DisconnectWorkflow, b.spec())
	var open *serviceerror.WorkflowExecutionAlreadyStarted
	if !errors.As(err, &open) {
		t.Errorf("a second run was started beside the child: %v", err)
	}
	outcome := b.Starter(b.ctx, "connect", "-f", b.document())
	if outcome.Code != 1 || !strings.Contains(outcome.Stderr, fmt.Sprintf("a run of connection %q is open already", b.name)) {
		t.Errorf("starter connect ended with %d: %s", outcome.Code, outcome.Stderr)
	}
	if err := b.Client.CancelWorkflow(b.ctx, run.GetID(), run.GetRunID()); err != nil {
		t.Fatal(err)
	}
	b.endsCancelled(run)
}

func TestOnboarding_SomebodyElseConnects_FailsAndLeavesThemAlone(t *testing.T) {
	b := setUp(t, nil)
	o := newTeam(b, nil)
	theirs := b.delayPolicy(func() client.WorkflowRun { return b.start(connection.ConnectWorkflow, b.spec()) })
	run := o.onboard(onboarding.Disconnect)
	var failed *temporal.ApplicationError
	if err := run.Get(b.ctx, nil); !errors.As(err, &failed) || failed.Type() != onboarding.ErrorNotConnected || !strings.Contains(err.Error(), "another run works on it") || failed.HasDetails() {
		t.Errorf("it ended with %v, want one that says who works on it, and has no result of another run", err)
	}
	if state := b.progress(theirs).State; state != connection.RunRunning {
		t.Errorf("the other run is %s", state)
	}
	b.cancel(theirs)
}

package workflows

import (
	"context"
	"log/slog"
	"slices"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/internal/devserver/devservertest"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
	"github.com/accessbridge/accessbridge/sandbox/conformance"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// changedConnect is Connect as a later version may have it: the connection is tested twice. It is changed as
// docs/changing-workflows.md says, so that runs which are open when it is deployed go on as they began.
func (w *Workflows) changedConnect(ctx workflow.Context, spec connection.Spec) (connection.Result, error) {
	return w.connectBy(ctx, spec, func(ctx workflow.Context, c *connect) error {
		version := workflow.GetVersion(ctx, "test twice", workflow.DefaultVersion, 1)
		if err := c.procedure(ctx); err != nil || version == workflow.DefaultVersion {
			return err
		}
		_, err := step(ctx, c.run, "TestConnection again", "Test the connection again", steps.TestConnection, fixed(c.test()))
		return err
	})
}

// TestChange_RunStartedByTheOldCode_EndsUnderTheNew starts a run with a worker of today's code that pauses at a step, replaces the
// worker by one with changed code, and lets the run go on. The run ends by the old procedure; the next one goes by the new.
func TestChange_RunStartedByTheOldCode_EndsUnderTheNew(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	sandbox, server := realParts(ctx, t)
	code := &Workflows{Options: Options{Attempt: 10 * time.Second, InitialInterval: 50 * time.Millisecond, MaximumInterval: time.Second}}
	old := startWorker(t, server, code, code.Connect, sandbox)
	sandbox.API.Inject(kit.Fault{Method: "POST", Path: "*/identity_providers", Kind: kit.KindStatus, Status: 403, Count: 1})
	spec := connection.Spec{
		Name: "acme", Okta: connection.OktaSpec{AssignGroups: []string{"Engineering"}}, OnFailure: connection.OnFailurePause,
	}.WithDefaults()
	run := connectOnce(ctx, t, server, spec)
	for stepsOf(ctx, t, server, run).State != connection.RunNeedsOperator {
		if ctx.Err() != nil {
			t.Fatal("the run did not pause")
		}
	}
	old.Stop()
	changed := startWorker(t, server, code, code.changedConnect, sandbox)
	t.Cleanup(changed.Stop)
	resume(ctx, t, server, run)
	if testedTwice(ctx, t, server, run) {
		t.Error("a run that the old code started was carried out by the new procedure")
	}
	if !testedTwice(ctx, t, server, connectOnce(ctx, t, server, spec)) {
		t.Error("a run that the new code started was carried out by the old procedure")
	}
}

// realParts are a sandbox and a Temporal server of the test's own.
func realParts(ctx context.Context, t *testing.T) (*host.Sandbox, client.Client) {
	t.Helper()
	seeds := host.Ephemeral()
	seeds.OktaOptions = []kit.Option{kit.WithObserver(conformance.Observer())}
	seeds.APIOptions = seeds.OktaOptions
	sandbox, err := host.Start(ctx, seeds)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sandbox.Close)
	running := devservertest.Start(ctx, t, devserver.Options{})
	server, err := client.DialContext(ctx, client.Options{HostPort: running.Address, Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return sandbox, server
}

// startWorker starts a worker for the sandbox's org and account whose Connect is the function given.
func startWorker(t *testing.T, server client.Client, code *Workflows, connect any, sandbox *host.Sandbox) worker.Worker {
	t.Helper()
	options := transport.Options{Base: sandbox.CA.Client().Transport}
	org, err := okta.New(sandbox.Orgs["acme"].URL, secret.New(sandbox.Orgs["acme"].Token), options)
	if err != nil {
		t.Fatal(err)
	}
	account := sandbox.Accounts["acme"]
	cloud, err := cloudflare.New(sandbox.API.URL, account.ID, secret.New(account.Token), options)
	if err != nil {
		t.Fatal(err)
	}
	work := worker.New(server, connection.TaskQueue, worker.Options{DeadlockDetectionTimeout: time.Minute}) // for a busy machine
	work.RegisterWorkflowWithOptions(connect, workflow.RegisterOptions{Name: connection.ConnectWorkflow})
	work.RegisterActivity(&activities.Activities{
		Orgs: map[string]*okta.Client{"acme": org}, Accounts: map[string]*cloudflare.Client{"acme": cloud},
		Waits: activities.Waits{Late: time.Second, Lag: time.Second},
	})
	if err := work.Start(); err != nil {
		t.Fatal(err)
	}
	return work
}

func connectOnce(ctx context.Context, t *testing.T, server client.Client, spec connection.Spec) client.WorkflowRun {
	t.Helper()
	run, err := server.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: connection.WorkflowID(spec.Name), TaskQueue: connection.TaskQueue, WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, connection.ConnectWorkflow, spec)
	if err != nil {
		t.Fatal(err)
	}
	return run
}

func stepsOf(ctx context.Context, t *testing.T, server client.Client, run client.WorkflowRun) (progress connection.Progress) {
	t.Helper()
	answer, err := server.QueryWorkflow(ctx, run.GetID(), run.GetRunID(), connection.ProgressQuery)
	if err == nil {
		err = answer.Get(&progress)
	}
	if err != nil {
		t.Fatal(err)
	}
	return progress
}

func resume(ctx context.Context, t *testing.T, server client.Client, run client.WorkflowRun) {
	t.Helper()
	update, err := server.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: run.GetID(), RunID: run.GetRunID(), UpdateName: connection.ResumeUpdate, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		err = update.Get(ctx, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// testedTwice waits for a run to end well and tells whether the changed procedure carried it out.
func testedTwice(ctx context.Context, t *testing.T, server client.Client, run client.WorkflowRun) bool {
	t.Helper()
	if err := run.Get(ctx, nil); err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(stepsOf(ctx, t, server, run).Steps, func(step connection.Step) bool { return step.ID == "TestConnection again" })
}

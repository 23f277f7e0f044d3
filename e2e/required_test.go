package e2e

import (
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	sdk "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// requireEncryption restarts the worker so that it takes encrypted input alone. It returns a client without the key; the test's own has it.
func (b *bench) requireEncryption(keys string) (plain client.Client) {
	b.t.Helper()
	b.Set("encryption.required", true)
	b.encrypt(keys)
	plain = b.clientWith()
	b.t.Cleanup(plain.Close)
	return plain
}

func TestEncryptionRequired_WhoHasNoKey_StartsNothing(t *testing.T) {
	b := setUp(t, nil)
	keys := b.keyFile("2026-11")
	plain := b.requireEncryption(keys)
	before := b.state()
	for _, kind := range []string{connection.ConnectWorkflow, connection.DisconnectWorkflow, connection.InventoryWorkflow} {
		run := b.startWith(plain, kind, b.spec())
		failure := b.failure(b.Client.GetWorkflow(b.ctx, run.GetID(), run.GetRunID()), connection.ErrorRefused).Failure
		for _, words := range []string{"isn't encrypted, and this worker takes encrypted input alone (encryption.required)", "--encryption-key-file"} {
			if told := failure.Message + "; " + failure.Advice; !strings.Contains(told, words) {
				t.Errorf("%s: it doesn't say %q: %s", kind, words, told)
			}
		}
	}
	step := b.scheduledByOthers(plain, "AttachPolicy", activities.Attachment{Account: "acme", ApplicationID: "01234567-aaaa", PolicyID: "01234567-bbbb"})
	if step == nil || !strings.Contains(step.Error(), "it isn't encrypted, and encryption.required is true") {
		t.Errorf("a step that is scheduled without the key ends with %v", step)
	}
	b.unchanged(before)
	b.says(0, []string{"connected"}, "connect", "-f", b.document(), "--encryption-key-file", keys)
}

func TestEncryptionRequired_WhoHasTheKey_ConnectsAndDisconnects(t *testing.T) {
	b := setUp(t, nil)
	plain := b.requireEncryption(b.keyFile("2026-11"))
	before := b.state()
	spec := b.spec()
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindStatus, Status: 503, Count: 3})
	run := b.start(connection.ConnectWorkflow, spec)
	// A word of retries that someone without the key sends neither holds the run nor is believed.
	if err := plain.SignalWorkflow(b.ctx, run.GetID(), run.GetRunID(), connection.RetrySignal, connection.Retry{Step: "Survey", LastError: "forged"}); err != nil {
		t.Fatal(err)
	}
	if result := b.result(run); result.State != connection.RunConnected {
		t.Errorf("it ended with %+v", result)
	}
	spec.Policy.Name = "Staff"
	b.connect(spec)
	b.result(b.start(connection.DisconnectWorkflow, spec))
	b.unchanged(before)
}

// scheduledByOthers is how a step ends that a workflow of someone else's schedules on the worker's task queue, by its name.
func (b *bench) scheduledByOthers(from client.Client, step string, input any) error {
	b.t.Helper()
	queue := "of-others-" + b.name
	others := worker.New(from, queue, worker.Options{})
	others.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
			TaskQueue: b.TaskQueue, StartToCloseTimeout: 30 * time.Second, RetryPolicy: &sdk.RetryPolicy{MaximumAttempts: 1},
		})
		return workflow.ExecuteActivity(ctx, step, input).Get(ctx, nil)
	}, workflow.RegisterOptions{Name: "Rogue"})
	if err := others.Start(); err != nil {
		b.t.Fatal(err)
	}
	defer others.Stop()
	run, err := from.ExecuteWorkflow(b.ctx, client.StartWorkflowOptions{TaskQueue: queue}, "Rogue")
	if err != nil {
		b.t.Fatal(err)
	}
	_ = run.Get(b.ctx, nil)
	return b.Client.GetWorkflow(b.ctx, run.GetID(), run.GetRunID()).Get(b.ctx, nil) // with the key, which the worker's error needs
}

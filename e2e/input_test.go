package e2e

import (
	"slices"
	"strings"
	"testing"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// startWith starts a workflow with any input.
func (b *bench) startWith(from client.Client, workflow string, input ...any) client.WorkflowRun {
	b.t.Helper()
	run, err := from.ExecuteWorkflow(b.ctx, client.StartWorkflowOptions{ID: connection.WorkflowID(b.name), TaskQueue: b.TaskQueue}, workflow, input...)
	if err != nil {
		b.t.Fatal(err)
	}
	return run
}

// endsRefused waits until a run has ended refused, at its first task, with words that say why and what to do.
func (b *bench) endsRefused(run client.WorkflowRun, words ...string) {
	b.t.Helper()
	result := b.failure(b.Client.GetWorkflow(b.ctx, run.GetID(), run.GetRunID()), connection.ErrorRefused)
	if result.State != connection.RunRefused || result.Connection != b.name || result.Failure == nil {
		b.t.Fatalf("it ended with %+v", result)
	}
	told := result.Failure.Message + "; " + result.Failure.Advice
	status := b.Starter(b.ctx, "list")
	for _, word := range words {
		if !strings.Contains(told, word) {
			b.t.Errorf("it doesn't say %s: %s", word, told)
		}
	}
	listed := slices.ContainsFunc(strings.Split(status.Stdout, "\n"), func(line string) bool {
		return strings.HasPrefix(line, b.name+" ") && strings.Contains(line, "refused")
	})
	if result.Operation == connection.ConnectWorkflow && !listed {
		b.t.Errorf("starter list says %s%s", status.Stdout, status.Stderr)
	}
	for _, event := range b.events(run) {
		if event.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED {
			b.t.Errorf("a workflow task failed: %s", event.GetWorkflowTaskFailedEventAttributes().GetFailure().GetMessage())
		}
	}
}

func TestInput_OfAnUnknownWorkflowType_IsRefused(t *testing.T) {
	b := setUp(t, nil)
	run := b.startWith(b.Client, "Conect", b.spec())
	b.endsRefused(run, `no workflow type "Conect"`, "start Connect, Disconnect, Plan or Inventory")
	b.result(b.startWith(b.Client, connection.ConnectWorkflow, b.spec()))
}

func TestInput_ThatIsNoDocument_IsRefused(t *testing.T) {
	b := setUp(t, nil)
	for name, input := range map[string][]any{
		"not JSON": {converter.NewRawValue(&commonpb.Payload{
			Metadata: map[string][]byte{converter.MetadataEncoding: []byte(converter.MetadataEncodingJSON)}, Data: []byte("{name: acme"),
		})},
		"bytes":        {[]byte("name: acme")},
		"a text":       {"acme"},
		"nothing":      {},
		"another type": {map[string]any{"name": 7}},
	} {
		t.Run(name, func(t *testing.T) {
			run := b.startWith(b.Client, connection.ConnectWorkflow, input...)
			b.endsRefused(run, "not a connection document", "start the run again")
		})
	}
	b.connect(b.spec())
}

// TestInput_WithAKeyThatNobodyKnows_IsRefused shows that a misspelt key doesn't get its default: whoever starts the run, Temporal's own
// command line included, and whatever the workflow.
func TestInput_WithAKeyThatNobodyKnows_IsRefused(t *testing.T) {
	b := setUp(t, nil)
	input := map[string]any{
		"name": b.name, "okta": map[string]any{"org": "acme", "assign_groups": []string{"Engineering"}},
		"cloudflare": map[string]any{"account": "acme"}, "policy": map[string]any{"alow": map[string]any{"groups": []string{"Engineering"}}},
	}
	for _, workflow := range []string{connection.ConnectWorkflow, connection.DisconnectWorkflow, connection.PlanWorkflow} {
		t.Run(workflow, func(t *testing.T) {
			run := b.startWith(b.Client, workflow, input)
			b.endsRefused(run, "policy.alow is not a known key; did you mean allow?", "a newer version of accessbridge", "start the run again")
		})
	}
	input["policy"] = map[string]any{"allow": map[string]any{"groups": []string{"Engineering"}}}
	if err := b.startWith(b.Client, connection.ConnectWorkflow, input).Get(b.ctx, nil); err != nil {
		t.Fatal(err)
	}
}

func TestInput_OfAKeyThatTheWorkerLacks_IsRefused(t *testing.T) {
	b := setUp(t, nil)
	workers, others := b.keyFile("worker"), b.keyFile("other")
	b.encrypt(workers)
	foreign := b.clientWith(others)
	defer foreign.Close()
	run := b.startWith(foreign, connection.ConnectWorkflow, b.spec())
	result := b.failure(b.Client.GetWorkflow(b.ctx, run.GetID(), run.GetRunID()), connection.ErrorRefused)
	for _, word := range []string{`key "other"`, "give the worker the key, then start the run again"} {
		if told := result.Failure.Message + "; " + result.Failure.Advice; !strings.Contains(told, word) {
			t.Errorf("it doesn't say %s: %s", word, told)
		}
	}
	status := b.Starter(b.ctx, "status", b.name, "--encryption-key-file", workers)
	if !strings.Contains(status.Stdout, "refused") || !strings.Contains(status.Stdout, "give the worker the key") {
		t.Errorf("starter status says %s%s", status.Stdout, status.Stderr)
	}
	if asked := b.okta().Requests(); len(asked) > 0 {
		t.Errorf("Okta was asked for a run that was refused: %v", asked)
	}
	const again = "give the worker the key, then start the inventory again"
	take := func() client.WorkflowRun {
		return b.Client.GetWorkflow(b.ctx, b.startWith(foreign, connection.InventoryWorkflow, connection.InventoryRequest{Name: b.name}).GetID(), "")
	}
	if failure := b.failure(take(), connection.ErrorRefused).Failure; failure.Advice != again {
		t.Errorf("an inventory is refused with %+v", failure)
	}
	b.append(workers, others)
	if err := take().Get(b.ctx, nil); err != nil {
		t.Errorf("with the key, an inventory ends with %v", err)
	}
	if err := b.startWith(foreign, connection.ConnectWorkflow, b.spec()).Get(b.ctx, nil); err != nil {
		t.Errorf("with the key, the run ends with %v", err)
	}
}

// TestInput_OfARunThatWasReset_IsWaitedFor resets a run that made an app to its beginning, while the worker lacks its key: to end it
// would leave the app behind.
func TestInput_OfARunThatWasReset_IsWaitedFor(t *testing.T) {
	b := setUp(t, nil)
	old, young := b.keyFile("old"), b.keyFile("young")
	b.encrypt(old)
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindStatus, Status: 403, Count: 1})
	spec := b.spec()
	spec.OnFailure = connection.OnFailurePause
	run := b.start(connection.ConnectWorkflow, spec)
	b.inState(run, connection.RunNeedsOperator)
	b.encrypt(young)
	const firstTaskCompleted = 4
	reset, err := b.Client.ResetWorkflowExecution(b.ctx, &workflowservice.ResetWorkflowExecutionRequest{
		Namespace: "default", RequestId: "reset-" + b.name, Reason: "a test", WorkflowTaskFinishEventId: firstTaskCompleted,
		WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: run.GetID(), RunId: run.GetRunID()},
	})
	if err != nil {
		t.Fatal(err)
	}
	b.eventually("the worker without the key has looked at the run", func() bool {
		return strings.Contains(b.Worker.Output(), "this worker can't carry on the run")
	})
	run = b.Client.GetWorkflow(b.ctx, run.GetID(), reset.GetRunId())
	described, err := b.Client.DescribeWorkflowExecution(b.ctx, run.GetID(), run.GetRunID())
	if err != nil {
		t.Fatal(err)
	}
	if status := described.GetWorkflowExecutionInfo().GetStatus(); status != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		t.Fatalf("for a key that is missing the run is %s", status)
	}
	b.encrypt(young, old)
	run = b.Client.GetWorkflow(b.ctx, run.GetID(), run.GetRunID())
	b.result(run)
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		t.Errorf("both sides hold %+v, want %+v", got, want)
	}
}

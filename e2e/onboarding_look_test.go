package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/examples/onboarding/onboarding"
)

// look is what Temporal UI shows of a run, whoever started it.
type look struct {
	ID, Type, TaskQueue     string
	Memo, SearchAttributes  map[string]string
	RunTimeout, ExecTimeout time.Duration
	// Summary and Details are static: whoever starts a run may give it some, so that runs would look different.
	Summary, Details string
	// Steps are the IDs and titles of the activities, in their order.
	Steps []string
}

// look is how the connection's newest run looks.
func (b *bench) look() look {
	b.t.Helper()
	answer, err := b.Client.DescribeWorkflowExecution(b.ctx, connection.WorkflowID(b.name), "")
	if err != nil {
		b.t.Fatal(err)
	}
	info, config := answer.GetWorkflowExecutionInfo(), answer.GetExecutionConfig()
	seen := look{
		ID: info.GetExecution().GetWorkflowId(), Type: info.GetType().GetName(), TaskQueue: config.GetTaskQueue().GetName(),
		Memo: texts(info.GetMemo().GetFields()), SearchAttributes: texts(info.GetSearchAttributes().GetIndexedFields()),
		RunTimeout: config.GetWorkflowRunTimeout().AsDuration(), ExecTimeout: config.GetWorkflowExecutionTimeout().AsDuration(),
		Summary: string(config.GetUserMetadata().GetSummary().GetData()), Details: string(config.GetUserMetadata().GetDetails().GetData()),
	}
	for _, step := range b.progress(b.child()).Steps {
		seen.Steps = append(seen.Steps, step.ID+": "+step.Title)
	}
	return seen
}

// texts are payloads as a person reads them.
func texts(payloads map[string]*commonpb.Payload) map[string]string {
	readable := map[string]string{}
	for key, payload := range payloads {
		readable[key] = converter.GetDefaultDataConverter().ToString(payload)
	}
	return readable
}

func TestOnboarding_ItsChildLooksLikeARunOfTheStarter(t *testing.T) {
	b := setUp(t, nil)
	if outcome := b.Starter(b.ctx, "connect", "-f", b.document()); outcome.Code != 0 {
		t.Fatalf("starter connect ended with %d: %s", outcome.Code, outcome.Stderr)
	}
	want := b.look()
	b.result(b.start(connection.DisconnectWorkflow, b.spec()))
	if err := newTeam(b, nil).onboard(onboarding.Disconnect).Get(b.ctx, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, b.look()); diff != "" {
		t.Errorf("the child looks different (-starter +child):\n%s", diff)
	}
	if want.Summary != "" || want.Details != "" || len(want.Steps) == 0 || want.Memo[connection.MemoState] == "" {
		t.Errorf("the starter's run looks like %+v", want)
	}
}

func TestOnboarding_ParentWithATimeout_DoesNotHandItToTheConnection(t *testing.T) {
	b := setUp(t, nil)
	o := newTeam(b, nil)
	run, err := b.Client.ExecuteWorkflow(b.ctx, client.StartWorkflowOptions{
		ID: "onboarding/" + b.name, TaskQueue: o.queue, WorkflowRunTimeout: time.Hour, WorkflowExecutionTimeout: time.Hour,
	}, onboarding.Onboard, b.order(onboarding.Disconnect))
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Get(b.ctx, nil); err != nil {
		t.Fatal(err)
	}
	if look := b.look(); look.RunTimeout != 0 || look.ExecTimeout != 0 {
		t.Errorf("Temporal would end the child after %s or %s, before it could roll back", look.RunTimeout, look.ExecTimeout)
	}
}

func TestOnboarding_Schedule_MendsWhatSomebodyChangedByHand(t *testing.T) {
	b := setUp(t, nil)
	o := newTeam(b, nil)
	result := b.connect(b.spec())
	before := b.state()
	b.Sandbox.API.API.RenameIdentityProvider(b.Sandbox.Accounts["acme"].ID, result.IdentityProviderID, "changed by hand")
	b.schedule(&client.ScheduleWorkflowAction{
		ID: "keep-connected/" + b.name, TaskQueue: o.queue, Workflow: onboarding.KeepConnected, Args: []any{b.order("").Target},
	})
	b.eventually("both sides are as declared again", func() bool { return b.state() == before })
	if result := b.result(b.child()); result.State != connection.RunConnected {
		t.Errorf("the run ended %s", result.State)
	}
}

// A schedule adds the time to the workflow ID that it is given, so that it can't start our workflow under its lock.
func TestSchedule_StartsConnectItself_IsRefusedAndChangesNothing(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	run := b.schedule(&client.ScheduleWorkflowAction{
		ID: connection.WorkflowID(b.name), TaskQueue: b.TaskQueue, Workflow: connection.ConnectWorkflow, Args: []any{b.spec()},
	})
	result := b.failure(run, connection.ErrorRefused)
	if !strings.Contains(result.Failure.Message, connection.WorkflowID(b.name)) {
		t.Errorf("the refusal doesn't name the ID: %s", result.Failure.Message)
	}
	b.unchanged(before)
}

// schedule creates a schedule that acts at once and is deleted at the end of the test, and returns the run that it starts.
func (b *bench) schedule(action client.ScheduleAction) client.WorkflowRun {
	b.t.Helper()
	schedule, err := b.Client.ScheduleClient().Create(b.ctx, client.ScheduleOptions{
		ID: b.name, Action: action, TriggerImmediately: true,
		Spec: client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: 24 * time.Hour}}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = schedule.Delete(b.ctx) })
	var run client.WorkflowRun
	b.eventually("the schedule has acted", func() bool {
		described, err := schedule.Describe(b.ctx)
		if err != nil {
			b.t.Fatal(err)
		}
		for _, acted := range described.Info.RecentActions {
			run = b.Client.GetWorkflow(b.ctx, acted.StartWorkflowResult.WorkflowID, acted.StartWorkflowResult.FirstExecutionRunID)
		}
		return run != nil
	})
	return run
}

func TestOnboarding_Program_RunsTheWorkflow(t *testing.T) {
	b := setUp(t, nil)
	program := filepath.Join(t.TempDir(), "onboarding")
	if output, err := exec.CommandContext(b.ctx, "go", "build", "-o", program, "../examples/onboarding").CombinedOutput(); err != nil {
		t.Fatalf("build the program: %v: %s", err, output)
	}
	command := exec.CommandContext(b.ctx, program)
	command.Env = []string{"HOME=" + t.TempDir(), "TEMPORAL_ADDRESS=" + b.Temporal.Address}
	var log strings.Builder
	command.Stderr = &log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	b.temporalWell("workflow", "execute", "--type", "Onboard", "--task-queue", onboarding.TaskQueue,
		"--workflow-id", "onboarding/"+b.name, "--input-file", b.write("order.json", b.order(onboarding.Disconnect)))
	if err := command.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Errorf("the program ended with %v", err)
	}
	if got, want := b.counts(), (counts{1, 1, 1}); got != want || !strings.Contains(log.String(), "customer welcomed") {
		t.Errorf("both sides hold %+v, want %+v; the program wrote: %s", got, want, log.String())
	}
}

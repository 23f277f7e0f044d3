package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

const wiki = "wiki.acme.example"

// applicationPath is the path of every Access application.
const applicationPath = "*/access/apps/*"

// sharing is the test's connection, or another one beside it, with its policy attached to the application that all share.
func (b *bench) sharing(another string) connection.Spec {
	spec := b.spec()
	spec.Policy.Applications = []string{wiki}
	if another != "" {
		spec.Name += "-" + another
		spec.Okta.AppLabel, spec.Cloudflare.IDPName, spec.Policy.Name = another, another, another
	}
	return spec
}

// wikiUses are the ids of the policies that the shared application uses.
func (b *bench) wikiUses() []string {
	b.t.Helper()
	for _, each := range b.Sandbox.API.API.Applications(b.Sandbox.Accounts["acme"].ID) {
		if each["domain"] != wiki {
			continue
		}
		var ids []string
		policies, _ := each["policies"].([]any)
		for _, policy := range policies {
			ids = append(ids, policy.(map[string]any)["id"].(string))
		}
		return ids
	}
	b.t.Fatalf("the sandbox has no application %s", wiki)
	return nil
}

// holding starts a run that has its turn to change the shared application and can't end, because Cloudflare is out.
func (b *bench) holding(spec connection.Spec) client.WorkflowRun {
	b.t.Helper()
	b.cloudflare().Inject(kit.Fault{Method: "PUT", Path: applicationPath, Kind: kit.KindStatus, Status: 503})
	run := b.start(connection.ConnectWorkflow, spec)
	b.eventually("the attachment is tried", func() bool { return b.attaching(run).Attempt > 1 })
	return run
}

// attaching is the step that attaches the policy.
func (b *bench) attaching(run client.WorkflowRun) connection.Step {
	b.t.Helper()
	return stepOf(b.progress(run), "AttachPolicy "+b.application(wiki))
}

// waiting starts a run that waits for its turn while another connection has it.
func (b *bench) waiting(spec connection.Spec, holder string) client.WorkflowRun {
	b.t.Helper()
	run := b.start(connection.ConnectWorkflow, spec)
	want := fmt.Sprintf("waits for its turn to change application %s: connection %s is changing it", wiki, holder)
	b.eventually("it says what it waits for", func() bool { return b.attaching(run).Note == want })
	return run
}

func TestTurns_ManyConnectionsAndTwoWorkers_EachPolicyIsUsed(t *testing.T) {
	b := setUp(t, nil)
	second := b.name + "-second"
	another, err := b.StartAnotherWorker(b.ctx, second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = another.Stop() })
	// Between the moment when a run reads the application and that when it writes it, another has the time to do so too.
	b.cloudflare().Inject(kit.Fault{Method: "PUT", Path: applicationPath, Kind: kit.KindDelay, Delay: kit.Duration(50 * time.Millisecond)})
	const rounds = 12
	for _, step := range []struct {
		workflow string
		used     int
	}{{connection.ConnectWorkflow, 2 * rounds}, {connection.DisconnectWorkflow, 0}} {
		var runs []client.WorkflowRun
		for i := range 2 * rounds {
			spec := b.sharing(fmt.Sprint(i))
			run, err := b.Client.ExecuteWorkflow(b.ctx, client.StartWorkflowOptions{
				ID: connection.WorkflowID(spec.Name), TaskQueue: []string{b.TaskQueue, second}[i%2],
			}, step.workflow, spec)
			if err != nil {
				t.Fatal(err)
			}
			runs = append(runs, run)
		}
		var policies []string
		for _, run := range runs {
			policies = append(policies, b.result(run).PolicyID)
		}
		used := b.wikiUses()
		if len(used) != step.used {
			t.Errorf("after %s the application uses %d policies, want %d", step.workflow, len(used), step.used)
		}
		for _, policy := range policies {
			if step.used > 0 && !slices.Contains(used, policy) {
				t.Errorf("the policy %s is not in use, and its connection ended as connected", policy)
			}
		}
	}
}

func TestTurns_AnotherConnectionHasIt_TheRunWaitsAndSaysSo(t *testing.T) {
	b := setUp(t, nil)
	first := b.holding(b.sharing(""))
	second := b.waiting(b.sharing("beta"), b.name)
	listed := b.Starter(b.ctx, "list")
	if !strings.Contains(listed.Stdout, b.name+"-beta") || strings.Contains(listed.Stdout, "application") {
		t.Errorf("starter list should show the connections, and no turn:\n%s", listed.Stdout)
	}
	b.cloudflare().ClearFaults()
	policies := []string{b.result(first).PolicyID, b.result(second).PolicyID}
	if used := b.wikiUses(); !slices.Equal(used, policies) {
		t.Errorf("the application uses %v, want %v in this order", used, policies)
	}
	if note := b.attaching(second).Note; note != "" {
		t.Errorf("the step has ended and still says %q", note)
	}
}

func TestTurns_RunIsTerminated_ItsTurnIsFree(t *testing.T) {
	b := setUp(t, nil)
	first := b.holding(b.sharing(""))
	second := b.waiting(b.sharing("beta"), b.name)
	if err := b.Client.TerminateWorkflow(b.ctx, first.GetID(), first.GetRunID(), "a test"); err != nil {
		t.Fatal(err)
	}
	b.cloudflare().ClearFaults()
	if policy := b.result(second).PolicyID; !slices.Equal(b.wikiUses(), []string{policy}) {
		t.Errorf("the application uses %v, want %s", b.wikiUses(), policy)
	}
}

func TestTurns_RunIsReset_TakesItsOwnTurnAgain(t *testing.T) {
	b := setUp(t, nil)
	again := b.resetAfter(b.holding(b.sharing("")), "CreateAccessPolicy")
	b.cloudflare().ClearFaults()
	if policy := b.result(again).PolicyID; !slices.Equal(b.wikiUses(), []string{policy}) {
		t.Errorf("the application uses %v, want %s", b.wikiUses(), policy)
	}
}

func TestTurns_WaitingRunIsCancelled_WaitsNoLonger(t *testing.T) {
	b := setUp(t, nil)
	first := b.holding(b.sharing(""))
	second := b.waiting(b.sharing("beta"), b.name)
	if err := b.Client.CancelWorkflow(b.ctx, second.GetID(), second.GetRunID()); err != nil {
		t.Fatal(err)
	}
	b.eventually("the rollback waits for its turn", func() bool {
		return strings.HasPrefix(stepOf(b.progress(second), "undo AttachPolicy "+b.application(wiki)).Note, "waits for its turn")
	})
	if status := b.attaching(second).Status; status != connection.StepFailed {
		t.Errorf("the step is %s", status)
	}
	b.cloudflare().ClearFaults()
	policy := b.result(first).PolicyID
	b.endsCancelled(second)
	if used := b.wikiUses(); !slices.Equal(used, []string{policy}) {
		t.Errorf("the application uses %v, want %s", used, policy)
	}
}

// turnsOf are the states of the turns that a run took, oldest first.
func (b *bench) turnsOf(run client.WorkflowRun) []enumspb.WorkflowExecutionStatus {
	b.t.Helper()
	var states []enumspb.WorkflowExecutionStatus
	for _, event := range b.events(run) {
		if started := event.GetChildWorkflowExecutionStartedEventAttributes(); started != nil {
			turn, err := b.Client.DescribeWorkflowExecution(b.ctx, started.GetWorkflowExecution().GetWorkflowId(), started.GetWorkflowExecution().GetRunId())
			if err != nil {
				b.t.Fatal(err)
			}
			states = append(states, turn.GetWorkflowExecutionInfo().GetStatus())
		}
	}
	return states
}

func TestTurns_EachIsGivenBack(t *testing.T) {
	b := setUp(t, nil)
	spec := b.sharing("")
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	run := b.start(connection.ConnectWorkflow, spec)
	b.failure(run, connection.ErrorRolledBack)
	b.eventually("both turns are over, that of the step and that of its undoing", func() bool {
		turns := b.turnsOf(run)
		return len(turns) == 2 && !slices.Contains(turns, enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING)
	})
	if turns := b.turnsOf(run); turns[0] != enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED {
		t.Errorf("the turns ended as %v", turns)
	}
	b.okta().ClearFaults()
	plain := b.start(connection.ConnectWorkflow, b.spec())
	b.result(plain)
	if turns := b.turnsOf(plain); len(turns) != 0 {
		t.Errorf("a run without applications took turns: %v", turns)
	}
}

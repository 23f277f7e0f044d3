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
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/host"
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
	return b.uses(wiki)
}

// uses are the ids of the policies that an application uses.
func (b *bench) uses(domain string) []string {
	b.t.Helper()
	for _, each := range b.Sandbox.API.API.Applications(b.Sandbox.Accounts["acme"].ID) {
		if each["domain"] != domain {
			continue
		}
		var ids []string
		policies, _ := each["policies"].([]any)
		for _, policy := range policies {
			ids = append(ids, policy.(map[string]any)["id"].(string))
		}
		return ids
	}
	b.t.Fatalf("the sandbox has no application %s", domain)
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

// pairs are the applications that two connections each attach their policies to at the same moment.
const pairs = 12

func pairDomain(pair int) string { return fmt.Sprintf("pair-%d.acme.example", pair) }

func TestTurns_TwoConnectionsByTwoWorkers_BothPoliciesAreUsed(t *testing.T) {
	b := setUp(t, func(options *host.Options) {
		for pair := range pairs {
			options.Accounts[0].Applications = append(options.Accounts[0].Applications, cloudflare.Application{Name: fmt.Sprint("Pair ", pair), Domain: pairDomain(pair)})
		}
	})
	second := b.name + "-second"
	another, err := b.StartAnotherWorker(b.ctx, second)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = another.Stop() })
	// Between the moment when a run reads an application and that when it writes it, another has the time to do so too.
	b.cloudflare().Inject(kit.Fault{Method: "PUT", Path: applicationPath, Kind: kit.KindDelay, Delay: kit.Duration(100 * time.Millisecond)})
	connected := b.inPairs(connection.ConnectWorkflow, second)
	for pair := range pairs {
		used := b.uses(pairDomain(pair))
		for _, policy := range []string{connected[2*pair].PolicyID, connected[2*pair+1].PolicyID} {
			if len(used) != 2 || !slices.Contains(used, policy) {
				t.Errorf("%s uses %v; both connections ended as connected, one by the policy %s", pairDomain(pair), used, policy)
			}
		}
	}
	b.inPairs(connection.DisconnectWorkflow, second)
	for pair := range pairs {
		if used := b.uses(pairDomain(pair)); len(used) != 0 {
			t.Errorf("after both were disconnected %s uses %v", pairDomain(pair), used)
		}
	}
}

// inPairs runs a workflow for two connections an application, all at the same time, each of two by another worker.
func (b *bench) inPairs(workflow, secondQueue string) []connection.Result {
	b.t.Helper()
	runs := make([]client.WorkflowRun, 2*pairs)
	for i := range runs {
		spec := b.sharing(fmt.Sprint(i))
		spec.Policy.Applications = []string{pairDomain(i / 2)}
		var err error
		runs[i], err = b.Client.ExecuteWorkflow(b.ctx, client.StartWorkflowOptions{
			ID: connection.WorkflowID(spec.Name), TaskQueue: []string{b.TaskQueue, secondQueue}[i%2],
		}, workflow, spec)
		if err != nil {
			b.t.Fatal(err)
		}
	}
	results := make([]connection.Result, len(runs))
	for i, run := range runs {
		results[i] = b.result(run)
	}
	return results
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

// terminate ends a run as Temporal's own tools do.
func (b *bench) terminate(run client.WorkflowRun) {
	b.t.Helper()
	if err := b.Client.TerminateWorkflow(b.ctx, run.GetID(), run.GetRunID(), "a test"); err != nil {
		b.t.Fatal(err)
	}
}

func TestTurns_RunIsTerminated_ItsTurnIsFree(t *testing.T) {
	b := setUp(t, nil)
	first := b.holding(b.sharing(""))
	second := b.waiting(b.sharing("beta"), b.name)
	b.terminate(first)
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

// TestTurns_RunIsResetWithItsTurn_NobodyWaitsForIt resets a run at the step that has the turn: Temporal leaves the turn open, and doesn't
// know it as one of the run that goes on.
func TestTurns_RunIsResetWithItsTurn_NobodyWaitsForIt(t *testing.T) {
	for name, end := range map[string]func(b *bench, run client.WorkflowRun) (policies int){
		"and goes on": func(b *bench, run client.WorkflowRun) int {
			b.cloudflare().ClearFaults()
			b.result(run)
			b.eventually("it gave its turn back itself", func() bool {
				turns := b.turnsOf(run)
				return len(turns) > 0 && !slices.Contains(turns, enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING)
			})
			return 1
		},
		"and is terminated": func(b *bench, run client.WorkflowRun) int { b.terminate(run); b.cloudflare().ClearFaults(); return 0 },
	} {
		t.Run(name, func(t *testing.T) {
			b := setUp(t, nil)
			first := b.holding(b.sharing(""))
			tasks, err := b.TasksOf(b.ctx, first)
			if err != nil {
				t.Fatal(err)
			}
			again, err := b.ResetTo(b.ctx, first, tasks[len(tasks)-1])
			if err != nil {
				t.Fatal(err)
			}
			policies := end(b, again)
			// The turn's own time-out is minutes away.
			second := b.result(b.start(connection.ConnectWorkflow, b.sharing("beta")))
			if used := b.wikiUses(); len(used) != policies+1 || !slices.Contains(used, second.PolicyID) {
				t.Errorf("the application uses %v, want %s and %d more", used, second.PolicyID, policies)
			}
		})
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

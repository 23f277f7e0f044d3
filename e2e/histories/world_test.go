package histories

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"pgregory.net/rapid"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
	"github.com/accessbridge/accessbridge/sandbox/kit"
	"github.com/accessbridge/accessbridge/sandbox/okta"
)

// patience bounds one step of a sequence; it takes some tenths of a second.
const patience = 60 * time.Second

// world is one sequence: both sides, reset, a connection of its own, and the model of what must be there.
type world struct {
	*rig.Rig
	t       rapid.TB
	org     *okta.Org
	api     *cloudflare.API
	account string
	// spec is the document as it stands.
	spec  connection.Spec
	model model
	// runs are those that changed something or might have, the oldest first.
	runs []client.WorkflowRun
}

// sequences counts them, for the names of their connections.
var sequences atomic.Int64

// newWorld resets both sides of a rig.
func newWorld(t rapid.TB, on *rig.Rig) *world {
	w := &world{
		Rig: on, t: t, org: on.Sandbox.Orgs["acme"].Org, api: on.Sandbox.API.API, account: on.Sandbox.Accounts["acme"].ID,
	}
	for _, side := range w.sides() {
		side.Reset()
	}
	w.spec = connection.Spec{
		Name:       fmt.Sprintf("history-%d", sequences.Add(1)),
		Okta:       connection.OktaSpec{Org: "acme", AssignGroups: []string{"Engineering", "Support"}},
		Cloudflare: connection.CloudflareSpec{Account: "acme"},
		Policy:     connection.PolicySpec{Name: "Okta staff"},
	}.WithDefaults()
	w.model.others = map[string]string{}
	for id, thing := range w.things() {
		w.model.others[id] = thing.text
	}
	return w
}

// sides are the servers that faults are injected into: Okta's, then Cloudflare's.
func (w *world) sides() []*kit.Server {
	return []*kit.Server{w.Sandbox.Orgs["acme"].Server, w.Sandbox.API.Server}
}

// ending is how a run ended.
type ending struct {
	state  connection.RunState
	result connection.Result
	// resumed counts how often a person had to say resume.
	resumed int
}

// start starts a run under the connection's lock.
func (w *world) start(ctx context.Context, workflow string) client.WorkflowRun {
	w.t.Helper()
	run, err := w.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: connection.WorkflowID(w.spec.Name), TaskQueue: w.TaskQueue, WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, workflow, w.spec)
	if err != nil {
		w.t.Fatalf("start a run: %v", err)
	}
	w.runs = append(w.runs, run)
	return run
}

// stubborn is how often a person says resume before the run is taken for stuck.
const stubborn = 5

// settle waits for the end of a run. When it waits for a person, that person says the update once, and resume from then on.
func (w *world) settle(ctx context.Context, run client.WorkflowRun, update string) ending {
	w.t.Helper()
	over := make(chan error, 1)
	var end ending
	go func() { over <- run.Get(ctx, &end.result) }()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	resumed := 0
	for {
		select {
		case err := <-over:
			end.resumed = resumed
			w.ended(&end, err)
			for _, side := range w.sides() {
				if err := side.Settle(ctx); err != nil {
					w.t.Fatalf("wait for what is carried out late: %v", err)
				}
			}
			return end
		case <-ticker.C:
			if w.waiting(ctx, run) {
				if resumed++; resumed > stubborn {
					w.t.Logf("it went: %+v", w.progress(ctx, run).Steps)
					_ = w.Client.TerminateWorkflow(ctx, run.GetID(), run.GetRunID(), "the test has failed")
					w.t.Fatalf("the run still waits for a person, although nothing stands in its way")
				}
				w.say(ctx, run, update)
				update = connection.ResumeUpdate
			}
		}
	}
}

// ended reads what a run came to.
func (w *world) ended(end *ending, err error) {
	w.t.Helper()
	var failed *temporal.ApplicationError
	var cancelled *temporal.CanceledError
	switch {
	case err == nil:
	case errors.As(err, &failed) && failed.HasDetails():
		err = failed.Details(&end.result)
	case errors.As(err, &cancelled) && cancelled.HasDetails():
		err = cancelled.Details(&end.result)
	}
	if err != nil {
		w.t.Logf("the error: %v", err)
		w.t.Fatalf("the run ended without a result")
	}
	end.state = end.result.State
}

// waiting tells whether a run waits for a person.
func (w *world) waiting(ctx context.Context, run client.WorkflowRun) bool {
	described, err := w.Client.DescribeWorkflowExecution(ctx, run.GetID(), run.GetRunID())
	if err != nil {
		return false // it is over
	}
	var state string
	_ = converter.GetDefaultDataConverter().FromPayload(described.GetWorkflowExecutionInfo().GetMemo().GetFields()[connection.MemoState], &state)
	return state == string(connection.RunNeedsOperator)
}

// say sends a run an update as a person does. One that is refused, because the run went on meanwhile or can only be resumed,
// changes nothing.
func (w *world) say(ctx context.Context, run client.WorkflowRun, update string) {
	handle, err := w.Client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: run.GetID(), RunID: run.GetRunID(), UpdateName: update, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		_ = handle.Get(ctx, nil)
	}
}

func (w *world) progress(ctx context.Context, run client.WorkflowRun) connection.Progress {
	var progress connection.Progress
	if answer, err := w.Client.QueryWorkflow(ctx, run.GetID(), run.GetRunID(), connection.ProgressQuery); err == nil {
		_ = answer.Get(&progress)
	}
	return progress
}

// moves are what a plan says is still to be done.
func (w *world) moves() []connection.Change {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	run, err := w.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: connection.PlanWorkflowID(w.spec.Name), TaskQueue: w.TaskQueue,
	}, connection.PlanWorkflow, w.spec)
	if err != nil {
		w.t.Fatalf("start a plan: %v", err)
	}
	var plan connection.Plan
	if err := run.Get(ctx, &plan); err != nil {
		w.t.Logf("the error: %v", err)
		w.t.Fatalf("a plan after a good run failed")
	}
	return plan.Moves()
}

// until waits until the condition holds or the run is over.
func (w *world) until(ctx context.Context, run client.WorkflowRun, holds func() bool) (held bool) {
	w.t.Helper()
	over := make(chan struct{})
	go func() { defer close(over); _ = run.Get(ctx, nil) }()
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	for !holds() {
		select {
		case <-ticker.C:
		case <-over:
			return holds()
		}
	}
	return true
}

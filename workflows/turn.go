package workflows

import (
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

// Cloudflare changes an application as a whole, and has no way to say "only if it is still as I read it": of two runs that each read
// it and write it back, one would lose its change. So runs change it in turns. A turn is a child workflow that does nothing but be
// open: its workflow ID names the application, and Temporal lets only one workflow with an ID be open in a namespace, whatever worker
// carries it out. It ends when the run says so, with the run itself, or at its time-out.

// turnWorkflow is the type of the workflow that is a turn.
const turnWorkflow = "ApplicationTurn"

// The pauses between two attempts to get a turn, which grow. A turn takes a second or two, unless the provider is in trouble.
const (
	shortestPause = 10 * time.Millisecond
	longestPause  = 5 * time.Second
)

// shared is the input of a step that changes something which runs of other connections change too.
type shared interface {
	// Shared is the id of that in the Cloudflare account with the id, and its name.
	Shared() (accountID, id, name string)
}

// turn is a turn that a run takes.
type turn struct{ id, name string }

func turnOf(input shared) turn {
	accountID, id, name := input.Shared()
	if name == "" {
		name = id
	}
	return turn{id: connection.WorkflowIDPrefix + "application/" + accountID + "/" + id, name: name}
}

// holdTurn is the workflow that is a turn.
func holdTurn(ctx workflow.Context) error {
	selector := workflow.NewSelector(ctx)
	selector.AddReceive(workflow.GetSignalChannel(ctx, activities.TurnOver), func(c workflow.ReceiveChannel, _ bool) { c.Receive(ctx, nil) })
	selector.AddReceive(ctx.Done(), func(workflow.ReceiveChannel, bool) {})
	selector.Select(ctx)
	return ctx.Err()
}

// inTurn has a step that changes something shared wait for its turn, and returns what gives that back. Other steps go on at once, and
// so do runs that began before there were turns.
func (r *run) inTurn(ctx workflow.Context, at int, input any) (giveBack func(), err error) {
	change, is := input.(shared)
	if !is || workflow.GetVersion(ctx, "application turns", workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return func() {}, nil
	}
	// A cancelled run keeps its turn until the step has settled.
	held, _ := workflow.NewDisconnectedContext(ctx)
	child, err := r.waitForTurn(ctx, held, at, turnOf(change))
	if err != nil {
		return nil, err
	}
	return func() { endTurn(held, child) }, nil
}

// endTurn ends a turn. It may be over already, which is as well. It is told by its ID, since Temporal doesn't know the child of a run that
// was reset as that of the run which goes on.
func endTurn(ctx workflow.Context, turn workflow.ChildWorkflowFuture) {
	var execution workflow.Execution
	if err := turn.GetChildWorkflowExecution().Get(ctx, &execution); err == nil {
		workflow.SignalExternalWorkflow(ctx, execution.ID, execution.RunID, activities.TurnOver, nil)
	}
}

// waitForTurn takes a turn, as soon as no other run has it. A step with a time budget waits that long at most; one that undoes
// something waits on, since every turn ends.
func (r *run) waitForTurn(ctx, held workflow.Context, at int, t turn) (workflow.ChildWorkflowFuture, error) {
	began, limit := workflow.Now(ctx), workflow.GetActivityOptions(ctx).ScheduleToCloseTimeout-activities.LimitPatience
	pause := min(max(r.options.InitialInterval, shortestPause), longestPause)
	for {
		child, err := r.startTurn(held, t)
		if !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
			r.tellTurn(ctx, at, "")
			return child, err
		}
		holder := r.turnHolder(ctx, t)
		if holder == r.spec.Name {
			// Another run of this connection can't be open. This is the turn of one that was reset, which Temporal leaves open.
			_ = workflow.SignalExternalWorkflow(ctx, t.id, "", activities.TurnOver, nil).Get(ctx, nil) // else it ends at its time-out
		}
		waits := t.waits(holder)
		r.tellTurn(ctx, at, waits)
		if limit > 0 && workflow.Now(ctx).Sub(began) >= limit {
			return nil, noTurn(waits)
		}
		if err := workflow.Sleep(ctx, pause); err != nil {
			return nil, err
		}
		pause = min(2*pause, longestPause)
	}
}

// startTurn starts the workflow that is a turn. It fails when another run has the turn.
func (r *run) startTurn(ctx workflow.Context, t turn) (workflow.ChildWorkflowFuture, error) {
	if before := r.turns[t.id]; before != nil {
		_ = before.Get(ctx, nil) // this run's own turn, which was given back: however it ended, it is over
	}
	child := workflow.ExecuteChildWorkflow(workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            t.id,
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		// The turn outlasts a step within its time budget, its last attempt included. An undoing, which has none, may outlast its
		// turn when a provider is out for so long. Others are not held up by it then; that a change gets lost is noticed when it is
		// read back.
		WorkflowExecutionTimeout: r.budget() + r.options.Attempt,
		ParentClosePolicy:        enumspb.PARENT_CLOSE_POLICY_TERMINATE,
		StaticSummary:            summary(fmt.Sprintf("Connection %s changes application %s", r.spec.Name, t.name)),
	}), turnWorkflow)
	if err := child.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
		return nil, err
	}
	if r.turns == nil {
		r.turns = map[string]workflow.ChildWorkflowFuture{}
	}
	r.turns[t.id] = child
	return child, nil
}

// turnHolder is the connection whose run has a turn; "" when that can't be told.
func (r *run) turnHolder(ctx workflow.Context, t turn) string {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		Summary: summary("Find out who changes the application " + t.name), StartToCloseTimeout: 10 * time.Second, ScheduleToCloseTimeout: 30 * time.Second,
		RetryPolicy: &temporal.RetryPolicy{MaximumAttempts: 1},
	})
	var holder string
	_ = workflow.ExecuteActivity(ctx, steps.TurnHolder, t.id).Get(ctx, &holder)
	return holder
}

// waits says what a step waits for.
func (t turn) waits(holder string) string {
	who := "another run"
	if holder != "" {
		who = "connection " + holder
	}
	return fmt.Sprintf("waits for its turn to change application %s: %s is changing it", t.name, who)
}

// tellTurn notes what a step waits for.
func (r *run) tellTurn(ctx workflow.Context, at int, waits string) {
	if told := &r.progress.Steps[at]; told.Note != waits {
		told.Note = waits
		workflow.SetCurrentDetails(ctx, details(r.progress))
	}
}

// noTurn is the failure of a step that didn't get its turn in time.
func noTurn(waits string) error {
	message := "the time budget is over and the step still " + waits
	return temporal.NewApplicationErrorWithOptions(message, "NoTurn", temporal.ApplicationErrorOptions{
		NonRetryable: true,
		Details:      []any{activities.Detail{Message: message, Advice: "wait until the other run has ended (starter list), then connect again"}},
	})
}

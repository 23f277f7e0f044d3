package onboarding

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
)

// connect has accessbridge connect a customer, as a child workflow, and waits until it is done.
func connect(ctx workflow.Context, target Target) (connection.Result, error) {
	name := target.Connection.Name
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		// The ID is the connection's lock: accessbridge refuses a run with another one.
		WorkflowID: connection.WorkflowID(name),
		TaskQueue:  target.taskQueue(),
		// No timeouts: Temporal ends a run that is past one, and it can't roll back then. The document's time_budget is
		// the bound that rolls back.
		//
		// When the parent is gone, by termination or a timeout, nobody waits for the connection any more: it is rolled back.
		ParentClosePolicy: enumspb.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		// A cancelled parent waits until accessbridge has put both sides back.
		WaitForCancellation: true,
	})
	var result connection.Result
	err := workflow.ExecuteChildWorkflow(ctx, connection.ConnectWorkflow, target.Connection).Get(ctx, &result)
	switch {
	case err == nil:
		return result, nil
	case temporal.IsCanceledError(err) && ctx.Err() != nil: // the parent was cancelled, and the child with it
		return result, ctx.Err()
	default:
		return result, notConnected(name, err)
	}
}

// The waits for a connection that somebody else's run works on; each is twice the one before.
const (
	firstWait   = time.Second
	longestWait = 10 * time.Minute
)

// disconnect has accessbridge take the connection away again. While another run holds the connection's lock it waits: giving up
// would leave behind what this run made.
func disconnect(ctx workflow.Context, target Target) error {
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID: connection.WorkflowID(target.Connection.Name),
		TaskQueue:  target.taskQueue(),
		// Whatever happens to the parent meanwhile, the connection is to go.
		ParentClosePolicy: enumspb.PARENT_CLOSE_POLICY_ABANDON,
	})
	for wait := firstWait; ; wait = min(2*wait, longestWait) {
		err := workflow.ExecuteChildWorkflow(ctx, connection.DisconnectWorkflow, target.Connection).Get(ctx, nil)
		if !temporal.IsWorkflowExecutionAlreadyStartedError(err) {
			return err
		}
		if err := workflow.Sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// notConnected says in words why there is no connection, and hands on accessbridge's own account of its run.
//
// The child's error is told, not wrapped: a parent that returns an error with a CanceledError in it ends as cancelled, and
// a child that somebody cancelled by hand doesn't make the parent so.
func notConnected(name string, err error) error {
	var failed *temporal.ApplicationError
	var cancelled *temporal.CanceledError
	told := errors.New("accessbridge told nothing of its run")
	var result connection.Result
	why := err.Error() + "; `starter plan` tells where both sides stand" // it was terminated, or timed out
	switch {
	case temporal.IsWorkflowExecutionAlreadyStartedError(err):
		why = "another run works on it"
	case errors.As(err, &failed): // Refused or RolledBack: accessbridge's message says so
		why = failed.Message()
		told = failed.Details(&result) // without it, the message has to do
	case errors.As(err, &cancelled):
		why = "its run was cancelled"
		told = cancelled.Details(&result)
	}
	var details []any
	if told == nil {
		details = append(details, result)
	}
	return temporal.NewApplicationErrorWithOptions(fmt.Sprintf("%s is not connected: %s", name, why), ErrorNotConnected,
		temporal.ApplicationErrorOptions{NonRetryable: true, Details: details})
}

func (t Target) taskQueue() string { return cmp.Or(t.ConnectionTaskQueue, connection.TaskQueue) }

package onboarding

import (
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
)

// services names the activities for the workflow; it is never called.
var services *Services

// steps is how the team's own steps are carried out: tried a few times, then failed for good.
var steps = workflow.ActivityOptions{
	StartToCloseTimeout: time.Minute,
	RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumAttempts: 5},
}

// onboarding is one run of Onboard.
type onboarding struct {
	order Order
	// undo takes back what was done, to be called last first.
	undo []func(workflow.Context) error
}

// Onboard takes a customer on: a record, a connection, a welcome. When it fails or is cancelled after the connection was
// made, it disconnects again or keeps the connection, as the order says.
func Onboard(ctx workflow.Context, order Order) (Outcome, error) {
	order, err := order.complete()
	if err != nil {
		return Outcome{}, err
	}
	o := &onboarding{order: order}
	result, err := o.procedure(workflow.WithActivityOptions(ctx, steps))
	if err != nil {
		return Outcome{}, o.giveUp(ctx, err)
	}
	return Outcome{Customer: order.Customer, Connection: result}, nil
}

// procedure is what onboarding consists of.
func (o *onboarding) procedure(ctx workflow.Context) (connection.Result, error) {
	o.undo = append(o.undo, o.removeRecord) // before the try: its answer may be lost
	if err := workflow.ExecuteActivity(ctx, services.CreateRecord, o.order.Customer).Get(ctx, nil); err != nil {
		return connection.Result{}, err
	}
	result, err := connect(ctx, o.order.Target)
	if err != nil {
		return result, err // what a connect that failed has done, accessbridge has undone itself
	}
	if isNew(result) {
		o.undo = append(o.undo, o.disconnect)
	}
	notice := Notice{Customer: o.order.Customer, To: o.order.Contact, TestURL: result.TestURL}
	return result, workflow.ExecuteActivity(ctx, services.SendWelcome, notice).Get(ctx, nil)
}

// isNew tells whether a run made the connection: its login method wasn't there before. Only then is the connection this
// run's to take away; else people signed in through it already.
func isNew(result connection.Result) bool {
	for _, change := range result.Changes {
		if change.Resource == connection.ResourceIdentityProvider {
			return change.Action == connection.ActionCreate
		}
	}
	return false
}

// giveUp takes back what was done, unless the order says to keep it, and returns the error that the run ends with.
func (o *onboarding) giveUp(ctx workflow.Context, cause error) error {
	if o.order.OnFailure == Disconnect {
		if err := o.takeBack(ctx); err != nil {
			// Not as cancelled, even if it was: that would look as if nothing were left to do.
			return temporal.NewNonRetryableApplicationError(fmt.Sprintf("%v; and not everything could be taken back: %v", cause, err), ErrorLeftBehind, nil)
		}
	}
	return cause // of a cancelled run it is a CanceledError, with which it ends as cancelled
}

// takeBack undoes what was done, the last first, in a context that the run's cancellation doesn't reach. What fails
// doesn't keep the rest from being undone.
func (o *onboarding) takeBack(ctx workflow.Context) error {
	ctx, stop := workflow.NewDisconnectedContext(workflow.WithActivityOptions(ctx, steps))
	defer stop()
	var failures []error
	for i := len(o.undo) - 1; i >= 0; i-- {
		failures = append(failures, o.undo[i](ctx))
	}
	return errors.Join(failures...)
}

func (o *onboarding) removeRecord(ctx workflow.Context) error {
	return workflow.ExecuteActivity(ctx, services.RemoveRecord, o.order.Customer).Get(ctx, nil)
}

func (o *onboarding) disconnect(ctx workflow.Context) error {
	return disconnect(ctx, o.order.Target)
}

// KeepConnected connects, and changes nothing where both sides are as declared already. A Temporal Schedule that starts it
// again and again mends what somebody changed by hand.
func KeepConnected(ctx workflow.Context, target Target) (connection.Result, error) {
	return connect(ctx, target)
}

package main

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
)

// The fakes have the names, the query, the update, the memo and the endings of our workflows, and none of their work. The
// name of the connection says how a run goes.
const (
	nameRefused    = "refused"     // the survey finds a reason not to start
	nameRolledBack = "rolled-back" // a step fails for good
	nameStuck      = "stuck"       // and the rollback needs a person
	nameSlow       = "slow"        // a step is tried again and again, until the run is cancelled
	nameStrange    = "strange"     // it fails with something unforeseen
)

// registerFakes gives a worker the fakes.
func registerFakes(w worker.Worker) {
	w.RegisterWorkflowWithOptions(connectFake, workflow.RegisterOptions{Name: connection.ConnectWorkflow})
	w.RegisterWorkflowWithOptions(disconnectFake, workflow.RegisterOptions{Name: connection.DisconnectWorkflow})
	w.RegisterWorkflowWithOptions(planFake, workflow.RegisterOptions{Name: connection.PlanWorkflow})
	w.RegisterWorkflowWithOptions(inventoryFake, workflow.RegisterOptions{Name: connection.InventoryWorkflow})
	w.RegisterActivityWithOptions(stepFake, activity.RegisterOptions{Name: "Step"})
}

// stepFake does nothing, well or badly. Its error is what a hostile provider would answer.
func stepFake(_ context.Context, fails string) error {
	switch fails {
	case "once more":
		return errors.New("503 \x1b[31mService Unavailable\x1b[0m\u202e, request rq-1")
	case "for good":
		return temporal.NewNonRetryableApplicationError("403 Forbidden", "Denied", nil)
	}
	return nil
}

// fake is one run of a fake.
type fake struct {
	spec     connection.Spec
	progress connection.Progress
	resumed  bool
}

func newFake(ctx workflow.Context, operation string, spec connection.Spec) (*fake, error) {
	f := &fake{spec: spec, progress: connection.Progress{Connection: spec.Name, Operation: operation, StartedAt: workflow.Now(ctx)}}
	if err := workflow.SetQueryHandler(ctx, connection.ProgressQuery, func() (connection.Progress, error) { return f.progress, nil }); err != nil {
		return nil, err
	}
	options := workflow.UpdateHandlerOptions{Validator: func() error {
		if f.progress.State != connection.RunNeedsOperator {
			return errors.New("the run is not waiting for a person: its state is " + string(f.progress.State))
		}
		return nil
	}}
	resume := func(workflow.Context) error { f.resumed = true; return nil }
	if err := workflow.SetUpdateHandlerWithOptions(ctx, connection.ResumeUpdate, resume, options); err != nil {
		return nil, err
	}
	if err := workflow.SetUpdateHandlerWithOptions(ctx, connection.RollbackUpdate, resume, options); err != nil {
		return nil, err
	}
	f.hearRetries(ctx)
	return f, f.enter(ctx, connection.RunRunning)
}

func (f *fake) enter(ctx workflow.Context, state connection.RunState) error {
	f.progress.State = state
	return workflow.UpsertMemo(ctx, map[string]any{
		connection.MemoConnection: f.spec.Name, connection.MemoOperation: f.progress.Operation, connection.MemoState: string(state),
		connection.MemoNeeds: f.progress.Needs,
	})
}

// step runs one step; fails says how its activity fails.
func (f *fake) step(ctx workflow.Context, id, title, fails string) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		ActivityID: id, StartToCloseTimeout: time.Minute, RetryPolicy: &temporal.RetryPolicy{InitialInterval: 20 * time.Millisecond, BackoffCoefficient: 1},
	})
	at := len(f.progress.Steps)
	f.progress.Steps = append(f.progress.Steps, connection.Step{
		ID: id, Title: title, Status: connection.StepRunning, StartedAt: workflow.Now(ctx), Undo: f.progress.State == connection.RunRollingBack,
	})
	err := workflow.ExecuteActivity(ctx, "Step", fails).Get(ctx, nil)
	step := &f.progress.Steps[at]
	step.EndedAt, step.Status, step.Note = new(workflow.Now(ctx)), connection.StepDone, "0oa1"
	if err != nil {
		step.Status, step.Note, step.LastError = connection.StepFailed, "", "403 Forbidden"
	}
	return err
}

// hearRetries notes the retries that the steps tell of.
func (f *fake) hearRetries(ctx workflow.Context) {
	told := workflow.GetSignalChannel(ctx, connection.RetrySignal)
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var retry connection.Retry
			told.Receive(ctx, &retry)
			last := &f.progress.Steps[len(f.progress.Steps)-1]
			if last.ID == retry.Step && last.Status == connection.StepRunning {
				last.Attempt, last.LastError = retry.Attempt, retry.LastError
			}
		}
	})
}

// result is what the run returns or carries in its error.
func (f *fake) result() connection.Result {
	result := connection.Result{
		Connection: f.spec.Name, Operation: f.progress.Operation, State: f.progress.State, AppID: "0oa1", IdentityProviderID: "idp-1", PolicyID: "policy-1",
		Changes: []connection.Change{
			{Resource: connection.ResourceApp, Name: f.spec.Okta.AppLabel, Action: connection.ActionCreate},
			{Resource: connection.ResourceIdentityProvider, Name: f.spec.Cloudflare.IDPName, ID: "idp-1", Action: connection.ActionUnchanged},
		},
		Failure: f.progress.Failure,
	}
	if f.progress.State == connection.RunConnected {
		result.TestURL = "https://acme.cloudflareaccess.com/cdn-cgi/access/test-idp/idp-1"
		result.Checks = []connection.Check{{Name: "discovery", Passed: true, Detail: "issuer https://acme.okta.com"}}
	}
	return result
}

// fail ends the run with an error of ours that carries its result.
func (f *fake) fail(ctx workflow.Context, kind string, state connection.RunState) error {
	if err := f.enter(ctx, state); err != nil {
		return err
	}
	return temporal.NewApplicationErrorWithOptions("it failed", kind, temporal.ApplicationErrorOptions{NonRetryable: true, Details: []any{f.result()}})
}

func connectFake(ctx workflow.Context, spec connection.Spec) (connection.Result, error) {
	f, err := newFake(ctx, connection.ConnectWorkflow, spec)
	if err != nil {
		return connection.Result{}, err
	}
	if err := f.step(ctx, "Survey", "Survey both sides", ""); err != nil {
		return connection.Result{}, f.rollBack(ctx, err)
	}
	switch spec.Name {
	case nameRefused:
		f.progress.Failure = &connection.Failure{Step: "Survey", Message: "okta.assign_groups: there is no group \"A\"\nokta.assign_groups: there is no group \"B\"", Advice: "create it"}
		return connection.Result{}, f.fail(ctx, connection.ErrorRefused, connection.RunRefused)
	case nameStrange:
		return connection.Result{}, errors.New("something unforeseen")
	}
	if err := f.step(ctx, "CreateOktaApp", "Create the Okta app", ""); err != nil {
		return connection.Result{}, f.rollBack(ctx, err)
	}
	if err := f.register(ctx); err != nil {
		return connection.Result{}, f.rollBack(ctx, err)
	}
	if err := f.enter(ctx, connection.RunConnected); err != nil {
		return connection.Result{}, err
	}
	return f.result(), nil
}

// register is the step that fails, in the way that the connection's name says.
func (f *fake) register(ctx workflow.Context) error {
	fails := map[string]string{nameRolledBack: "for good", nameStuck: "for good", nameSlow: "once more"}[f.spec.Name]
	return f.step(ctx, "RegisterIdentityProvider", "Create the identity provider \"Okta\"", fails)
}

// rollBack undoes the app and ends the run; it waits for a person when its name says so.
func (f *fake) rollBack(ctx workflow.Context, cause error) error {
	cancelled := temporal.IsCanceledError(cause)
	ctx, stop := workflow.NewDisconnectedContext(ctx)
	defer stop()
	f.progress.Failure = &connection.Failure{Step: "RegisterIdentityProvider", Message: "403 Forbidden", Provider: "cloudflare", RequestID: "ray-1", Advice: "give the token the permission"}
	if err := f.enter(ctx, connection.RunRollingBack); err != nil {
		return err
	}
	if f.spec.Name == nameStuck {
		f.progress.Needs = &connection.Failure{Step: "undo CreateOktaApp", Message: "401 Unauthorized", Provider: "okta", RequestID: "req-1", Advice: "give the worker a new token"}
		if err := f.enter(ctx, connection.RunNeedsOperator); err != nil {
			return err
		}
		if err := workflow.Await(ctx, func() bool { return f.resumed }); err != nil {
			return err
		}
		f.progress.Needs = nil
		if err := f.enter(ctx, connection.RunRollingBack); err != nil {
			return err
		}
	}
	if err := f.step(ctx, "undo CreateOktaApp", "Delete the Okta app", ""); err != nil {
		return err
	}
	if cancelled {
		if err := f.enter(ctx, connection.RunCancelled); err != nil {
			return err
		}
		return temporal.NewCanceledError(f.result())
	}
	return f.fail(ctx, connection.ErrorRolledBack, connection.RunRolledBack)
}

// disconnectFake says in its result which document it was given.
func disconnectFake(ctx workflow.Context, spec connection.Spec) (connection.Result, error) {
	f, err := newFake(ctx, connection.DisconnectWorkflow, spec)
	if err != nil {
		return connection.Result{}, err
	}
	if err := f.step(ctx, "RemoveOktaApp", "Delete the Okta app", ""); err != nil {
		return connection.Result{}, err
	}
	if err := f.enter(ctx, connection.RunDisconnected); err != nil {
		return connection.Result{}, err
	}
	result := f.result()
	result.Changes = []connection.Change{{Resource: connection.ResourceApp, Name: spec.Okta.AppLabel, ID: "0oa1", Action: connection.ActionDelete}}
	return result, nil
}

// planFake finds what the connection's label says: nothing to do for "As declared".
func planFake(ctx workflow.Context, spec connection.Spec) (connection.Plan, error) {
	f, err := newFake(ctx, connection.PlanWorkflow, spec)
	if err != nil {
		return connection.Plan{}, err
	}
	plan := connection.Plan{Connection: spec.Name, Changes: []connection.Change{
		{Resource: connection.ResourceApp, Name: spec.Okta.AppLabel, ID: "0oa1", Action: connection.ActionUnchanged},
	}}
	switch {
	case spec.Name == nameRefused:
		f.progress.Failure = &connection.Failure{Step: "Survey", Message: "there is no group \"A\"", Advice: "create it", Problems: []connection.Problem{
			{Path: "okta.assign_groups", Message: "there is no group \"A\"", Advice: "create it"},
			{Path: "policy.applications", Message: "there is no application \"wiki\"", Advice: "correct the hostname"},
			{Path: "okta.assign_groups", Message: "there is no group \"B\"", Advice: "create it"},
		}}
		return plan, f.fail(ctx, connection.ErrorRefused, connection.RunRefused)
	case spec.Okta.AppLabel != "As declared":
		plan.Changes = append(plan.Changes,
			connection.Change{Resource: connection.ResourceIdentityProvider, Name: "Okta", Action: connection.ActionCreate, Fields: []connection.Field{{Name: "name", After: "Okta\x1b[2J"}}},
			connection.Change{Resource: connection.ResourcePolicy, Name: "Staff", ID: "p1", Action: connection.ActionUpdate, Fields: []connection.Field{{Name: "decision", Before: "deny", After: "allow"}}},
			connection.Change{Resource: connection.ResourceGroupAssignment, Name: "Support", ID: "g1", Action: connection.ActionDelete})
	}
	return plan, nil
}

package workflows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

// rivals are runs that change Access applications at the same time, each in its turn.
type rivals struct {
	// now are the runs that have their turn, by application, and log what happened.
	now map[string]int
	log []string
	// notes are what the runs said while they waited.
	notes map[string]bool
}

// change has a run of a connection change an application for a time, as a step with a time budget; 0 is none.
func (v *rivals) change(ctx workflow.Context, name, application string, takes, budget time.Duration) error {
	r := &run{spec: connection.Spec{Name: name}.WithDefaults(), options: Options{InitialInterval: time.Second}}
	r.progress.Steps = []connection.Step{{ID: "AttachPolicy"}}
	workflow.Go(ctx, func(ctx workflow.Context) {
		for workflow.Await(ctx, func() bool { return !v.notes[r.progress.Steps[0].Note] }) == nil {
			v.notes[r.progress.Steps[0].Note] = true
		}
	})
	if budget > 0 {
		budget += activities.LimitPatience
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{ScheduleToCloseTimeout: budget})
	giveBack, err := r.inTurn(ctx, 0, activities.Attachment{Account: "acme", ApplicationID: application, Application: application + ".example"})
	if err != nil {
		v.log = append(v.log, name+" gives up")
		return err
	}
	defer giveBack()
	v.log = append(v.log, name+" begins")
	if v.now[application]++; v.now[application] > 1 {
		v.log = append(v.log, "two at once")
	}
	settled, stop := workflow.NewDisconnectedContext(ctx) // a cancelled step is waited for
	defer stop()
	err = workflow.Sleep(settled, takes)
	v.now[application]--
	v.log = append(v.log, name+" ends")
	return err
}

// compete runs a workflow on Temporal's test environment, in which runs compete.
func compete(t *testing.T, cancelAfter time.Duration, each func(workflow.Context, *rivals) error) (*rivals, error) {
	t.Helper()
	v := &rivals{now: map[string]int{}, notes: map[string]bool{"": true}}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}).SetTestTimeout(time.Minute) // for a busy machine
	env.RegisterWorkflowWithOptions(holdTurn, workflow.RegisterOptions{Name: turnWorkflow})
	env.RegisterActivity(&activities.Activities{})
	env.OnActivity(steps.TurnHolder, mock.Anything, mock.Anything).Return(func(context.Context, string) (string, error) { return "first", nil })
	if cancelAfter > 0 {
		env.RegisterDelayedCallback(env.CancelWorkflow, cancelAfter)
	}
	env.ExecuteWorkflow(func(ctx workflow.Context) error { return each(ctx, v) })
	return v, env.GetWorkflowError()
}

// atOnce runs changes at the same time.
func atOnce(ctx workflow.Context, changes ...func(workflow.Context) error) error {
	failures := make([]error, len(changes))
	group := workflow.NewWaitGroup(ctx)
	for i, change := range changes {
		group.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer group.Done()
			failures[i] = change(ctx)
		})
	}
	group.Wait(ctx)
	return errors.Join(failures...)
}

func TestTurn_SeveralRunsOneApplication_NoTwoAtOnceAndEachComesToIt(t *testing.T) {
	t.Parallel()
	const runs = 8
	v, err := compete(t, 0, func(ctx workflow.Context, v *rivals) error {
		var changes []func(workflow.Context) error
		for i := range runs {
			changes = append(changes, func(ctx workflow.Context) error {
				return v.change(ctx, fmt.Sprint("run ", i), "wiki", 3*time.Second, 0)
			})
		}
		return atOnce(ctx, changes...)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.log) != 2*runs || slices.Contains(v.log, "two at once") {
		t.Errorf("what happened: %q", v.log)
	}
	if want := "waits for its turn to change application wiki.example: connection first is changing it"; !v.notes[want] {
		t.Errorf("none said %q: %v", want, v.notes)
	}
}

func TestTurn_OtherApplications_WaitForNobody(t *testing.T) {
	t.Parallel()
	v, err := compete(t, 0, func(ctx workflow.Context, v *rivals) error {
		return atOnce(ctx,
			func(ctx workflow.Context) error { return v.change(ctx, "one", "wiki", time.Hour, 0) },
			func(ctx workflow.Context) error { return v.change(ctx, "two", "dashboard", time.Hour, time.Minute) })
	})
	if err != nil || len(v.log) != 4 || !slices.Contains(v.log[:2], "two begins") {
		t.Errorf("what happened: %q, %v", v.log, err)
	}
}

func TestTurn_NotGivenBackWithinTheTimeBudget_FailsAndSaysWhy(t *testing.T) {
	t.Parallel()
	const budget = 10 * time.Minute
	var failed error
	var waited time.Duration
	v, err := compete(t, 0, func(ctx workflow.Context, v *rivals) error {
		return atOnce(ctx,
			func(ctx workflow.Context) error { return v.change(ctx, "first", "wiki", time.Hour, 0) },
			func(ctx workflow.Context) error {
				began := workflow.Now(ctx)
				failed = v.change(ctx, "second", "wiki", time.Second, budget)
				waited = workflow.Now(ctx).Sub(began)
				return nil
			})
	})
	if err != nil {
		t.Fatal(err)
	}
	failure := failureOf("AttachPolicy", failed)
	if want := "the time budget is over and the step still waits for its turn to change application wiki.example: connection first is changing it"; failure.Message != want || failure.Advice == "" {
		t.Errorf("the failure is %+v", failure)
	}
	if isLost, _ := (Options{}).lost(failed, time.Time{}); isLost {
		t.Error("the step is said to have been carried out perhaps, and was never begun")
	}
	if waited < budget || waited > budget+2*longestPause {
		t.Errorf("it waited %s; %q", waited, v.log)
	}
}

func TestTurn_WaitingStepIsCancelled_WaitsNoLonger(t *testing.T) {
	t.Parallel()
	var waiting error
	v, err := compete(t, time.Minute, func(ctx workflow.Context, v *rivals) error {
		return atOnce(ctx,
			func(ctx workflow.Context) error { return v.change(ctx, "first", "wiki", time.Hour, 0) },
			func(ctx workflow.Context) error {
				waiting = v.change(ctx, "second", "wiki", time.Second, 0)
				return nil
			},
			func(ctx workflow.Context) error { // as an undoing does, it waits on
				disconnected, stop := workflow.NewDisconnectedContext(ctx)
				defer stop()
				return v.change(disconnected, "third", "wiki", time.Second, 0)
			})
	})
	if err != nil {
		t.Fatal(err)
	}
	// The first one was cancelled too, and keeps its turn until its step has settled.
	want := []string{"first begins", "second gives up", "first ends", "third begins", "third ends"}
	if !temporal.IsCanceledError(waiting) || !slices.Equal(v.log, want) {
		t.Errorf("what happened: %q, want %q; the second ended with %v", v.log, want, waiting)
	}
}

func TestTurn_HolderIsLost_ItsTurnEndsAtItsTimeOut(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}).SetTestTimeout(time.Minute)
	var bound time.Duration
	env.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		bound = workflow.GetInfo(ctx).WorkflowExecutionTimeout
		return holdTurn(ctx)
	}, workflow.RegisterOptions{Name: turnWorkflow})
	spec := connection.Spec{Name: "acme", TimeBudget: connection.Duration(time.Hour)}.WithDefaults()
	env.ExecuteWorkflow(func(ctx workflow.Context) error {
		r := &run{spec: spec, options: Options{Attempt: time.Minute}}
		r.progress.Steps = []connection.Step{{}}
		giveBack, err := r.inTurn(ctx, 0, activities.Attachment{Account: "acme", ApplicationID: "wiki"})
		if err == nil {
			giveBack()
		}
		return err
	})
	if err := env.GetWorkflowError(); err != nil || bound != time.Hour+time.Minute {
		t.Errorf("the turn lasts %s at most, want the step's time budget and one attempt: %v", bound, err)
	}
}

func TestTurn_StepThatChangesNothingShared_TakesNone(t *testing.T) {
	t.Parallel()
	_, err := compete(t, 0, func(ctx workflow.Context, _ *rivals) error {
		r := &run{}
		giveBack, err := r.inTurn(ctx, 0, activities.Assignment{})
		giveBack()
		if len(r.turns) > 0 {
			t.Errorf("it took the turns %v", r.turns)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

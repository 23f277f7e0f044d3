package workflows

import (
	"errors"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// going counts the steps that run, the most that did so at once, and those that were begun.
type going struct{ now, most, begun int }

// steps are n steps of a minute each; failing is the index of the one that fails at its end, or -1.
func (g *going) steps(n, failing int) []func(workflow.Context) error {
	steps := make([]func(workflow.Context) error, n)
	for i := range steps {
		steps[i] = func(ctx workflow.Context) error {
			g.begun++
			g.now++
			g.most = max(g.most, g.now)
			defer func() { g.now-- }()
			if err := workflow.Sleep(ctx, time.Minute); err != nil || i != failing {
				return err
			}
			return errors.New("it failed")
		}
	}
	return steps
}

// runTogether runs the steps in a workflow; cancelled cancels it meanwhile.
func runTogether(t *testing.T, g *going, steps, failing int, cancelled bool) error {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}).SetTestTimeout(time.Minute) // for a busy machine
	if cancelled {
		env.RegisterDelayedCallback(env.CancelWorkflow, 90*time.Second)
	}
	env.ExecuteWorkflow(func(ctx workflow.Context) error { return together(ctx, g.steps(steps, failing)...) })
	return env.GetWorkflowError()
}

func TestTogether_RunsNoMoreStepsAtOnceThanTemporalTakes(t *testing.T) {
	t.Parallel()
	for steps, most := range map[int]int{3: 3, 200: 200, 201: 200, 900: 200} {
		var g going
		if err := runTogether(t, &g, steps, -1, false); err != nil {
			t.Errorf("%d steps: %v", steps, err)
		}
		if g.most != most || g.begun != steps {
			t.Errorf("of %d steps %d were begun, %d at once; want all, %d at once", steps, g.begun, g.most, most)
		}
	}
}

func TestTogether_AStepFails_TheOthersSettleAndNoneIsBegun(t *testing.T) {
	t.Parallel()
	for steps, begun := range map[int]int{200: 200, 900: 200} {
		var g going
		err := runTogether(t, &g, steps, 7, false)
		var failed *temporal.ApplicationError
		if !errors.As(err, &failed) || failed.Message() != "it failed" {
			t.Errorf("%d steps ended with %v", steps, err)
		}
		// Steps that end at the same moment as the one that fails may each have handed on their turn.
		if g.now != 0 || g.begun < begun || g.begun > begun+mostAtOnce {
			t.Errorf("of %d steps %d were begun and %d are running", steps, g.begun, g.now)
		}
	}
}

func TestTogether_Cancelled_BeginsNoMore(t *testing.T) {
	t.Parallel()
	var g going
	err := runTogether(t, &g, 900, -1, true)
	if !temporal.IsCanceledError(err) {
		t.Errorf("a cancelled run went on as if all were done: %v", err)
	}
	if g.begun != 2*mostAtOnce {
		t.Errorf("%d steps were begun, want %d: those that ran when it was cancelled, and those before", g.begun, 2*mostAtOnce)
	}
}

func TestTogether_EachStepIgnoresTheCancellation_IsNotTakenForDone(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}).SetTestTimeout(time.Minute)
	env.RegisterDelayedCallback(env.CancelWorkflow, 90*time.Second)
	begun := 0
	env.ExecuteWorkflow(func(ctx workflow.Context) error {
		steps := make([]func(workflow.Context) error, 1000)
		for i := range steps {
			steps[i] = func(ctx workflow.Context) error {
				begun++
				disconnected, stop := workflow.NewDisconnectedContext(ctx)
				defer stop()
				return workflow.Sleep(disconnected, time.Minute)
			}
		}
		return together(ctx, steps...)
	})
	if err := env.GetWorkflowError(); !temporal.IsCanceledError(err) || begun == 1000 {
		t.Errorf("after %d of 1000 steps the run ended with %v", begun, err)
	}
}

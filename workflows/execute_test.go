package workflows

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

func TestExecute_RetriesAreTold_TheNewestOfARunningStepCounts(t *testing.T) {
	t.Parallel()
	told := func(step string, attempt int, lastError string) connection.Retry {
		return connection.Retry{Step: step, Attempt: attempt, LastError: lastError}
	}
	for name, test := range map[string]struct {
		told    []connection.Retry
		attempt int
		last    string
	}{
		"nothing":              {nil, 1, ""},
		"a retry":              {[]connection.Retry{told("slow", 2, "503")}, 2, "503"},
		"several":              {[]connection.Retry{told("slow", 2, "503"), told("slow", 3, "429")}, 3, "429"},
		"overtaken":            {[]connection.Retry{told("slow", 3, "429"), told("slow", 2, "503")}, 3, "429"},
		"without saying why":   {[]connection.Retry{told("slow", 2, "503"), told("slow", 3, "")}, 3, "503"},
		"too late":             {[]connection.Retry{told("quick", 2, "503")}, 1, ""},
		"of a step never seen": {[]connection.Retry{told("other", 2, "503")}, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			env := suite.NewTestWorkflowEnvironment()
			env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}).SetTestTimeout(time.Minute) // for a busy machine
			step := func(context.Context, string) (activities.Done, error) { return activities.Done{}, nil }
			env.RegisterActivity(step)
			env.OnActivity(step, mock.Anything, "slow").After(time.Hour).Return(activities.Done{}, nil)
			env.OnActivity(step, mock.Anything, "quick").Return(activities.Done{}, nil)
			r := &run{}
			for i, retry := range test.told {
				env.RegisterDelayedCallback(func() { env.SignalWorkflow(connection.RetrySignal, retry) }, time.Duration(i+1)*time.Minute)
			}
			var while []connection.Step
			env.RegisterDelayedCallback(func() { while = append(while, r.progress.Steps...) }, 30*time.Minute)
			env.ExecuteWorkflow(func(ctx workflow.Context) error {
				r.hearRetries(ctx)
				for _, id := range []string{"quick", "slow"} {
					ctx := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{ActivityID: id, StartToCloseTimeout: 2 * time.Hour})
					if _, err := execute(ctx, r, connection.Step{ID: id}, step, id); err != nil {
						return err
					}
				}
				return nil
			})
			if err := env.GetWorkflowError(); err != nil {
				t.Fatal(err)
			}
			for when, steps := range map[string][]connection.Step{"while it runs": while, "at the end": r.progress.Steps} {
				if got := steps[1]; got.Attempt != test.attempt || got.LastError != test.last {
					t.Errorf("%s: attempt %d, last error %q; want %d, %q", when, got.Attempt, got.LastError, test.attempt, test.last)
				}
				if got := steps[0]; got.Attempt != 1 || got.LastError != "" {
					t.Errorf("%s: the other step is told of: %+v", when, got)
				}
			}
		})
	}
}

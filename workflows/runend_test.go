package workflows

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	quiet "github.com/accessbridge/accessbridge/internal/temporal"
)

// TestBegin_WhatIsRefusedBeforeAnythingIsRead.
func TestBegin_WhatIsRefusedBeforeAnythingIsRead(t *testing.T) {
	t.Parallel()
	good := connection.Spec{Name: "acme", Okta: connection.OktaSpec{AssignGroups: []string{"Engineering"}}}
	for name, test := range map[string]struct {
		operation, id string
		spec          connection.Spec
		want          string
	}{
		"connect":                   {connection.ConnectWorkflow, "accessbridge/acme", good, ""},
		"plan":                      {connection.PlanWorkflow, connection.PlanWorkflowID("acme"), good, ""},
		"plan under the lock's ID":  {connection.PlanWorkflow, "accessbridge/acme", good, "the workflow ID is"},
		"connect under a plan's ID": {connection.ConnectWorkflow, connection.PlanWorkflowID("acme"), good, "the workflow ID is"},
		"connect under another ID":  {connection.ConnectWorkflow, "accessbridge/globex", good, "it keeps two runs for a connection apart"},
		"no group":                  {connection.ConnectWorkflow, "accessbridge/acme", connection.Spec{Name: "acme"}, "assign_groups"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var suite testsuite.WorkflowTestSuite
			suite.SetLogger(quiet.Quiet{})
			env := suite.NewTestWorkflowEnvironment()
			env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}).SetTestTimeout(time.Minute)
			env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: test.id, TaskQueue: connection.TaskQueue})
			env.ExecuteWorkflow(func(ctx workflow.Context) error {
				_, err := begin(ctx, Options{}, test.operation, test.spec)
				return err
			})
			err := env.GetWorkflowError()
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("it ended with %v, want %q", err, test.want)
			}
		})
	}
}

// TestSurveyFailed_EndsTheRunForGood, and with its result: a retry of the whole run would start from nothing.
func TestSurveyFailed_EndsTheRunForGood(t *testing.T) {
	t.Parallel()
	ends := func(cause error) (m *moving, err error) {
		m = &moving{run: &run{result: connection.Result{Connection: "acme"}}}
		return m, m.carryOut(t, func(ctx workflow.Context) error { return m.surveyFailed(ctx, cause) })
	}
	m, err := ends(said(activities.Detail{Message: "refused"}))
	var refused *temporal.ApplicationError
	var result connection.Result
	if !errors.As(err, &refused) || refused.Type() != connection.ErrorRefused || !refused.NonRetryable() || refused.Details(&result) != nil || m.result.State != connection.RunRefused {
		t.Errorf("a refused run ended with %v, in state %s", err, m.result.State)
	}
	m, err = ends(temporal.NewCanceledError())
	var cancelled *temporal.CanceledError
	if !errors.As(err, &cancelled) || !cancelled.HasDetails() || cancelled.Details(&result) != nil || result.Connection != "acme" || m.result.State != connection.RunCancelled {
		t.Errorf("a cancelled run ended with %v, in state %s", err, m.result.State)
	}
}

// TestTogether_AfterAReset_EveryStepIsBegun, so that it is noted how to undo it: the run may have carried it out before.
func TestTogether_AfterAReset_EveryStepIsBegun(t *testing.T) {
	t.Parallel()
	for original, all := range map[string]bool{"": false, "before": true} {
		m, begun := &moving{run: &run{}, reset: original}, 0
		steps := make([]func(workflow.Context) error, 2*mostAtOnce+1)
		for i := range steps {
			steps[i] = func(workflow.Context) error {
				begun++
				return errors.New("it failed")
			}
		}
		if err := m.carryOut(t, func(ctx workflow.Context) error { return together(ctx, steps...) }); err == nil || (begun == len(steps)) != all {
			t.Errorf("reset from %q: %d of %d steps were begun, and it ended with %v", original, begun, len(steps), err)
		}
	}
}

// TestTogether_AFailureSaysMoreThanACancellation, whichever comes first.
func TestTogether_AFailureSaysMoreThanACancellation(t *testing.T) {
	t.Parallel()
	m := &moving{run: &run{}}
	err := m.carryOut(t, func(ctx workflow.Context) error {
		return together(ctx, func(workflow.Context) error { return temporal.NewCanceledError() }, func(workflow.Context) error { return errors.New("it failed") })
	})
	if err == nil || err.Error() != "it failed" {
		t.Errorf("it ended with %v", err)
	}
}

package e2e

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	sdkpb "go.temporal.io/api/sdk/v1"
	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

func TestConnect_WhileAndAfter_TellsTheSameEverywhere(t *testing.T) {
	b := setUp(t, nil)
	b.okta().Inject(kit.Fault{Method: "POST", Path: claimPath, Kind: kit.KindStatus, Status: 503, Count: 1})
	run := b.start(connection.ConnectWorkflow, b.spec())
	b.result(run)
	progress := b.progress(run)
	details := b.details(run)
	for _, step := range progress.Steps {
		if step.Status != connection.StepDone || step.EndedAt == nil || step.Attempt < 1 {
			t.Errorf("the query doesn't tell all of a step: %+v", step)
		}
		if want := step.ID == "SetGroupsClaim"; want != (step.Attempt == 2) {
			t.Errorf("%s succeeded at attempt %d", step.ID, step.Attempt)
		}
		if !strings.Contains(strings.ReplaceAll(details, `\`, ""), step.Title) { // what means something in Markdown is escaped
			t.Errorf("the details in Temporal UI don't tell of %q:\n%s", step.Title, details)
		}
	}
	described, err := b.Client.DescribeWorkflow(b.ctx, run.GetID(), run.GetRunID())
	if err != nil {
		t.Fatal(err)
	}
	if fields := described.Memo.GetFields(); string(fields[connection.MemoState].GetData()) != `"connected"` {
		t.Errorf("the memo says %v", fields)
	}
}

// details are what Temporal UI shows of a run.
func (b *bench) details(run client.WorkflowRun) string {
	b.t.Helper()
	answer, err := b.Client.QueryWorkflow(b.ctx, run.GetID(), run.GetRunID(), "__temporal_workflow_metadata")
	var metadata sdkpb.WorkflowMetadata
	if err == nil {
		err = answer.Get(&metadata)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return metadata.GetCurrentDetails()
}

// stepOf is a step of a progress; the zero step when it isn't there.
func stepOf(progress connection.Progress, id string) connection.Step {
	for _, step := range progress.Steps {
		if step.ID == id {
			return step
		}
	}
	return connection.Step{}
}

func TestConnect_StepTriedAgain_TheQueryAndTheDetailsTellWhy(t *testing.T) {
	b := setUp(t, nil)
	b.okta().Inject(kit.Fault{Method: "POST", Path: claimPath, Kind: kit.KindStatus, Status: 503})
	run := b.start(connection.ConnectWorkflow, b.spec())
	var step connection.Step
	b.eventually("the query tells of a retry", func() bool {
		step = stepOf(b.progress(run), "SetGroupsClaim")
		return step.Attempt > 2
	})
	if step.Status != connection.StepRunning || !strings.Contains(step.LastError, "503") {
		t.Errorf("the query tells of a step that is tried again: %+v", step)
	}
	if details := b.details(run); !strings.Contains(details, ", attempt ") || !strings.Contains(details, step.LastError) {
		t.Errorf("the details in Temporal UI don't tell why a step is tried again:\n%s", details)
	}
	b.okta().ClearFaults()
	b.result(run)
	if ended := stepOf(b.progress(run), "SetGroupsClaim"); ended.Status != connection.StepDone || ended.Attempt < step.Attempt || ended.LastError == "" {
		t.Errorf("after the run the query tells %+v", ended)
	}
}

func TestConnect_WorkerKilledInAStep_TheQueryTellsTheNextAttempt(t *testing.T) {
	b := setUp(t, nil)
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindDelay, Count: 1, Delay: kit.Duration(time.Minute)})
	run := b.start(connection.ConnectWorkflow, b.spec())
	b.eventually("the policy is being created", func() bool { return len(b.cloudflare().Faults()) == 0 })
	if err := b.Worker.Kill(); err != nil {
		t.Fatal(err)
	}
	// The next attempt looks first whether there is a policy already, and is held there.
	b.cloudflare().Inject(kit.Fault{Method: "GET", Path: policiesPath, Kind: kit.KindDelay, Delay: kit.Duration(time.Minute)})
	b.Set("timeouts.request", "50s")
	b.Set("timeouts.attempt", "60s")
	b.Set("timeouts.late_answer", "55s")
	if err := b.StartWorker(b.ctx); err != nil {
		t.Fatal(err)
	}
	b.eventually("the query tells of the second attempt", func() bool {
		step := stepOf(b.progress(run), "CreateAccessPolicy")
		return step.Status == connection.StepRunning && step.Attempt == 2
	})
	if err := b.Worker.Kill(); err != nil {
		t.Fatal(err)
	}
}

func TestStatus_NoWorkerAnswers_TellsWhatTemporalKnows(t *testing.T) {
	b := setUp(t, nil)
	b.okta().Inject(kit.Fault{Method: "POST", Path: claimPath, Kind: kit.KindStatus, Status: 503})
	run := b.start(connection.ConnectWorkflow, b.spec())
	// A step tells the run of a failure before it tells Temporal: only of the attempt before is Temporal sure to know.
	b.eventually("the step is tried a third time", func() bool { return stepOf(b.progress(run), "SetGroupsClaim").Attempt > 2 })
	if err := b.Worker.Kill(); err != nil {
		t.Fatal(err)
	}
	outcome := b.Starter(b.ctx, "status", b.name, "--output", "json")
	var status runs.Status
	if err := json.Unmarshal([]byte(outcome.Stdout), &status); err != nil {
		t.Fatalf("%v: %s %s", err, outcome.Stdout, outcome.Stderr)
	}
	step := stepOf(*status.Progress, "SetGroupsClaim")
	if status.Partial == "" || step.Attempt < 2 || !strings.Contains(step.LastError, "503") {
		t.Errorf("without a worker the status tells %q and %+v", status.Partial, step)
	}
	b.okta().ClearFaults()
	if err := b.StartWorker(b.ctx); err != nil {
		t.Fatal(err)
	}
	b.result(run)
}

func TestConnect_TimeBudgetEnds_TheQueryTellsTheLastAttempt(t *testing.T) {
	b := setUp(t, nil)
	b.okta().Inject(kit.Fault{Method: "POST", Path: claimPath, Kind: kit.KindStatus, Status: 503})
	spec := b.spec()
	spec.TimeBudget = connection.Duration(connection.MinTimeBudget)
	run := b.start(connection.ConnectWorkflow, spec)
	b.failure(run, connection.ErrorRolledBack)
	asked := 0
	for _, request := range b.okta().Requests() {
		if request.Method == "POST" && strings.HasSuffix(request.Path, "/idToken") {
			asked++
		}
	}
	if step := stepOf(b.progress(run), "SetGroupsClaim"); step.Attempt != asked || step.Status != connection.StepFailed {
		t.Errorf("Okta was asked %d times, the query tells %+v", asked, step)
	}
}

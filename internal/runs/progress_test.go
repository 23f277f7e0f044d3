package runs_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	commonpb "go.temporal.io/api/common/v1"
	failurepb "go.temporal.io/api/failure/v1"
	workflowpb "go.temporal.io/api/workflow/v1"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
)

func TestMerge_AddsAttemptsToRunningStepsOnly(t *testing.T) {
	t.Parallel()
	failure := &failurepb.Failure{
		Message:     "503 Service Unavailable",
		FailureInfo: &failurepb.Failure_ApplicationFailureInfo{ApplicationFailureInfo: &failurepb.ApplicationFailureInfo{Type: "Provider"}},
		Cause:       &failurepb.Failure{Message: "not told"},
	}
	pending := []*workflowpb.PendingActivityInfo{
		{ActivityId: "running", Attempt: 3, LastFailure: failure, ActivityType: &commonpb.ActivityType{Name: "Step"}},
		{ActivityId: "done", Attempt: 2, LastFailure: failure},
		{ActivityId: "first", Attempt: 1},
	}
	progress := connection.Progress{Steps: []connection.Step{
		{ID: "done", Status: connection.StepDone},
		{ID: "running", Status: connection.StepRunning},
		{ID: "first", Status: connection.StepRunning},
		{ID: "unknown", Status: connection.StepRunning},
	}}
	runs.New(nil, runs.Options{}).Merge(&progress, pending)
	want := []connection.Step{
		{ID: "done", Status: connection.StepDone},
		{ID: "running", Status: connection.StepRunning, Attempt: 3, LastError: "503 Service Unavailable"},
		{ID: "first", Status: connection.StepRunning, Attempt: 1},
		{ID: "unknown", Status: connection.StepRunning},
	}
	if difference := cmp.Diff(want, progress.Steps); difference != "" {
		t.Errorf("steps (-want +got):\n%s", difference)
	}
}

package workflows_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/workflows"
)

// TestReplay_SavedHistories_FitTodaysCode replays a history of every workflow and outcome, saved by `make histories`. One that
// no longer fits shows that a run which is open now would get stuck under today's code: see docs/changing-workflows.md.
func TestReplay_SavedHistories_FitTodaysCode(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/histories/*.json")
	earlier, failed := filepath.Glob("testdata/histories/earlier/*.json")
	if err != nil || failed != nil || len(files) < 12 || len(earlier) < 12 {
		t.Fatalf("%d saved histories, and %d of earlier versions: %v", len(files), len(earlier), errors.Join(err, failed))
	}
	files = append(files, earlier...)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			if err := replay(t, replayer(t, &workflows.Workflows{}), file); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestReplay_ChangedProcedure_IsNoticed shows that the test above can fail.
func TestReplay_ChangedProcedure_IsNoticed(t *testing.T) {
	t.Parallel()
	changed := worker.NewWorkflowReplayer()
	changed.RegisterWorkflowWithOptions(func(ctx workflow.Context, _ connection.Spec) (connection.Result, error) {
		return connection.Result{}, workflow.Sleep(ctx, 1)
	}, workflow.RegisterOptions{Name: connection.ConnectWorkflow})
	files, err := filepath.Glob("testdata/histories/*FreshOrg*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d saved histories of a fresh org: %v", len(files), err)
	}
	if err := replay(t, changed, files[0]); err == nil {
		t.Error("another procedure replayed the history")
	}
}

// replay replays a saved history under the workflow ID that the run had.
func replay(t *testing.T, with worker.WorkflowReplayer, file string) error {
	t.Helper()
	content, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	history, err := client.HistoryFromJSON(content, client.HistoryJSONOptions{})
	if err != nil {
		t.Fatal(err)
	}
	id := history.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowId()
	return with.ReplayWorkflowHistoryWithOptions(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), history, worker.ReplayWorkflowHistoryOptions{
		OriginalExecution: workflow.Execution{ID: id},
	})
}

func replayer(t *testing.T, code *workflows.Workflows) worker.WorkflowReplayer {
	t.Helper()
	// On a busy machine an honest replay can take longer than the second after which the SDK suspects a deadlock.
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{DisableDeadlockDetection: true})
	if err != nil {
		t.Fatal(err)
	}
	replayer.RegisterWorkflowWithOptions(code.Connect, workflow.RegisterOptions{Name: connection.ConnectWorkflow})
	replayer.RegisterWorkflowWithOptions(code.Disconnect, workflow.RegisterOptions{Name: connection.DisconnectWorkflow})
	replayer.RegisterWorkflowWithOptions(code.Plan, workflow.RegisterOptions{Name: connection.PlanWorkflow})
	replayer.RegisterWorkflowWithOptions(code.Inventory, workflow.RegisterOptions{Name: connection.InventoryWorkflow})
	return replayer
}

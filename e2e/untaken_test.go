package e2e

import (
	"testing"

	"github.com/accessbridge/accessbridge/connection"
)

// TestCancel_RunThatNoWorkerTakes_EndsIt starts a run where no worker is, cancels it, and connects: at once, as there is nothing to wait for.
func TestCancel_RunThatNoWorkerTakes_EndsIt(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	nowhere := b.name + "-nowhere"
	document := b.document()
	b.says(0, []string{"no worker polls task queue \"" + nowhere + "\""}, "connect", "-f", document, "--detach", "--task-queue", nowhere)
	b.says(0, []string{"no worker polls task queue \"" + nowhere + "\""}, "status", b.name)
	b.says(0, []string{"No worker on task queue \"" + nowhere + "\" had begun the run", b.name + ": cancelled"}, "cancel", b.name)
	b.unchanged(before)
	run := b.start(connection.ConnectWorkflow, b.spec())
	b.result(run)
	for _, step := range b.progress(run).Steps {
		if step.Attempt > 1 {
			b.t.Errorf("step %s took %d attempts: %s", step.ID, step.Attempt, step.LastError)
		}
	}
}

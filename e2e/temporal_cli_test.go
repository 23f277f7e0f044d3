package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/devserver"
)

// document writes the test's connection document as JSON and returns the file's name.
func (b *bench) document() string {
	b.t.Helper()
	return b.write("connection.json", b.spec())
}

// write writes a value as JSON into a file of the test's own.
func (b *bench) write(name string, value any) string {
	b.t.Helper()
	content, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		b.t.Fatal(err)
	}
	file := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		b.t.Fatal(err)
	}
	return file
}

// temporal runs Temporal's own command line to its end: nothing of ours is between it and the server.
func (b *bench) temporal(arguments ...string) (string, error) {
	b.t.Helper()
	binary, err := devserver.Binary()
	if err != nil {
		b.t.Fatal(err)
	}
	command := exec.CommandContext(b.ctx, binary, arguments...)
	command.Env = []string{"HOME=" + b.t.TempDir(), "TEMPORAL_ADDRESS=" + b.Temporal.Address}
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		return stdout.String(), fmt.Errorf("temporal %s: %w: %s", strings.Join(arguments, " "), err, stderr.String())
	}
	return stdout.String(), nil
}

// temporalWell runs Temporal's command line and fails the test when it fails.
func (b *bench) temporalWell(arguments ...string) string {
	b.t.Helper()
	output, err := b.temporal(arguments...)
	if err != nil {
		b.t.Fatal(err)
	}
	return output
}

// startOf is the command line that starts one of our workflows from a document.
func (b *bench) startOf(workflow, document string) []string {
	return []string{
		"workflow", "start", "--type", workflow, "--task-queue", b.TaskQueue, "--workflow-id", connection.WorkflowID(b.name),
		"--fail-existing", "--input-file", document,
	}
}

func TestTemporalCLI_ConnectsAndDisconnectsFromAJSONDocument(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	document := b.document()
	b.temporalWell(b.startOf(connection.ConnectWorkflow, document)...)
	b.temporalResult(connection.RunConnected)
	if got, want := b.counts(), (counts{1, 1, 1}); got != want {
		t.Errorf("both sides hold %+v, want %+v", got, want)
	}
	b.temporalWell(b.startOf(connection.DisconnectWorkflow, document)...)
	b.temporalResult(connection.RunDisconnected)
	b.unchanged(before)
}

// temporalResult waits with Temporal's command line until the newest run has ended in the state.
func (b *bench) temporalResult(state connection.RunState) {
	b.t.Helper()
	var answer struct{ Result connection.Result }
	output := b.temporalWell("workflow", "result", "--workflow-id", connection.WorkflowID(b.name), "--output", "json")
	if err := json.Unmarshal([]byte(output), &answer); err != nil || answer.Result.State != state {
		b.t.Errorf("the run ended with %s, want state %s: %v", output, state, err)
	}
}

func TestTemporalCLI_Cancel_RollsBack(t *testing.T) {
	b := setUp(t, nil)
	before := b.state()
	start := b.startOf(connection.ConnectWorkflow, b.document())
	run := b.delayPolicy(func() client.WorkflowRun { b.temporalWell(start...); return b.child() })
	if _, err := b.temporal(start...); err == nil {
		t.Error("a second run of the connection was started")
	}
	if answer := b.temporalWell("workflow", "query", "--workflow-id", run.GetID(), "--type", connection.ProgressQuery); !strings.Contains(answer, "CreateAccessPolicy") {
		t.Errorf("the query is answered with %s", answer)
	}
	b.temporalWell("workflow", "cancel", "--workflow-id", run.GetID())
	if output, err := b.temporal("workflow", "result", "--workflow-id", run.GetID()); err == nil {
		t.Errorf("the run ended well: %s", output)
	}
	b.endsCancelled(run)
	b.unchanged(before)
}

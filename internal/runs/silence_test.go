package runs_test

import (
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/internal/devserver/devservertest"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/internal/temporal"
)

// broken is a run that no worker can carry on: its workflow tasks fail, at once or once it has begun.
func broken(ctx workflow.Context, spec connection.Spec) (connection.Result, error) {
	if spec.Name == "later" {
		workflow.GetSignalChannel(ctx, "go").Receive(ctx, nil)
	}
	panic("the worker lacks a key")
}

func TestStatus_OfARunThatIsSilent_SaysWhy(t *testing.T) {
	t.Parallel()
	server := devservertest.Start(t.Context(), t, devserver.Options{Namespaces: []string{"team"}})
	dialled, err := client.Dial(client.Options{HostPort: server.Address, Namespace: "team", Logger: temporal.Quiet{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dialled.Close)
	works := worker.New(dialled, connection.TaskQueue, worker.Options{})
	works.RegisterWorkflowWithOptions(broken, workflow.RegisterOptions{Name: connection.ConnectWorkflow})
	if err := works.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(works.Stop)
	for name, test := range map[string]struct{ queue, want string }{
		"now":     {connection.TaskQueue, `a worker on task queue "accessbridge" can't carry the run on, and tries again: the worker lacks a key`},
		"later":   {connection.TaskQueue, `a worker on task queue "accessbridge" can't carry the run on, and tries again: the worker lacks a key`},
		"waiting": {"elsewhere", `no worker polls task queue "elsewhere"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			started := runs.New(dialled, runs.Options{TaskQueue: test.queue, Namespace: "team"})
			run, err := started.Start(t.Context(), connection.ConnectWorkflow, connection.Spec{Name: name})
			if err == nil {
				err = dialled.SignalWorkflow(t.Context(), run.WorkflowID, run.RunID, "go", nil)
			}
			if err != nil {
				t.Fatal(err)
			}
			// Whoever asks may have another queue in mind.
			asked := runs.New(dialled, runs.Options{TaskQueue: "another", Namespace: "team", QueryWithin: time.Second})
			var status runs.Status
			for end := time.Now().Add(30 * time.Second); time.Now().Before(end) && !strings.Contains(status.Partial, test.want); {
				if status, err = asked.Status(t.Context(), run); err != nil {
					t.Fatal(err)
				}
			}
			if !strings.Contains(status.Partial, test.want) || !status.Open {
				t.Errorf("it says %q, want %q", status.Partial, test.want)
			}
		})
	}
}

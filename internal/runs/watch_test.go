package runs_test

import (
	"context"
	"net"
	"path/filepath"
	"strconv"
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

// waiting is a run that ends connected when it gets the signal "go".
func waiting(ctx workflow.Context, spec connection.Spec) (connection.Result, error) {
	progress := connection.Progress{Connection: spec.Name, Operation: connection.ConnectWorkflow, State: connection.RunRunning}
	if err := workflow.SetQueryHandler(ctx, connection.ProgressQuery, func() (connection.Progress, error) { return progress, nil }); err != nil {
		return connection.Result{}, err
	}
	workflow.GetSignalChannel(ctx, "go").Receive(ctx, nil)
	return connection.Result{Connection: spec.Name, State: connection.RunConnected}, nil
}

func TestWatch_OutlivesARestartOfTheServer(t *testing.T) {
	t.Parallel()
	options := devserver.Options{DBFilename: filepath.Join(t.TempDir(), "temporal.db")}
	server := devservertest.Start(t.Context(), t, options)
	dialled, err := client.Dial(client.Options{HostPort: server.Address, Logger: temporal.Quiet{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dialled.Close)
	works := worker.New(dialled, connection.TaskQueue, worker.Options{})
	works.RegisterWorkflowWithOptions(waiting, workflow.RegisterOptions{Name: connection.ConnectWorkflow})
	if err := works.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(works.Stop)

	connections := runs.New(dialled, runs.Options{})
	run, err := connections.Start(t.Context(), connection.ConnectWorkflow, connection.Spec{Name: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	looked := make(chan runs.Status, 1000)
	watched := make(chan runs.Status, 1)
	go func() {
		status, err := connections.Watch(context.WithoutCancel(t.Context()), run, func(status runs.Status) { looked <- status })
		if err != nil {
			t.Error(err)
		}
		watched <- status
	}()
	<-looked // it is watched

	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(server.Address)
	options.Port, _ = strconv.Atoi(port)
	devservertest.Start(t.Context(), t, options)
	if err := dialled.SignalWorkflow(t.Context(), run.WorkflowID, run.RunID, "go", nil); err != nil {
		t.Fatal(err)
	}
	select {
	case status := <-watched:
		if status.State != connection.RunConnected || status.Result == nil {
			t.Errorf("the run ended %q with %v, want connected with its result", status.State, status.Result)
		}
	case <-time.After(time.Minute):
		t.Fatal("the end of the run was never seen")
	}
}

package devserver_test

import (
	"net"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/internal/devserver/devservertest"
)

func TestStart_KeepsRunsInItsFileOverARestart(t *testing.T) {
	t.Parallel()
	options := devserver.Options{DBFilename: filepath.Join(t.TempDir(), "temporal.db")}

	first := devservertest.Start(t.Context(), t, options)
	temporal := dial(t, first)
	run, err := temporal.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "kept", TaskQueue: "nobody"}, "Kept")
	if err != nil {
		t.Fatalf("start a run: %v", err)
	}
	if err := first.Stop(); err != nil {
		t.Fatalf("stop the first server: %v", err)
	}

	_, port, _ := net.SplitHostPort(first.Address)
	options.Port, _ = strconv.Atoi(port)
	second := devservertest.Start(t.Context(), t, options)
	if second.Address != first.Address {
		t.Errorf("the second server is at %s, want %s", second.Address, first.Address)
	}
	if _, err := dial(t, second).DescribeWorkflowExecution(t.Context(), "kept", run.GetRunID()); err != nil {
		t.Errorf("the run isn't there after the restart: %v", err)
	}
}

func TestStop_MayBeCalledTwice(t *testing.T) {
	t.Parallel()
	server := devservertest.Start(t.Context(), t, devserver.Options{})
	for range 2 {
		if err := server.Stop(); err != nil {
			t.Fatalf("Stop: %v", err)
		}
	}
	if connection, err := net.DialTimeout("tcp", server.Address, time.Second); err == nil {
		_ = connection.Close()
		t.Errorf("somebody still listens at %s", server.Address)
	}
}

func dial(t *testing.T, server *devserver.Server) client.Client {
	t.Helper()
	temporal, err := client.DialContext(t.Context(), client.Options{HostPort: server.Address})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(temporal.Close)
	return temporal
}

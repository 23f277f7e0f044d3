package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/internal/devserver/devservertest"
	"github.com/accessbridge/accessbridge/internal/temporal"
)

// TestMain lets the scripts run this very binary as `starter`.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"starter": main})
}

// TestScripts runs one script a command against a real server. Each has a namespace of its own, and a worker with fakes.
func TestScripts(t *testing.T) {
	t.Parallel()
	server := devservertest.Start(t.Context(), t, devserver.Options{Namespaces: scriptNames(t)})
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               func(environment *testscript.Env) error { return setUp(environment, server) },
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "eventually": eventually, "terminate": terminate, "advises": advises, "work": work, "namespace": namespace,
		},
	})
}

// scriptNames are the names of the scripts, without their ending.
func scriptNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts are there: %v", err)
	}
	for index, file := range files {
		files[index] = strings.TrimSuffix(filepath.Base(file), ".txtar")
	}
	return files
}

// clientKey is where a script's environment holds its client.
type clientKey struct{}

// setUp gives a script its namespace and a worker.
func setUp(environment *testscript.Env, server *devserver.Server) error {
	namespace := strings.TrimPrefix(filepath.Base(environment.WorkDir), "script-")
	environment.Setenv("TEMPORAL_ADDRESS", server.Address)
	environment.Setenv("TEMPORAL_NAMESPACE", namespace)
	environment.Setenv("ACCESSBRIDGE_UI_URL", "https://ui.example")
	dialled, err := client.Dial(client.Options{HostPort: server.Address, Namespace: namespace, Logger: temporal.Quiet{}})
	if err != nil {
		return err
	}
	environment.Values[clientKey{}] = dialled
	environment.Defer(dialled.Close)
	fakes, err := startFakes(dialled, connection.TaskQueue)
	if err != nil {
		return err
	}
	environment.Defer(fakes.Stop)
	return nil
}

// startFakes starts a worker with fakes on a task queue.
func startFakes(dialled client.Client, queue string) (worker.Worker, error) {
	fakes := worker.New(dialled, queue, worker.Options{
		Interceptors:             []interceptor.WorkerInterceptor{&activities.StepInterceptor{}},
		DeadlockDetectionTimeout: time.Minute, // on a busy machine an honest task can take longer than the default, a second
	})
	registerFakes(fakes)
	return fakes, fakes.Start()
}

// exits runs a command that must end with a code: exits CODE COMMAND...
func exits(script *testscript.TestScript, negated bool, arguments []string) {
	if negated || len(arguments) < 2 {
		script.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(arguments[0])
	script.Check(err)
	err = script.Exec(arguments[1], arguments[2:]...)
	code := 0
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		code = ended.ExitCode()
	} else {
		script.Check(err)
	}
	if code != want {
		script.Fatalf("it exited with %d, want %d", code, want)
	}
}

// eventually runs a command until its standard output fits a pattern: eventually PATTERN COMMAND...
func eventually(script *testscript.TestScript, negated bool, arguments []string) {
	if negated || len(arguments) < 2 {
		script.Fatalf("usage: eventually PATTERN COMMAND...")
	}
	pattern := regexp.MustCompile(arguments[0])
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-again.C {
		if err := script.Exec(arguments[1], arguments[2:]...); err == nil && pattern.MatchString(script.ReadFile("stdout")) {
			return
		}
	}
	script.Fatalf("the output never fitted %q; the last one: %s", arguments[0], script.ReadFile("stdout"))
}

// terminate ends a connection's run as an administrator of Temporal would: terminate NAME
func terminate(script *testscript.TestScript, negated bool, arguments []string) {
	if negated || len(arguments) != 1 {
		script.Fatalf("usage: terminate NAME")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	script.Check(script.Value(clientKey{}).(client.Client).TerminateWorkflow(ctx, connection.WorkflowID(arguments[0]), "", "test"))
}

// advises fails unless what the last command said has the text, to the letter: advises TEXT. What the script does next is what the text
// says to do; see e2e/advice.
func advises(script *testscript.TestScript, negated bool, arguments []string) {
	if negated || len(arguments) != 1 {
		script.Fatalf("usage: advises TEXT")
	}
	said := script.ReadFile("stdout") + script.ReadFile("stderr")
	if !strings.Contains(said, arguments[0]) {
		script.Fatalf("it doesn't say %q: %s", arguments[0], said)
	}
}

// work starts a worker with fakes on another task queue, until the script ends. It has the keys of the file: work QUEUE [KEYS]
func work(script *testscript.TestScript, negated bool, arguments []string) {
	if negated || len(arguments) < 1 || len(arguments) > 2 {
		script.Fatalf("usage: work QUEUE [KEYS]")
	}
	dialled := script.Value(clientKey{}).(client.Client)
	if len(arguments) == 2 {
		keys, err := codec.ReadFile(script.MkAbs(arguments[1]))
		script.Check(err)
		encryption, err := codec.New(keys)
		script.Check(err)
		converters := encryption.ForClient()
		dialled, err = temporal.Dial(context.Background(), temporal.Options{
			Address: script.Getenv("TEMPORAL_ADDRESS"), Namespace: script.Getenv("TEMPORAL_NAMESPACE"), ConfigFile: os.DevNull,
			DataConverter: converters.Data, FailureConverter: converters.Failure,
		})
		script.Check(err)
		script.Defer(dialled.Close)
	}
	fakes, err := startFakes(dialled, arguments[0])
	script.Check(err)
	script.Defer(fakes.Stop)
}

// namespace makes another namespace as an administrator of Temporal would: namespace NAME
func namespace(script *testscript.TestScript, negated bool, arguments []string) {
	if negated || len(arguments) != 1 {
		script.Fatalf("usage: namespace NAME")
	}
	_, err := script.Value(clientKey{}).(client.Client).WorkflowService().RegisterNamespace(context.Background(), &workflowservice.RegisterNamespaceRequest{
		Namespace: arguments[0], WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
	})
	script.Check(err)
}

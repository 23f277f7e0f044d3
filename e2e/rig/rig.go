// Package rig sets up the whole of accessbridge on this machine, each part as it really runs: Temporal's dev server, a sandbox
// with an Okta org and a Cloudflare account, the worker as a process of its own, the starter as another. The end-to-end tests,
// the demonstration and the measurements use it.
package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"github.com/goccy/go-yaml"
	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/internal/temporal"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// Rig is one sandbox with a worker for it, on a Temporal server that may be shared with other rigs.
type Rig struct {
	Temporal *devserver.Server
	Client   client.Client
	Sandbox  *host.Sandbox
	// TaskQueue is this rig's own, so that rigs which share a server don't take each other's work.
	TaskQueue string
	Worker    *Process

	folder    string
	logs      string
	binaries  Binaries
	logLevel  slog.Level
	settings  map[string]any
	variables []string
}

// Options say how a rig is set up.
type Options struct {
	Temporal *devserver.Server
	// Sandbox is what the sandbox has; nil is host.Ephemeral().
	Sandbox *host.Options
	// TaskQueue must be unique among the rigs of a server.
	TaskQueue string
	// Settings are put over the worker's configuration: by dots, such as "retry.initial_interval".
	Settings map[string]any
	// Folder is for configuration and logs; LogFolder, unless it is "", for logs instead.
	Folder, LogFolder string
	// Binaries are the programs to run; the zero value builds them.
	Binaries Binaries
	// Variables are added to the environment of all programs.
	Variables []string
	// LogLevel is the worker's; nil is slog.LevelDebug.
	LogLevel *slog.Level
}

// Quick are settings fit for a test: the same code, with short times. A test can put its own over them.
func Quick(over map[string]any) map[string]any {
	settings := map[string]any{
		"retry.initial_interval": "20ms", "retry.maximum_interval": "200ms",
		"timeouts.request": "2s", "timeouts.attempt": "10s", "timeouts.heartbeat": "1s",
		"timeouts.late_answer": "2500ms", "timeouts.list_lag": "1s",
	}
	maps.Copy(settings, over)
	return settings
}

// Observe is shown every answer of every rig's sandbox, when it is set. Tests set it once, before they start any, to hold the
// answers against the providers' descriptions.
var Observe func(request *http.Request, status int, header http.Header, body []byte)

// Start sets a rig up and waits until its worker takes work.
func Start(ctx context.Context, options Options) (*Rig, error) {
	binaries := options.Binaries
	if binaries == (Binaries{}) {
		var err error
		if binaries, err = Build(); err != nil {
			return nil, err
		}
	}
	seeds := options.Sandbox
	if seeds == nil {
		seeds = new(host.Ephemeral())
	}
	if Observe != nil {
		observed := *seeds
		observed.OktaOptions = append(slices.Clone(seeds.OktaOptions), kit.WithObserver(Observe))
		observed.APIOptions = append(slices.Clone(seeds.APIOptions), kit.WithObserver(Observe))
		seeds = &observed
	}
	// The sandbox outlives the context, so that a worker that is told to stop can finish the step it is in.
	sandbox, err := host.Start(context.WithoutCancel(ctx), *seeds)
	if err != nil {
		return nil, err
	}
	r := &Rig{
		Temporal: options.Temporal, Sandbox: sandbox, TaskQueue: options.TaskQueue,
		folder: options.Folder, logs: options.LogFolder, binaries: binaries, logLevel: slog.LevelDebug, variables: options.Variables,
	}
	if r.logs == "" {
		r.logs = r.folder
	}
	if options.LogLevel != nil {
		r.logLevel = *options.LogLevel
	}
	if err := r.dial(ctx); err != nil {
		sandbox.Close()
		return nil, err
	}
	r.settings = sandbox.WorkerConfig()
	// The journals have the requests of runs alone, and no fault that is meant for a run meets another's.
	r.settings["token_check_interval"] = "0s"
	for key, value := range options.Settings {
		put(r.settings, key, value)
	}
	if err := r.StartWorker(ctx); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// dial connects the client to the Temporal server.
func (r *Rig) dial(ctx context.Context) (err error) {
	r.Client, err = temporal.Dial(ctx, temporal.Options{
		Address: r.Temporal.Address, Namespace: "default", ConfigFile: os.DevNull, Environment: noVariables{},
	})
	return err
}

// Close ends the worker and the sandbox.
func (r *Rig) Close() {
	if r.Worker != nil {
		_ = r.Worker.Stop()
	}
	r.Client.Close()
	r.Sandbox.Close()
}

// Set changes the worker's configuration for its next start.
func (r *Rig) Set(key string, value any) { put(r.settings, key, value) }

// StartWorker starts the worker and waits until it takes work.
func (r *Rig) StartWorker(ctx context.Context) (err error) {
	r.Worker, err = r.startWorker(ctx, r.WorkerConfig(), r.WorkerLog(), r.TaskQueue, r.settings)
	return err
}

// StartOtherWorker starts another worker beside the rig's, with settings of its own over the rig's. The caller ends it.
func (r *Rig) StartOtherWorker(ctx context.Context, over map[string]any) (*Process, error) {
	settings := copyOf(r.settings)
	for key, value := range over {
		put(settings, key, value)
	}
	return r.startWorker(ctx, filepath.Join(r.folder, "other.yaml"), r.WorkerLog(), r.TaskQueue, settings)
}

// StartAnotherWorker starts a worker beside the one there is, with its configuration, for a task queue, and waits until it takes work.
// Close doesn't end it.
func (r *Rig) StartAnotherWorker(ctx context.Context, taskQueue string) (*Process, error) {
	return r.startWorker(ctx, r.WorkerConfig(), filepath.Join(r.logs, "worker-"+taskQueue+".log"), taskQueue, r.settings)
}

// copyOf is a copy of settings whose maps are their own.
func copyOf(settings map[string]any) map[string]any {
	own := maps.Clone(settings)
	for key, value := range own {
		if inner, ok := value.(map[string]any); ok {
			own[key] = copyOf(inner)
		}
	}
	return own
}

func (r *Rig) startWorker(ctx context.Context, file, log, taskQueue string, settings map[string]any) (*Process, error) {
	content, err := yaml.Marshal(settings)
	if err != nil {
		return nil, fmt.Errorf("write the worker's configuration: %w", err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		return nil, fmt.Errorf("write the worker's configuration: %w", err)
	}
	process, err := startProcess(log, r.environment(), r.binaries.Worker,
		"--config", file, "--task-queue", taskQueue, "--temporal-address", r.Temporal.Address, "--log-level", r.logLevel.String())
	if err != nil {
		return nil, err
	}
	return process, process.WaitFor(ctx, working(settings))
}

// working is what a worker with the settings logs when it takes work.
func working(settings map[string]any) string {
	if log, _ := settings["log"].(map[string]any); log["format"] == "json" {
		return `"msg":"working"`
	}
	return "msg=working"
}

// WorkerConfig is the file of the worker's configuration.
func (r *Rig) WorkerConfig() string { return filepath.Join(r.folder, "worker.yaml") }

// WorkerLog is the file of the worker's log.
func (r *Rig) WorkerLog() string { return filepath.Join(r.logs, "worker.log") }

// environment is that of the processes: nothing of the machine's own Temporal, Okta or accessbridge settings.
func (r *Rig) environment() []string {
	environment := []string{
		"HOME=" + r.folder, "PATH=" + os.Getenv("PATH"), "TEMPORAL_ADDRESS=" + r.Temporal.Address, "ACCESSBRIDGE_TASK_QUEUE=" + r.TaskQueue,
		"GORACE=halt_on_error=1",
	}
	if coverFolder != "" {
		environment = append(environment, "GOCOVERDIR="+coverFolder)
	}
	return append(environment, r.variables...)
}

// Starter runs the command line to its end.
func (r *Rig) Starter(ctx context.Context, args ...string) Outcome {
	return runProcess(ctx, r.folder, r.environment(), r.binaries.Starter, args...)
}

// WorkerCommand runs a command of the worker's to its end, beside the worker.
func (r *Rig) WorkerCommand(ctx context.Context, args ...string) Outcome {
	return runProcess(ctx, r.folder, r.environment(), r.binaries.Worker, args...)
}

// ShowStarter runs the command line to its end in the folder of this process, writes what it says to the writers as it
// says it, and returns its exit code. A writer that is a terminal is one for the command line too.
func (r *Rig) ShowStarter(ctx context.Context, stdout, stderr io.Writer, args ...string) (int, error) {
	environment := append(r.environment(), "ACCESSBRIDGE_UI_URL="+r.Temporal.UIURL)
	for _, name := range []string{"TERM", "COLORTERM", "NO_COLOR"} {
		if value, set := os.LookupEnv(name); set {
			environment = append(environment, name+"="+value)
		}
	}
	return showProcess(ctx, stdout, stderr, environment, r.binaries.Starter, args...)
}

// State is everything that exists on both sides, in a form that can be compared. Which run wrote a connection's memory last is left
// out: a run that changes something and one that changes it back leave both sides as before.
func (r *Rig) State() (string, error) {
	both := map[string]any{"cloudflare": r.Sandbox.API.API.State()}
	for name, org := range r.Sandbox.Orgs {
		both["okta "+name] = org.Org.State()
	}
	text, err := json.Marshal(both)
	if err != nil {
		return "", err
	}
	var state any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // to the last digit
	if err := decoder.Decode(&state); err != nil {
		return "", err
	}
	forgetWriter(state)
	text, err = json.MarshalIndent(state, "", " ")
	return string(text), err
}

// forgetWriter takes out of every connection's memory which run wrote it.
func forgetWriter(state any) {
	switch state := state.(type) {
	case []any:
		for _, each := range state {
			forgetWriter(each)
		}
	case map[string]any:
		if memory, there := state["memory"].(map[string]any); there && state["managedBy"] != nil {
			delete(memory, "run")
			delete(memory, "started")
			delete(memory, "made_by")
		}
		for _, each := range state {
			forgetWriter(each)
		}
	}
}

// noVariables keeps the machine's own TEMPORAL_* variables out: they lead to another server.
type noVariables struct{}

// Environ is empty.
func (noVariables) Environ() []string { return nil }

// LookupEnv finds nothing.
func (noVariables) LookupEnv(string) (string, bool) { return "", false }

// put sets a value at a path of keys separated by dots.
func put(settings map[string]any, path string, value any) {
	for i := range len(path) {
		if path[i] != '.' {
			continue
		}
		inner, ok := settings[path[:i]].(map[string]any)
		if !ok {
			inner = map[string]any{}
			settings[path[:i]] = inner
		}
		put(inner, path[i+1:], value)
		return
	}
	settings[path] = value
}

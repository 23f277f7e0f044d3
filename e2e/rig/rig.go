// Package rig sets up the whole of accessbridge on this machine, each part as it really runs: Temporal's dev server, a sandbox
// with an Okta org and a Cloudflare account, the worker as a process of its own, the starter as another. The end-to-end tests
// and the measurements use it.
package rig

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/goccy/go-yaml"
	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/internal/temporal"
	"github.com/accessbridge/accessbridge/sandbox/host"
)

// Rig is one sandbox with a worker for it, on a Temporal server that may be shared with other rigs.
type Rig struct {
	Temporal *devserver.Server
	Client   client.Client
	Sandbox  *host.Sandbox
	// TaskQueue is this rig's own, so that rigs which share a server don't take each other's work.
	TaskQueue string
	Worker    *Process

	folder   string
	binaries Binaries
	settings map[string]any
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
	// Folder is for logs and configuration.
	Folder string
}

// Start sets a rig up and waits until its worker takes work.
func Start(ctx context.Context, options Options) (*Rig, error) {
	binaries, err := Build()
	if err != nil {
		return nil, err
	}
	seeds := options.Sandbox
	if seeds == nil {
		seeds = new(host.Ephemeral())
	}
	sandbox, err := host.Start(ctx, *seeds)
	if err != nil {
		return nil, err
	}
	r := &Rig{Temporal: options.Temporal, Sandbox: sandbox, TaskQueue: options.TaskQueue, folder: options.Folder, binaries: binaries}
	r.Client, err = temporal.Dial(ctx, temporal.Options{Address: options.Temporal.Address, Namespace: "default", ConfigFile: os.DevNull})
	if err != nil {
		sandbox.Close()
		return nil, err
	}
	r.settings = sandbox.WorkerConfig()
	for key, value := range options.Settings {
		put(r.settings, key, value)
	}
	if err := r.StartWorker(ctx); err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
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
func (r *Rig) StartWorker(ctx context.Context) error {
	file := filepath.Join(r.folder, "worker.yaml")
	content, err := yaml.Marshal(r.settings)
	if err != nil {
		return fmt.Errorf("write the worker's configuration: %w", err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		return fmt.Errorf("write the worker's configuration: %w", err)
	}
	r.Worker, err = startProcess(filepath.Join(r.folder, "worker.log"), r.environment(), r.binaries.Worker,
		"--config", file, "--task-queue", r.TaskQueue, "--temporal-address", r.Temporal.Address, "--log-level", slog.LevelDebug.String())
	if err != nil {
		return err
	}
	return r.Worker.WaitFor(ctx, "msg=working")
}

// environment is that of the processes: nothing of the machine's own Temporal, Okta or accessbridge settings.
func (r *Rig) environment() []string {
	return []string{
		"HOME=" + r.folder, "PATH=" + os.Getenv("PATH"), "TEMPORAL_ADDRESS=" + r.Temporal.Address, "ACCESSBRIDGE_TASK_QUEUE=" + r.TaskQueue,
		"GORACE=halt_on_error=1",
	}
}

// Starter runs the command line to its end.
func (r *Rig) Starter(ctx context.Context, args ...string) Outcome {
	return runProcess(ctx, r.folder, r.environment(), r.binaries.Starter, args...)
}

// State is everything that exists on both sides, in a form that can be compared.
func (r *Rig) State() (string, error) {
	both := map[string]any{"cloudflare": r.Sandbox.API.API.State()}
	for name, org := range r.Sandbox.Orgs {
		both["okta "+name] = org.Org.State()
	}
	text, err := json.MarshalIndent(both, "", " ")
	return string(text), err
}

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

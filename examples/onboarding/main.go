// Command onboarding is the worker of another team. It finds Temporal by the standard TEMPORAL_* variables and profiles; its
// workflow has accessbridge connect customers, on a task queue and a worker that are none of its business.
package main

import (
	"fmt"
	"log/slog"
	"os"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"github.com/accessbridge/accessbridge/examples/onboarding/onboarding"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "onboarding:", err)
		os.Exit(1)
	}
}

func run() error {
	options, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return fmt.Errorf("read Temporal's client configuration: %w", err)
	}
	options.Logger = log.NewStructuredLogger(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	server, err := client.Dial(options)
	if err != nil {
		return fmt.Errorf("reach Temporal: %w; TEMPORAL_ADDRESS says where it is", err)
	}
	defer server.Close()
	work := worker.New(server, onboarding.TaskQueue, worker.Options{})
	onboarding.Register(work, &onboarding.Services{Records: &onboarding.Records{}})
	return work.Run(worker.InterruptCh())
}

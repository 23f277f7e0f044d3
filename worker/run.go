package main

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/config"
	"github.com/accessbridge/accessbridge/internal/health"
	"github.com/accessbridge/accessbridge/internal/temporal"
	"github.com/accessbridge/accessbridge/internal/version"
	"github.com/accessbridge/accessbridge/workflows"
)

// run works until the context ends, then lets running steps finish.
func run(ctx context.Context, settings config.Config) error {
	logger := newLogger(settings)
	takeStandardLog(logger)
	for _, warning := range settings.Warnings {
		logger.Warn(warning)
	}
	logger.Info("starting", "version", version.Build(), "task_queue", settings.TaskQueue, "encryption", encryption(settings),
		"orgs", slices.Sorted(maps.Keys(settings.Orgs)), "accounts", slices.Sorted(maps.Keys(settings.Accounts)))
	measure, err := newInstruments(ctx, settings, logger)
	if err != nil {
		return err
	}
	defer measure.flush(ctx, logger)
	steps, err := newActivities(settings, logger, auditLogger(settings), measure)
	if err != nil {
		return err
	}
	tokens := health.NewTokens(settings.TokenCheckInterval, logger, credentials(settings, steps)...)
	state := health.New(tokens)
	stopServing, err := serve(settings, state, tokens, measure, logger)
	if err != nil {
		return err
	}
	defer stopServing()
	defer beside(ctx, tokens.Watch)()
	server, data, err := dial(ctx, settings, measure, logger)
	if err != nil {
		return err
	}
	defer server.Close()
	state.Connected(askTemporal(server))
	stopCounting, err := countRuns(ctx, settings, measure, server, data, logger)
	if err != nil {
		return err
	}
	defer stopCounting()
	return work(ctx, server, settings, steps, logger, state)
}

// serve serves the probes and the metrics until stop is called.
func serve(settings config.Config, state *health.Health, tokens *health.Tokens, measure instruments, logger *slog.Logger) (stop func(), err error) {
	if err := measureTokens(measure.meter, tokens); err != nil {
		return nil, err
	}
	stopProbes, err := serveHTTP("health_address", settings.HealthAddress, state.Handler(), logger)
	if err != nil {
		return nil, err
	}
	stopMetrics, err := measure.serve()
	if err != nil {
		stopProbes()
		return nil, err
	}
	return func() { stopProbes(); stopMetrics() }, nil
}

// beside runs a function beside the work, until the one that it returns is called.
func beside(ctx context.Context, watch func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() { watch(ctx) })
	return func() {
		cancel()
		group.Wait()
	}
}

// work takes work from the task queue until the context ends, then lets running steps finish.
func work(ctx context.Context, server client.Client, settings config.Config, steps *activities.Activities, logger *slog.Logger, state *health.Health) error {
	failed := make(chan error, 1)
	work := worker.New(server, settings.TaskQueue, worker.Options{
		WorkerStopTimeout: settings.ShutdownTimeout,
		Interceptors: []interceptor.WorkerInterceptor{
			&clockWatch{logger: logger, now: time.Now}, &activities.StepInterceptor{Waits: steps.Waits},
		},
		OnFatalError: func(err error) { failed <- err },
	})
	workflows.Register(work, &workflows.Workflows{Options: workflows.Options{
		Attempt: settings.Timeouts.Attempt, Heartbeat: settings.Timeouts.Heartbeat,
		InitialInterval: settings.Retry.InitialInterval, MaximumInterval: settings.Retry.MaximumInterval, Late: steps.Waits.Window(),
	}}, steps)
	if err := work.Start(); err != nil {
		return fmt.Errorf("start working on task queue %q: %w", settings.TaskQueue, err)
	}
	defer work.Stop()
	defer state.Stopping()
	logger.Info("working", "task_queue", settings.TaskQueue)
	select {
	case <-ctx.Done():
		logger.Info("stopping: running steps may finish", "within", settings.ShutdownTimeout)
		return nil
	case err := <-failed:
		return fmt.Errorf("work on task queue %q: %w", settings.TaskQueue, err)
	}
}

// encryption says whether what runs leave in Temporal is encrypted.
func encryption(settings config.Config) string {
	switch {
	case len(settings.EncryptionKeys) == 0:
		return "off"
	case settings.EncryptionRequired:
		return "required"
	default:
		return "on"
	}
}

// dial connects to Temporal, with the keys that encrypt what the runs leave there, and returns what reads that too.
func dial(ctx context.Context, settings config.Config, measure instruments, logger *slog.Logger) (client.Client, converter.DataConverter, error) {
	encryption, err := newCodec(settings, logger)
	if err != nil {
		return nil, nil, err
	}
	tracing, err := measure.traces.Temporal()
	if err != nil {
		return nil, nil, err
	}
	converters := encryption.ForWorker(settings.EncryptionRequired)
	options := temporal.Options{
		ConfigFile: settings.Temporal.ConfigFile, Profile: settings.Temporal.Profile,
		Address: settings.Temporal.Address, Namespace: settings.Temporal.Namespace,
		Logger: log.NewStructuredLogger(logger), DataConverter: converters.Data, FailureConverter: converters.Failure,
		MetricsHandler: measure.temporal, Interceptors: tracing,
	}
	resolved, err := temporal.Resolve(options)
	if err != nil {
		return nil, nil, err
	}
	for _, warning := range temporal.Exposed(options) {
		logger.Warn(warning)
	}
	if warning := temporal.Warning(resolved); warning != "" {
		logger.Warn(warning)
	}
	server, err := temporal.Dial(ctx, options)
	return server, converters.Data, err
}

// newCodec is the codec with the keys of the configuration, which follows the files that they are in.
func newCodec(settings config.Config, logger *slog.Logger) (*codec.Codec, error) {
	encryption, err := codec.New(settings.EncryptionKeys)
	if err == nil {
		encryption.Follow(settings.EncryptionKeyFiles, func(err error) { logger.Warn(err.Error()) })
	}
	return encryption, err
}

// auditLogger logs changes at the providers, whatever the level of the rest.
func auditLogger(settings config.Config) *slog.Logger {
	settings.LogLevel = min(settings.LogLevel, slog.LevelInfo)
	return newLogger(settings)
}

func newLogger(settings config.Config) *slog.Logger {
	options := &slog.HandlerOptions{Level: settings.LogLevel}
	if settings.LogFormat == config.FormatJSON {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}

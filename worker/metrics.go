package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"github.com/accessbridge/accessbridge/internal/config"
	"github.com/accessbridge/accessbridge/internal/health"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/internal/telemetry"
	"github.com/accessbridge/accessbridge/internal/version"
)

// countEvery is how often the open runs are counted.
const countEvery = 15 * time.Second

// instruments are what a worker measures with.
type instruments struct {
	meter metric.Meter
	// temporal takes what Temporal's SDK measures; nil without metrics.
	temporal client.MetricsHandler
	// serve serves what was measured until stop is called.
	serve func() (stop func(), err error)
	// traces are nil where nothing is traced.
	traces *telemetry.Traces
}

// traceTimeout bounds how long a worker that stops waits until its last spans are sent.
const traceTimeout = 5 * time.Second

// newInstruments makes them. Without metrics.listen they measure nothing, without OpenTelemetry's variables they trace nothing.
func newInstruments(ctx context.Context, settings config.Config, logger *slog.Logger) (instruments, error) {
	service := telemetry.Service("accessbridge-worker", version.Build())
	traces, err := telemetry.NewTraces(ctx, service, os.Getenv, logger)
	if err != nil {
		return instruments{}, err
	}
	if settings.MetricsListen == "" {
		return instruments{meter: noop.Meter{}, traces: traces, serve: func() (func(), error) { return func() {}, nil }}, nil
	}
	metrics, err := telemetry.NewMetrics(service, logger)
	if err != nil {
		return instruments{}, err
	}
	serve := func() (func(), error) {
		return serveHTTP("metrics.listen", settings.MetricsListen, metrics.Handler(), logger)
	}
	return instruments{meter: metrics.Meter(), temporal: metrics.Temporal(), serve: serve, traces: traces}, nil
}

// flush sends the spans that aren't sent yet.
func (i instruments) flush(ctx context.Context, logger *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), traceTimeout)
	defer cancel()
	if err := i.traces.Shutdown(ctx); err != nil {
		logger.Warn("the last traces can't be sent: " + err.Error())
	}
}

// measureTokens measures which credentials work. One that isn't known yet is left out.
func measureTokens(meter metric.Meter, tokens *health.Tokens) error {
	_, err := meter.Int64ObservableGauge("accessbridge.credential.working",
		metric.WithDescription("Whether the provider accepts an API token: 1 or 0."),
		metric.WithInt64Callback(func(_ context.Context, observer metric.Int64Observer) error {
			for key, works := range tokens.Working() {
				value := int64(0)
				if works {
					value = 1
				}
				observer.Observe(value, metric.WithAttributes(attribute.String("credential", key)))
			}
			return nil
		}))
	if err != nil {
		return fmt.Errorf("measure the credentials: %w", err)
	}
	return nil
}

// countRuns counts the open runs until the function that it returns is called. Without metrics it does nothing.
func countRuns(ctx context.Context, settings config.Config, measure instruments, server client.Client, data converter.DataConverter, logger *slog.Logger) (stop func(), err error) {
	if settings.MetricsListen == "" {
		return func() {}, nil
	}
	listed := runs.New(server, runs.Options{TaskQueue: settings.TaskQueue, DataConverter: data})
	open, err := telemetry.NewOpenRuns(measure.meter, countEvery, listed.ListOpen, logger)
	if err != nil {
		return nil, err
	}
	return beside(ctx, open.Watch), nil
}

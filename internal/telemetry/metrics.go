// Package telemetry is what a worker measures, in OpenTelemetry's terms, and how that gets out of it.
package telemetry

import (
	"fmt"
	"log/slog"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/opentelemetry"
)

// Metrics are what a worker measures. Prometheus reads them.
type Metrics struct {
	registry *prometheus.Registry
	provider *sdkmetric.MeterProvider
	logger   *slog.Logger
}

// seconds are the bounds of every histogram of a duration: from an answer out of a cache to a step that is at its time-out.
var seconds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60}

// NewMetrics makes the metrics of a program of this name and version.
func NewMetrics(service *resource.Resource, logger *slog.Logger) (*Metrics, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	reader, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo())
	if err != nil {
		return nil, fmt.Errorf("set up the metrics: %w", err)
	}
	durations := sdkmetric.NewView(
		sdkmetric.Instrument{Kind: sdkmetric.InstrumentKindHistogram, Unit: "s"},
		sdkmetric.Stream{Aggregation: sdkmetric.AggregationExplicitBucketHistogram{Boundaries: seconds}},
	)
	provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader), sdkmetric.WithView(durations), sdkmetric.WithResource(service))
	return &Metrics{registry: registry, provider: provider, logger: logger}, nil
}

// Meter makes instruments of our own.
func (m *Metrics) Meter() metric.Meter { return m.provider.Meter("accessbridge") }

// Temporal takes what Temporal's SDK and the workflows measure.
func (m *Metrics) Temporal() client.MetricsHandler {
	return opentelemetry.NewMetricsHandler(opentelemetry.MetricsHandlerOptions{
		Meter: m.provider.Meter("temporal-sdk-go"), UseMonotonicCounters: true,
		OnError: func(err error) { m.logger.Warn("a metric is left out: " + err.Error()) },
	})
}

// Handler serves GET /metrics, in the formats that Prometheus reads.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		EnableOpenMetrics: true, ErrorLog: slog.NewLogLogger(m.logger.Handler(), slog.LevelWarn),
	}))
	return mux
}

package transport

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
)

// The names of what is measured. Prometheus has them with underscores and their unit.
const (
	metricDuration  = "accessbridge.provider.request.duration"
	metricRemaining = "accessbridge.provider.rate_limit.remaining"
	metricHeldBack  = "accessbridge.provider.held_back"
)

// succeeded is the result of a request that did. All others are kinds of failure.
const succeeded = "ok"

// meters measure requests. Nothing that is measured is told apart by an id: there are few endpoints, results and buckets.
type meters struct {
	duration  metric.Float64Histogram
	remaining metric.Int64Gauge
	heldBack  metric.Int64Counter
	owner     []attribute.KeyValue
}

func newMeters(dialect Dialect, options Options) meters {
	meter := options.Meter
	if meter == nil {
		meter = noop.Meter{}
	}
	m := meters{owner: []attribute.KeyValue{attribute.String("provider", dialect.Provider), attribute.String("owner", options.Owner)}}
	var failures [3]error
	m.duration, failures[0] = meter.Float64Histogram(metricDuration, metric.WithUnit("s"), metric.WithDescription("Requests to a provider, by what they were for and what came of them."))
	m.remaining, failures[1] = meter.Int64Gauge(metricRemaining, metric.WithDescription("Requests that a provider's rate limit had left when it last said so."))
	m.heldBack, failures[2] = meter.Int64Counter(metricHeldBack, metric.WithDescription("Requests that were not sent because a rate limit had nothing left."))
	for _, err := range failures {
		if err != nil { // a name or a unit that is malformed; the instrument measures nothing
			options.Logger.Warn("a metric is left out", slog.String("error", err.Error()))
		}
	}
	return m
}

// request measures one request that was sent.
func (m meters) request(ctx context.Context, method, endpoint string, took time.Duration, err error) {
	result := succeeded
	if failure := As(err); failure != nil {
		result = string(failure.Kind)
	}
	m.duration.Record(ctx, took.Seconds(), metric.WithAttributes(
		m.owner[0], attribute.String("method", method), attribute.String("endpoint", endpoint), attribute.String("result", result),
	))
}

// limit measures what an answer says of a rate limit.
func (m meters) limit(ctx context.Context, bucket string, header http.Header, limit func(http.Header) (int, time.Duration)) {
	if left, _ := limit(header); left >= 0 {
		m.remaining.Record(ctx, int64(left), metric.WithAttributes(m.bucket(bucket)...))
	}
}

// held measures a request that was not sent.
func (m meters) held(ctx context.Context, bucket string) {
	m.heldBack.Add(ctx, 1, metric.WithAttributes(m.bucket(bucket)...))
}

func (m meters) bucket(bucket string) []attribute.KeyValue {
	return append(m.owner[:len(m.owner):len(m.owner)], attribute.String("bucket", bucket))
}

package telemetry

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.temporal.io/sdk/contrib/opentelemetry"
	"go.temporal.io/sdk/interceptor"
)

// Traces are the spans of a worker, on their way to a collector.
type Traces struct{ provider *sdktrace.TracerProvider }

// NewTraces sends spans where OpenTelemetry's own variables say: OTEL_EXPORTER_OTLP_ENDPOINT and its like, which the exporters read. Without
// them it is nil: nothing is traced.
func NewTraces(ctx context.Context, service *resource.Resource, variable func(string) string, logger *slog.Logger) (*Traces, error) {
	wanted, err := tracing(variable)
	if err != nil || !wanted {
		return nil, err
	}
	exporter, err := newExporter(ctx, variable)
	if err != nil {
		return nil, fmt.Errorf("set up traces: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { logger.Warn("traces can't be sent: " + err.Error()) }))
	return &Traces{sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(service))}, nil
}

// tracing reports whether the variables ask for traces. Where nothing says which exporter to use, an endpoint does.
func tracing(variable func(string) string) (bool, error) {
	if strings.EqualFold(variable("OTEL_SDK_DISABLED"), "true") {
		return false, nil
	}
	switch exporter := variable("OTEL_TRACES_EXPORTER"); exporter {
	case "otlp":
		return true, nil
	case "none":
		return false, nil
	case "":
		return variable("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != "", nil
	default:
		return false, fmt.Errorf("OTEL_TRACES_EXPORTER is %q; it must be otlp or none", exporter)
	}
}

func newExporter(ctx context.Context, variable func(string) string) (sdktrace.SpanExporter, error) {
	protocol := variable("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")
	if protocol == "" {
		protocol = variable("OTEL_EXPORTER_OTLP_PROTOCOL")
	}
	switch protocol {
	case "", "http/protobuf":
		return otlptracehttp.New(ctx)
	case "grpc":
		return otlptracegrpc.New(ctx)
	default:
		return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL is %q; it must be http/protobuf or grpc", protocol)
	}
}

// Tracer makes spans of our own; nil where nothing is traced.
func (t *Traces) Tracer() trace.Tracer {
	if t == nil {
		return nil
	}
	return t.provider.Tracer("accessbridge")
}

// Temporal makes spans of workflows and steps; none where nothing is traced.
func (t *Traces) Temporal() ([]interceptor.ClientInterceptor, error) {
	if t == nil {
		return nil, nil
	}
	tracing, err := opentelemetry.NewTracingInterceptor(opentelemetry.TracerOptions{Tracer: t.provider.Tracer("temporal-sdk-go")})
	if err != nil {
		return nil, fmt.Errorf("set up traces: %w", err)
	}
	return []interceptor.ClientInterceptor{tracing}, nil
}

// Shutdown sends what isn't sent yet.
func (t *Traces) Shutdown(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

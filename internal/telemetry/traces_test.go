package telemetry

import (
	"log/slog"
	"strings"
	"testing"
)

func TestTraces_OpenTelemetrysVariables_SayWhetherAndHow(t *testing.T) {
	t.Parallel()
	const endpoint = "http://127.0.0.1:4318"
	for name, test := range map[string]struct {
		variables map[string]string
		wanted    bool
		err       string
	}{
		"nothing is set":      {nil, false, ""},
		"an endpoint":         {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}, true, ""},
		"an endpoint for all": {map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": endpoint}, true, ""},
		"the exporter":        {map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}, true, ""},
		"none":                {map[string]string{"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint}, false, ""},
		"disabled":            {map[string]string{"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "otlp"}, false, ""},
		"gRPC":                {map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, true, ""},
		"gRPC for traces":     {map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}, true, ""},
		"another protocol":    {map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}, false, "must be http/protobuf or grpc"},
		"another exporter":    {map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}, false, "must be otlp or none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			traces, err := NewTraces(t.Context(), Service("test", "v1"), func(name string) string { return test.variables[name] }, slog.New(slog.DiscardHandler))
			switch {
			case test.err != "":
				if err == nil || !strings.Contains(err.Error(), test.err) {
					t.Errorf("the error is %v, want %q", err, test.err)
				}
			case err != nil, (traces != nil) != test.wanted:
				t.Errorf("traced: %t, want %t, %v", traces != nil, test.wanted, err)
			}
			if err := traces.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

package transport

import (
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// tracer makes spans of requests; those of a process without traces go nowhere.
func tracer(options Options) trace.Tracer {
	if options.Tracer == nil {
		return noop.Tracer{}
	}
	return options.Tracer
}

// span begins the span of a request. The provider isn't told of it: no header of ours goes there.
func (t *roundTripper) span(request *http.Request, endpoint string) trace.Span {
	_, span := t.tracer.Start(request.Context(), request.Method+" "+endpoint, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("http.request.method", request.Method), attribute.String("url.template", endpoint),
		attribute.String("server.address", request.URL.Host), attribute.String("accessbridge.owner", t.options.Owner),
	))
	return span
}

// endSpan ends it with what came of the request.
func endSpan(span trace.Span, response *http.Response, err error) {
	defer span.End()
	failure := As(err)
	switch {
	case failure != nil:
		span.SetAttributes(attribute.Int("http.response.status_code", failure.Status), attribute.String("error.type", string(failure.Kind)))
		span.SetStatus(codes.Error, string(failure.Kind))
	case response != nil:
		span.SetAttributes(attribute.Int("http.response.status_code", response.StatusCode))
	}
}

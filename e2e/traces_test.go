package e2e

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector takes spans, as a collector of OpenTelemetry does.
type collector struct {
	*httptest.Server
	mutex sync.Mutex
	spans []*tracepb.Span
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := c.take(r); err != nil {
			t.Errorf("%s %s: %v", r.Method, r.URL.Path, err)
			w.WriteHeader(http.StatusBadRequest)
		}
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *collector) take(r *http.Request) error {
	reader := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unpacked, err := gzip.NewReader(r.Body)
		if err != nil {
			return err
		}
		reader = unpacked
	}
	body, err := io.ReadAll(reader)
	if err != nil {
		return err
	}
	var request collectorpb.ExportTraceServiceRequest
	if err := proto.Unmarshal(body, &request); err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, resource := range request.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
	return nil
}

// above are the names of a span and of those that it is in, from the innermost.
func (c *collector) above(span *tracepb.Span) (names []string) {
	for span != nil {
		names = append(names, span.GetName())
		var parent *tracepb.Span
		for _, each := range c.spans {
			if string(each.GetSpanId()) == string(span.GetParentSpanId()) && string(each.GetTraceId()) == string(span.GetTraceId()) {
				parent = each
			}
		}
		span = parent
	}
	return names
}

// TestTraces_OfARun_HaveTheRequestsInTheStepsInTheWorkflow, once OpenTelemetry's own variable says where they go. What is not sent when the
// worker stops is sent then.
func TestTraces_OfARun_HaveTheRequestsInTheStepsInTheWorkflow(t *testing.T) {
	t.Parallel()
	c := newCollector(t)
	b := setUpOn(t, server, nil, nil, "OTEL_EXPORTER_OTLP_ENDPOINT="+c.URL)
	b.connect(b.spec())
	if err := b.Worker.Stop(); err != nil {
		t.Fatal(err)
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	chains := map[string]int{}
	for _, span := range c.spans {
		chains[strings.Join(c.above(span), " < ")]++
		if text := span.String(); strings.Contains(text, "client_secret") || strings.Contains(text, b.Sandbox.Orgs["acme"].Token) {
			t.Errorf("a span shows a secret: %s", text)
		}
	}
	for chain, want := range map[string]int{
		"POST /api/v1/apps < RunActivity:CreateOktaApp < StartActivity:CreateOktaApp < RunWorkflow:Connect":                                  1,
		"PUT /api/v1/apps/{app}/groups/{group} < RunActivity:AssignGroup < StartActivity:AssignGroup < RunWorkflow:Connect":                  2,
		"POST /accounts/{account}/access/policies < RunActivity:CreateAccessPolicy < StartActivity:CreateAccessPolicy < RunWorkflow:Connect": 1,
	} {
		if chains[chain] != want {
			t.Errorf("there are %d spans %s, want %d; all are %v", chains[chain], chain, want, chains)
		}
	}
}

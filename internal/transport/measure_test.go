package transport_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// measured are the series of a metric, by their attributes, and how much each counts.
func measured(t *testing.T, reader sdkmetric.Reader, name string) map[string]int64 {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	series := map[string]int64{}
	note := func(attributes attribute.Set, value int64) {
		series[attributes.Encoded(attribute.DefaultEncoder())] = value
	}
	for _, scope := range all.ScopeMetrics {
		for _, metric := range scope.Metrics {
			if metric.Name != name {
				continue
			}
			switch data := metric.Data.(type) {
			case metricdata.Histogram[float64]:
				for _, point := range data.DataPoints {
					note(point.Attributes, int64(point.Count))
				}
			case metricdata.Gauge[int64]:
				for _, point := range data.DataPoints {
					note(point.Attributes, point.Value)
				}
			case metricdata.Sum[int64]:
				for _, point := range data.DataPoints {
					note(point.Attributes, point.Value)
				}
			}
		}
	}
	return series
}

// TestMeasure_HoweverManyIDs_HasFewSeries: one for each endpoint, method and result.
func TestMeasure_HoweverManyIDs_HasFewSeries(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Left", "0")
		if strings.HasSuffix(r.URL.Path, "3") {
			w.WriteHeader(http.StatusNotFound)
		}
		_, _ = io.WriteString(w, `{}`)
	}))
	t.Cleanup(server.Close)
	spoken := dialect
	spoken.Endpoints = transport.NewEndpoints("/", map[string]string{"/apps/{app}": "app"})
	spoken.Bucket = func(*http.Request) string { return "/apps" }
	reader := sdkmetric.NewManualReader()
	client := transport.Client(spoken, transport.Options{
		Base: server.Client().Transport, Owner: "okta.orgs.acme", Meter: sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)).Meter("test"),
	})
	for _, path := range []string{"/apps/1", "/apps/2", "/apps/3", "/elsewhere/1", "/elsewhere/2"} {
		if response, err := client.Get(server.URL + path); err == nil {
			_ = response.Body.Close()
		}
	}
	want := map[string]int64{
		"endpoint=/apps/{app},method=GET,provider=okta,result=ok":        2,
		"endpoint=/apps/{app},method=GET,provider=okta,result=not_found": 1,
		"endpoint=other,method=GET,provider=okta,result=ok":              2,
	}
	got := measured(t, reader, "accessbridge.provider.request.duration")
	for series, count := range want {
		if got[series] != count {
			t.Errorf("%s is %d, want %d; all are %v", series, got[series], count, got)
		}
	}
	if len(got) != len(want) {
		t.Errorf("there are %d series, want %d: %v", len(got), len(want), got)
	}
	if got := measured(t, reader, "accessbridge.provider.rate_limit.remaining"); len(got) != 1 || got["bucket=/apps,owner=okta.orgs.acme,provider=okta"] != 0 {
		t.Errorf("the rate limit's room is %v", got)
	}
}

// TestMeasure_HeldBackByALimit_IsCounted, and is no request.
func TestMeasure_HeldBackByALimit_IsCounted(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Left", "0")
		w.Header().Set("Reset", "1h")
		_, _ = io.WriteString(w, `{}`)
	}))
	t.Cleanup(server.Close)
	reader := sdkmetric.NewManualReader()
	client := transport.Client(dialect, transport.Options{
		Base: server.Client().Transport, Owner: "okta.orgs.acme", Meter: sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)).Meter("test"),
	})
	for range 3 {
		if response, err := client.Get(server.URL + "/a"); err == nil {
			_ = response.Body.Close()
		}
	}
	if got := measured(t, reader, "accessbridge.provider.held_back"); got["bucket=/a,owner=okta.orgs.acme,provider=okta"] != 2 {
		t.Errorf("held back are %v", got)
	}
	if got := measured(t, reader, "accessbridge.provider.request.duration"); got["endpoint=other,method=GET,provider=okta,result=ok"] != 1 {
		t.Errorf("the requests are %v", got)
	}
}

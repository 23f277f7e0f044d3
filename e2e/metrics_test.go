package e2e

import (
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// scrape reads the worker's metrics, as Prometheus does.
func (b *bench) scrape() map[string]*dto.MetricFamily {
	b.t.Helper()
	code, body := b.get("http://" + b.listening("metrics.listen") + "/metrics")
	if code != 200 {
		b.t.Fatalf("/metrics answers %d: %s", code, body)
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(body))
	if err != nil {
		b.t.Fatalf("/metrics can't be read: %v", err)
	}
	return families
}

// value adds up the series of a metric that have the labels, given as name=value; -1 where there are none.
func value(families map[string]*dto.MetricFamily, name string, labels ...string) float64 {
	total, found := 0.0, false
	for _, metric := range families[name].GetMetric() {
		has := map[string]bool{}
		for _, label := range metric.GetLabel() {
			has[label.GetName()+"="+label.GetValue()] = true
		}
		all := true
		for _, label := range labels {
			all = all && has[label]
		}
		if all {
			found = true
			total += metric.GetGauge().GetValue() + metric.GetCounter().GetValue() + float64(metric.GetHistogram().GetSampleCount())
		}
	}
	if !found {
		return -1
	}
	return total
}

func metered(t *testing.T) *bench {
	t.Helper()
	return setUpOn(t, server, map[string]any{"metrics.listen": "127.0.0.1:0", "token_check_interval": "5m"}, nil)
}

// TestMetrics_OfAWholeRun, read from a worker as Prometheus reads them.
func TestMetrics_OfAWholeRun(t *testing.T) {
	t.Parallel()
	b := metered(t)
	b.connect(b.spec())
	var families map[string]*dto.MetricFamily
	b.eventually("the run is counted", func() bool {
		families = b.scrape()
		return value(families, "accessbridge_runs_ended_total", "operation=Connect", "outcome=connected") == 1
	})
	const requests = "accessbridge_provider_request_duration_seconds"
	for name, test := range map[string]struct {
		metric string
		labels []string
		want   float64
	}{
		"a create":            {requests, []string{"provider=okta", "method=POST", "endpoint=/api/v1/apps", "result=ok"}, 1},
		"assignments":         {requests, []string{"provider=okta", "method=PUT", "endpoint=/api/v1/apps/{app}/groups/{group}", "result=ok"}, 2},
		"a policy":            {requests, []string{"provider=cloudflare", "method=POST", "endpoint=/accounts/{account}/access/policies", "result=ok"}, 1},
		"a credential":        {"accessbridge_credential_working", []string{"credential=okta.orgs.acme.api_token"}, 1},
		"no other endpoint":   {requests, []string{"endpoint=other"}, -1},
		"a step, by Temporal": {"temporal_activity_execution_latency_seconds", []string{"activity_type=CreateOktaApp"}, 1},
	} {
		if got := value(families, test.metric, test.labels...); got != test.want {
			t.Errorf("%s: %s%v is %v, want %v", name, test.metric, test.labels, got, test.want)
		}
	}
	if value(families, "accessbridge_provider_rate_limit_remaining", "owner=okta.orgs.acme", "bucket=/api/v1/apps") < 0 {
		t.Errorf("the room of Okta's rate limit isn't measured: %v", families["accessbridge_provider_rate_limit_remaining"])
	}
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				if strings.Contains(label.GetValue(), b.account()) || strings.Contains(label.GetValue(), "0oa") {
					t.Errorf("%s has an id in its label %s: %s", family.GetName(), label.GetName(), label.GetValue())
				}
			}
		}
	}
}

// TestMetrics_RunThatNeedsAnOperator_IsCountedUntilItIsResumed, by a worker that was started since, too.
func TestMetrics_RunThatNeedsAnOperator_IsCountedUntilItIsResumed(t *testing.T) {
	t.Parallel()
	b := metered(t)
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindStatus, Status: 403})
	b.okta().Inject(kit.Fault{Method: "POST", Path: "*/lifecycle/deactivate", Kind: kit.KindStatus, Status: 403})
	run := b.start(connection.ConnectWorkflow, b.spec())
	b.inState(run, connection.RunNeedsOperator)
	if got := value(b.scrape(), "accessbridge_runs_needed_operator_total", "operation=Connect"); got != 1 {
		t.Errorf("%v runs began to need an operator, want 1", got)
	}
	b.restartWorker()
	waiting := func() float64 { return value(b.scrape(), "accessbridge_runs_open", "state=needs_operator") }
	b.eventually("the waiting run is counted", func() bool { return waiting() == 1 })
	families := b.scrape()
	if age := value(families, "accessbridge_runs_oldest_needing_operator_age_seconds"); age <= 0 || age > patience.Seconds() {
		t.Errorf("the oldest run waits for %v seconds", age)
	}
	if again := value(families, "accessbridge_runs_needed_operator_total"); again > 0 {
		t.Errorf("a replay counted the run %v times again", again)
	}
	b.okta().ClearFaults()
	if err := b.update(run, connection.ResumeUpdate); err != nil {
		t.Fatal(err)
	}
	b.failure(run, connection.ErrorRolledBack)
	b.eventually("no run waits any more", func() bool { return waiting() == 0 })
	if got := value(b.scrape(), "accessbridge_runs_ended_total", "outcome=rolled_back"); got != 1 {
		t.Errorf("%v runs were rolled back, want 1", got)
	}
}

package e2e

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// alerts are Prometheus's rules, with the fields that it knows and no others.
type alerts struct {
	Groups []struct {
		Name  string `yaml:"name"`
		Rules []struct {
			Alert       string            `yaml:"alert"`
			Expr        string            `yaml:"expr"`
			For         string            `yaml:"for"`
			Labels      map[string]string `yaml:"labels"`
			Annotations map[string]string `yaml:"annotations"`
		} `yaml:"rules"`
	} `yaml:"groups"`
}

func readAlerts(t *testing.T) alerts {
	t.Helper()
	text, err := os.ReadFile("../deploy/prometheus/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var rules alerts
	if err := yaml.UnmarshalWithOptions(text, &rules, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return rules
}

// dashboard are the questions that the dashboard asks Prometheus, by the titles of its panels.
func dashboard(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../deploy/grafana/accessbridge.json")
	if err != nil {
		t.Fatal(err)
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &board); err != nil {
		t.Fatal(err)
	}
	expressions := map[string]string{}
	for _, panel := range board.Panels {
		for _, target := range panel.Targets {
			expressions["panel "+panel.Title] = strings.ReplaceAll(target.Expr, "$__rate_interval", "5m")
		}
	}
	return expressions
}

// TestAlerts_EachIsDocumented, with what to do.
func TestAlerts_EachIsDocumented(t *testing.T) {
	t.Parallel()
	documented, err := os.ReadFile("../docs/observability.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range readAlerts(t).Groups {
		for _, rule := range group.Rules {
			if !strings.Contains(string(documented), "| `"+rule.Alert+"` | ") {
				t.Errorf("docs/observability.md doesn't say what to do about %s", rule.Alert)
			}
			if rule.Annotations["summary"] == "" || rule.Annotations["description"] == "" || rule.Labels["severity"] == "" {
				t.Errorf("%s says too little: %+v", rule.Alert, rule)
			}
		}
	}
}

// TestAlertsAndDashboard_AskForWhatAWorkerMeasures: each name and label is in what a worker shows that has carried out a run
// and rolled it back.
func TestAlertsAndDashboard_AskForWhatAWorkerMeasures(t *testing.T) {
	t.Parallel()
	b := metered(t)
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: policiesPath, Kind: kit.KindStatus, Status: 403})
	b.failure(b.start(connection.ConnectWorkflow, b.spec()), connection.ErrorRolledBack)
	expressions := dashboard(t)
	for _, group := range readAlerts(t).Groups {
		for _, rule := range group.Rules {
			expressions["alert "+rule.Alert] = rule.Expr
		}
	}
	families := b.scrape()
	for where, expression := range expressions {
		parsed, err := parser.ParseExpr(expression)
		if err != nil {
			t.Errorf("%s: %v", where, err)
			continue
		}
		parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
			switch node := node.(type) {
			case *parser.VectorSelector:
				checkMeasured(t, where, node, families)
			case *parser.AggregateExpr:
				for _, label := range node.Grouping {
					if label != "instance" && label != "le" && !hasLabel(families, label) {
						t.Errorf("%s asks for the label %s, which no metric has", where, label)
					}
				}
			}
			return nil
		})
	}
}

// histogramPart is what Prometheus adds to the name of a histogram.
var histogramPart = regexp.MustCompile(`_(bucket|count|sum)$`)

// checkMeasured fails the test where a worker shows no metric of the name, or none with the labels.
func checkMeasured(t *testing.T, where string, selector *parser.VectorSelector, families map[string]*dto.MetricFamily) {
	t.Helper()
	name := selector.Name
	if families[name] == nil {
		name = histogramPart.ReplaceAllString(name, "")
	}
	if families[name] == nil {
		t.Errorf("%s asks for %s, which the worker doesn't show", where, selector.Name)
		return
	}
	for _, matcher := range selector.LabelMatchers {
		if matcher.Name == model.MetricNameLabel {
			continue
		}
		found := false
		for _, metric := range families[name].GetMetric() {
			for _, label := range metric.GetLabel() {
				// What matches need not have happened: a rate limit that was met, say.
				found = found || label.GetName() == matcher.Name && (matcher.Name == "result" || matcher.Matches(label.GetValue()))
			}
		}
		if !found {
			t.Errorf("%s asks for %s with %s, which the worker doesn't show", where, selector.Name, matcher)
		}
	}
}

func hasLabel(families map[string]*dto.MetricFamily, name string) bool {
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			for _, label := range metric.GetLabel() {
				if label.GetName() == name {
					return true
				}
			}
		}
	}
	return false
}

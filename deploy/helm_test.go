package deploy_test

import (
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"
)

// TestHelm_ConfiguresTheWorkerAsItExpects loads the configuration that the README shows as the worker does. What the chart makes of its values
// is tested beside it.
func TestHelm_ConfiguresTheWorkerAsItExpects(t *testing.T) {
	t.Parallel()
	var given struct{ Config map[string]any }
	_, example, _ := strings.Cut(read(t, "README.md"), "```yaml\n# my-values.yaml\n")
	example, _, _ = strings.Cut(example, "```")
	decode(t, example, &given)
	var values struct {
		Grace int `yaml:"terminationGracePeriodSeconds"`
	}
	decode(t, read(t, "helm/accessbridge/values.yaml"), &values)
	text, err := yaml.Marshal(given.Config)
	if err != nil {
		t.Fatal(err)
	}
	loaded := loadText(t, string(text), "/run/secrets/accessbridge/", nil, []string{"ACCESSBRIDGE_HEALTH_ADDRESS=:8080"})
	if grace := time.Duration(values.Grace) * time.Second; grace <= loaded.ShutdownTimeout {
		t.Errorf("a pod gets %s to stop, and the worker takes up to %s", grace, loaded.ShutdownTimeout)
	}
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

package kit

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestReadme_HasEveryKind_AndExamplesThatWork(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	for _, kind := range kinds {
		if !strings.Contains(text, "\n| `"+kind+"` |") {
			t.Errorf("no row for %s", kind)
		}
	}
	_, example, _ := strings.Cut(text, "```json\n")
	example, _, _ = strings.Cut(example, "```")
	decoder := json.NewDecoder(strings.NewReader(example))
	decoder.DisallowUnknownFields()
	var examples []Fault
	if err := decoder.Decode(&examples); err != nil || len(examples) == 0 {
		t.Fatalf("%d examples, %v", len(examples), err)
	}
	for _, fault := range examples {
		if err := fault.Validate(); err != nil {
			t.Error(err)
		}
	}
}

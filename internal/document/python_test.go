package document_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocumentation_ItsPython_Compiles checks the syntax of what a page shows in Python.
func TestDocumentation_ItsPython_Compiles(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skipf("python3 is not on PATH: %v", err)
	}
	text, err := os.ReadFile("../../docs/trigger.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(text), "```python\n")
	if len(parts) < 2 {
		t.Fatal("docs/trigger.md shows no Python: this proves nothing")
	}
	for _, part := range parts[1:] {
		shown, _, _ := strings.Cut(part, "```")
		file := filepath.Join(t.TempDir(), "shown.py")
		if err := os.WriteFile(file, []byte(shown), 0o600); err != nil {
			t.Fatal(err)
		}
		if output, err := exec.CommandContext(t.Context(), "python3", "-m", "py_compile", file).CombinedOutput(); err != nil {
			t.Errorf("docs/trigger.md shows Python that doesn't compile: %v: %s", err, output)
		}
	}
}

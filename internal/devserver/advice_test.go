package devserver_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/devserver"
)

// TestAdvice_OfADevServerThatIsNotFound_IsDone, but for what `make tools` takes minutes to build: a program stands in for it.
func TestAdvice_OfADevServerThatIsNotFound_IsDone(t *testing.T) {
	path := os.Getenv("PATH")
	maker, err := exec.LookPath("make")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	project, nowhere, installed := t.TempDir(), t.TempDir(), t.TempDir()
	program(t, filepath.Join(project, "go.mod"))
	program(t, filepath.Join(installed, "temporal"))
	for _, row := range []struct {
		advice, folder string
		ways           []func()
	}{
		{
			advice: "run `make tools`, which builds it", folder: project,
			ways: []func(){func() {
				built := filepath.Join(root, "bin", "temporal")
				plan := exec.Command(maker, "--always-make", "--dry-run", "tools", "TEMPORAL="+built)
				plan.Dir, plan.Env = root, append(os.Environ(), "PATH="+path)
				if said, err := plan.CombinedOutput(); err != nil || !strings.Contains(string(said), "-o "+filepath.Dir(built)+"/ github.com/temporalio/cli/cmd/temporal") {
					t.Fatalf("make tools would do %s (%v)", said, err)
				}
				program(t, filepath.Join(project, "bin", "temporal"))
			}},
		},
		{
			advice: "install Temporal's command line, or run this inside the project after `make tools`", folder: nowhere,
			ways: []func(){func() { t.Setenv("PATH", installed) }, func() { t.Chdir(project) }},
		},
	} {
		for i, way := range row.ways {
			t.Setenv("PATH", t.TempDir())
			t.Chdir(row.folder)
			if _, err := devserver.Binary(); err == nil || !strings.HasSuffix(err.Error(), row.advice) {
				t.Fatalf("it is not found with other advice than %q: %v", row.advice, err)
			}
			way()
			if _, err := devserver.Binary(); err != nil {
				t.Errorf("way %d: what the advice says was done, and yet: %v", i+1, err)
			}
		}
	}
}

// program makes a file that can be run.
func program(t *testing.T, file string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

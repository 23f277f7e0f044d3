package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/e2e/rig"
)

// ready are options for a demonstration beside others on this machine.
func ready(t *testing.T) options {
	t.Helper()
	t.Parallel()
	binaries, err := rig.Build()
	if err != nil {
		t.Fatal(err)
	}
	return options{freePorts: true, folder: t.TempDir(), documents: filepath.Join("..", "..", "examples"), binaries: binaries}
}

func TestDemo_ProvesEachClaim(t *testing.T) {
	options := ready(t)
	var stdout, stderr bytes.Buffer
	if err := run(t.Context(), options, &stdout, &stderr); err != nil {
		t.Fatalf("%v\n%s\n%s", err, &stdout, &stderr)
	}
	_, summary, _ := strings.Cut(stdout.String(), "What was seen")
	for _, want := range []string{
		"✓ connected: starter ended with exit code 0",
		"✓ alice@acme.example was allowed by Access",
		"✓ bob@acme.example was denied by Access",
		"✓ carol@acme.example was denied by Okta",
		"✓ the registration failed: starter ended with exit code 2",
		"✓ Okta apps made meanwhile: 1, deleted again: 1",
		"✓ both sides are as before",
	} {
		if !strings.Contains(summary, want) {
			t.Errorf("the summary doesn't say %q:\n%s", want, summary)
		}
	}
}

func TestDemo_OtherPeopleAreLetIn_Fails(t *testing.T) {
	options := ready(t)
	options.documents = t.TempDir()
	for _, name := range []string{"acme", "globex"} {
		content := "name: " + name + "\nokta:\n  assign_groups: [Support]\n" // alice is in Engineering, bob in Support
		if err := os.WriteFile(filepath.Join(options.documents, name+".yaml"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var stdout, stderr bytes.Buffer
	err := run(t.Context(), options, &stdout, &stderr)
	if err == nil || err.Error() != "2 of 7 did not happen as they should" {
		t.Errorf("got error %v\n%s", err, &stdout)
	}
	for _, want := range []string{"✗ alice@acme.example was denied by Okta", "✗ bob@acme.example was allowed by Access"} {
		if !strings.Contains(stdout.String(), want) {
			t.Errorf("the summary doesn't say %q", want)
		}
	}
	if !strings.Contains(stderr.String(), "worker.log") {
		t.Errorf("the logs aren't shown: %s", &stderr)
	}
}

func TestStay_UntilToldToStop(t *testing.T) {
	options := ready(t)
	options.stay = true
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, options, writer, io.Discard); _ = writer.Close() }()
	ui := ""
	for lines := bufio.NewScanner(reader); lines.Scan(); {
		if name, value, found := strings.Cut(strings.TrimSpace(lines.Text()), "  "); found && name == "UI" {
			ui = strings.TrimSpace(value)
		}
		if strings.Contains(lines.Text(), "Ctrl-C stops it") {
			if response, err := http.Get(ui); err != nil {
				t.Errorf("Temporal UI: %v", err)
			} else {
				_ = response.Body.Close()
			}
			cancel()
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if environment, err := os.ReadFile(filepath.Join(options.folder, "env")); err != nil || !strings.Contains(string(environment), "export TEMPORAL_ADDRESS=127.0.0.1:") {
		t.Errorf("the file for a shell: %s, %v", environment, err)
	}
	if response, err := http.Get(ui); err == nil {
		_ = response.Body.Close()
		t.Errorf("somebody still listens at %s", ui)
	}
}

package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/config"
)

// TestDial_ProfileThatOthersCanRead_IsWarnedOf before Temporal is reached.
func TestDial_ProfileThatOthersCanRead_IsWarnedOf(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "temporal.toml")
	if err := os.WriteFile(file, []byte("[profile.default]\naddress = \"127.0.0.1:1\"\napi_key = \"s3cret-of-temporal\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(file, 0o640); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var logged bytes.Buffer
	if server, _, err := dial(ctx, config.Config{Temporal: config.Temporal{ConfigFile: file}}, instruments{}, slog.New(slog.NewTextHandler(&logged, nil))); err == nil {
		server.Close()
		t.Fatal("it reaches Temporal")
	}
	if got := logged.String(); !strings.Contains(got, "level=WARN") || !strings.Contains(got, "run: chmod g-r "+file) || strings.Contains(got, "s3cret") {
		t.Errorf("the log is %q", got)
	}
}

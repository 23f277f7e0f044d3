package main

import (
	"bytes"
	"context"
	"log"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/config"
)

func TestStandardLog_WhatLibrariesQuote_IsNotShown(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`Unsolicited response received on idle HTTP channel starting with "s3cret\"s3cret"; err=<nil>`: "library: a server sent more than it was asked for; the connection was closed",
		"Unsolicited response received on idle HTTP channel starting with s3cret":                      "library: a server sent more than it was asked for; the connection was closed",
		`http2: bad header "s3cret", "s3cret \" s3cret"`:                                               `library: http2: bad header "…", "…"`,
		`http2: cut "s3cret`:          `library: http2: cut "…"`,
		`http2: cut "s3cret\`:         `library: http2: cut "…"`,
		"http: panic serving\ns3cret": "library: http: panic serving",
		"nothing special":             "library: nothing special",
	} {
		var written bytes.Buffer
		logger := log.New(standardLog{slog.New(slog.NewJSONHandler(&written, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key != slog.MessageKey {
				return slog.Attr{}
			}
			return slog.String(slog.MessageKey, "<"+a.Value.String()+">")
		}}))}, "", 0)
		logger.Print(line)
		got := strings.NewReplacer(`\"`, `"`, `{"msg":"<`, "", ">\"}\n", "").Replace(written.String())
		if got != want {
			t.Errorf("%q is logged as %q, want %q", line, got, want)
		}
	}
}

// TestRun_TakesTheStandardLog isn't parallel: there is one standard logger.
func TestRun_TakesTheStandardLog(t *testing.T) {
	before := log.Writer()
	t.Cleanup(func() { log.SetOutput(before) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := run(ctx, config.Config{Temporal: config.Temporal{Address: "127.0.0.1:1"}}); err == nil {
		t.Error("the worker runs without Temporal")
	}
	if _, taken := log.Writer().(standardLog); !taken {
		t.Errorf("the standard logger writes to %T", log.Writer())
	}
}

func TestRefuseDebugging_OnlyWhatLogsTokens(t *testing.T) {
	t.Parallel()
	for godebug, refused := range map[string]bool{
		"": false, "http2debug=0": false, "http2client=0": false, "http2debug=1": true, "http2debug=2": true, "netdns=go,http2debug=2": true,
	} {
		if err := refuseDebugging(godebug); (err != nil) != refused {
			t.Errorf("GODEBUG=%s: %v", godebug, err)
		}
	}
}

// TestMain lets a test run this program as the worker.
func TestMain(m *testing.M) {
	if os.Getenv("RUN_AS_WORKER") == "yes" {
		os.Args = []string{"worker", "--log-level", "loud"}
		main()
		return
	}
	os.Exit(m.Run())
}

func TestWorker_WithHTTP2Debug_RefusesToStart(t *testing.T) {
	t.Parallel()
	for godebug, want := range map[string]string{"http2debug=2": "take http2debug out of it", "": "log.level"} {
		worker := exec.CommandContext(t.Context(), os.Args[0])
		worker.Env = append(os.Environ(), "RUN_AS_WORKER=yes", "GODEBUG="+godebug)
		output, err := worker.CombinedOutput()
		if err == nil || !strings.Contains(string(output), want) {
			t.Errorf("GODEBUG=%s: %v, %s", godebug, err, output)
		}
	}
}

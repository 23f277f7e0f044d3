package main

import (
	"testing"

	"github.com/accessbridge/accessbridge/internal/runs"
)

func TestDeriveUI_FindsTheUIBesideTheServer(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"localhost:7233":                    "http://localhost:8233",
		"127.0.0.1:7300":                    "http://localhost:8300",
		"[::1]:7233":                        "http://localhost:8233",
		"acme.a1b2c.tmprl.cloud:7233":       "https://cloud.temporal.io",
		"eu-west-1.aws.api.temporal.io:443": "https://cloud.temporal.io",
		"temporal.internal:7233":            "",
		"nonsense":                          "",
	} {
		if got := deriveUI(address); got != want {
			t.Errorf("deriveUI(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestLink_EscapesTheWorkflowID(t *testing.T) {
	t.Parallel()
	session := &session{uiURL: "https://ui.example", namespace: "default"}
	status := runs.Status{WorkflowID: "accessbridge/acme", RunID: "run-1"}
	if got, want := session.link(status), "https://ui.example/namespaces/default/workflows/accessbridge%2Facme/run-1/history"; got != want {
		t.Errorf("link = %q, want %q", got, want)
	}
}

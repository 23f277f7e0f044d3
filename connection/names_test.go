package connection_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/connection"
)

func TestNameFromWorkflowID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		connection.WorkflowID("acme"): "acme", connection.PlanWorkflowID("acme"): "", "other/acme": "", "": "",
	} {
		if got := connection.NameFromWorkflowID(id); got != want {
			t.Errorf("NameFromWorkflowID(%q) is %q, want %q", id, got, want)
		}
	}
}

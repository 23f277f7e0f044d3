package connection_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/connection"
)

func TestNameFromWorkflowID(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		connection.WorkflowID("acme"): "acme", connection.PlanWorkflowID("acme"): "", "other/acme": "", "": "",
		"accessbridge/application/0123456789abcdef0123456789abcdef/f174e90a-fafe-4643-bbbc-4a0ed4fc8415": "", // a turn
	} {
		if got := connection.NameFromWorkflowID(id); got != want {
			t.Errorf("NameFromWorkflowID(%q) is %q, want %q", id, got, want)
		}
	}
}

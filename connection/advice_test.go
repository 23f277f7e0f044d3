package connection_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/connection"
)

// TestAdvice_OfADocumentThatNoFileHolds_IsDone is about what a document in a file can't have; the rest is done in internal/document.
func TestAdvice_OfADocumentThatNoFileHolds_IsDone(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		advice       string
		wrong, right func(*connection.Spec)
	}{
		{
			advice: "write it in UTF-8",
			wrong:  func(spec *connection.Spec) { spec.Policy.Name = "B\xfcro" },
			right:  func(spec *connection.Spec) { spec.Policy.Name = "Büro" },
		},
	} {
		spec := valid()
		row.wrong(&spec)
		if err := spec.Validate(); err == nil || !strings.HasSuffix(err.Error(), row.advice) {
			t.Errorf("it is refused with other advice than %q: %v", row.advice, err)
		}
		row.right(&spec)
		if err := spec.Validate(); err != nil {
			t.Errorf("%s: it was done, and yet: %v", row.advice, err)
		}
	}
}

package okta_test

import (
	"os"
	"testing"

	"github.com/accessbridge/accessbridge/sandbox/conformance"
)

// TestMain fails the package where an answer that its tests got differs from Okta's own description.
func TestMain(m *testing.M) { os.Exit(conformance.Report(m.Run())) }

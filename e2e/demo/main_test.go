package main

import (
	"os"
	"testing"

	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/sandbox/conformance"
)

// TestMain fails the package where an answer of the sandbox differs from the providers' descriptions.
func TestMain(m *testing.M) {
	rig.Observe = conformance.Observer()
	os.Exit(conformance.Report(m.Run()))
}

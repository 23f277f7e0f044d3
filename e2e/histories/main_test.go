// Package histories tests the promise under what nobody thought of: random sequences of runs, edits, faults, cancellations and
// changes that somebody makes by hand at either side, held against a small model after each step. What it finds stays as a
// test of its own in found_test.go.
//
// More sequences: go test ./e2e/histories -rapid.checks 200. One again: -rapid.seed with the number that a failure prints.
package histories

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/sandbox/conformance"
)

// forRandom and forFound are the rigs of the two tests here, which run at the same time: each sequence resets its rig.
var forRandom, forFound *rig.Rig

// few are the sequences of a test run that doesn't say how many, the steps of each on average, and the seed, so that a change is judged
// by the same sequences as the one before.
var few = map[string]string{"rapid.checks": "6", "rapid.steps": "10", "rapid.seed": "20261125"}

func TestMain(m *testing.M) {
	flag.Parse()
	flag.Visit(func(given *flag.Flag) { delete(few, given.Name) })
	for name, value := range few {
		if err := flag.Set(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(withRigs(m))
}

// quick are settings fit for a test.
var quick = rig.Quick(map[string]any{"retry.initial_interval": "10ms", "retry.maximum_interval": "50ms", "timeouts.heartbeat": "300ms"})

func withRigs(m *testing.M) int {
	rig.Observe = conformance.Observer()
	fail := func(err error) int {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	server, err := devserver.Start(context.Background(), devserver.Options{})
	if err != nil {
		return fail(err)
	}
	defer func() { _ = server.Stop() }()
	folder, err := os.MkdirTemp("", "histories-")
	if err != nil {
		return fail(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	for name, each := range map[string]**rig.Rig{"random": &forRandom, "found": &forFound} {
		own := filepath.Join(folder, name)
		if err := os.Mkdir(own, 0o700); err != nil {
			return fail(err)
		}
		started, err := rig.Start(context.Background(), rig.Options{Temporal: server, TaskQueue: name, Settings: quick, Folder: own})
		if err != nil {
			return fail(err)
		}
		defer started.Close()
		*each = started
	}
	return conformance.Report(m.Run())
}

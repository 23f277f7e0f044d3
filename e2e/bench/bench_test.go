package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/e2e/rig"
)

// TestBench_OneRunEach says nothing about times: other tests run beside it.
func TestBench_OneRunEach(t *testing.T) {
	t.Parallel()
	binaries, err := rig.Build()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := measure(t.Context(), binaries, 1, &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	var calls, chain, run0, run100 int
	var ratio float64
	if _, err := fmt.Sscanf(lines[len(lines)-1], "bench: calls=%d chain=%d run0_ms=%d run100_ms=%d ratio100=%f", &calls, &chain, &run0, &run100, &ratio); err != nil {
		t.Fatalf("%v in the last line of:\n%s", err, &out)
	}
	if calls > 21 {
		t.Errorf("one connection takes %d calls, more than 21", calls)
	}
	if chain < 2 || chain > calls || ratio < 1 {
		t.Errorf("a chain of %d and a ratio of %.2f can't be", chain, ratio)
	}
}

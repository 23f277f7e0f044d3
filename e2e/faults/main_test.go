// Package faults proves that nothing is left behind: it takes the calls that a clean run makes from the sandbox's journal,
// and breaks a run at each of them in every way that it can break.
package faults

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/sandbox/conformance"
)

// sampleSeed chooses the sample of `make test`, so that a change is judged by the same cases as the one before. Give others with -seed.
const sampleSeed = 20261125

// Without -full, as in `make test`, a sample runs that the seed chooses.
var (
	full = flag.Bool("full", false, "run every case, and print the table")
	seed = flag.Int64("seed", sampleSeed, "what the sample and the pairs of faults are chosen by")
	most = flag.Int("cases", 0, "run no more than so many, drawn by the seed; 0 is all of them with -full, and a sample without")
	past = flag.Int("past", 0, "with -cases, pass over so many of those that are drawn: two processes can take a part each")
	only = flag.String("only", "", "run only the cases whose name contains this")
)

// report is what the matrix found; TestMain prints it last, so that the totals are the last line.
var report table

// programs are copies of the programs that no other build replaces while the matrix starts them again and again.
var programs rig.Binaries

func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(withPrograms(m))
}

func withPrograms(m *testing.M) int {
	folder, err := os.MkdirTemp("", "accessbridge-faults-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	if err := copyPrograms(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	rig.Observe = conformance.Observer()
	code := conformance.Report(m.Run())
	if *full {
		report.print(os.Stdout)
	}
	return code
}

func copyPrograms(folder string) error {
	built, err := rig.Build()
	if err != nil {
		return err
	}
	programs = rig.Binaries{Worker: filepath.Join(folder, "worker"), Starter: filepath.Join(folder, "starter")}
	for from, to := range map[string]string{built.Worker: programs.Worker, built.Starter: programs.Starter} {
		if err := copyProgram(from, to); err != nil {
			return err
		}
	}
	return nil
}

func copyProgram(from, to string) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o700)
	if err != nil {
		return err
	}
	if _, err := io.Copy(target, source); err != nil {
		target.Close()
		return err
	}
	return target.Close()
}

// background is for what must go on after a case's own time is over.
var background = context.Background()

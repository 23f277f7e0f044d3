// Command bench measures one connection with two groups, from nothing, on a real Temporal server against the sandbox: the
// calls, the longest chain of calls that wait for each other, and the time, with answers that come at once and with answers
// that take 100 ms. docs/performance.md says what the figures mean.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/internal/devserver"
)

// latency is what each call takes in the second series.
const latency = 100 * time.Millisecond

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	times := flag.Int("runs", 10, "runs to measure with each latency")
	flag.Parse()
	binaries, err := rig.Beside()
	if err == nil {
		err = measure(ctx, binaries, max(1, *times), os.Stdout)
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// measure sets everything up, measures both series and reports.
func measure(ctx context.Context, binaries rig.Binaries, times int, out io.Writer) error {
	folder, err := os.MkdirTemp("", "accessbridge-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	server, err := devserver.Start(ctx, devserver.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = server.Stop() }()
	started, err := rig.Start(ctx, rig.Options{
		Temporal: server, TaskQueue: "bench", Folder: folder, Binaries: binaries, LogLevel: new(slog.LevelInfo),
	})
	if err != nil {
		return err
	}
	defer started.Close()
	at0, err := bench{started}.series(ctx, 0, times)
	if err != nil {
		return err
	}
	at100, err := bench{started}.series(ctx, latency, times)
	if err != nil {
		return err
	}
	return report(out, at0, at100)
}

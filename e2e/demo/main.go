// Command demo shows on this machine what accessbridge does, and proves it: it starts Temporal, the sandbox and a worker,
// connects an Okta org to a Cloudflare account, signs people in through the connection, and has another connection fail and
// roll back. With --stay it starts the same and leaves the trying to a person.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/accessbridge/accessbridge/e2e/rig"
)

// options say how the demonstration runs.
type options struct {
	// stay leaves everything up for a person instead of playing.
	stay bool
	// freePorts takes free ports even where the usual ones are free.
	freePorts bool
	// folder gets logs and configuration, documents has the connection documents.
	folder, documents string
	binaries          rig.Binaries
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := start(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

// start reads the command line and returns the exit code.
func start(ctx context.Context, arguments []string) int {
	var options options
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.BoolVar(&options.stay, "stay", false, "start everything, connect nothing, and stay up until Ctrl-C")
	flags.BoolVar(&options.freePorts, "free-ports", false, "listen on free ports, not on the usual ones")
	flags.StringVar(&options.folder, "folder", ".run", "where logs and configuration go")
	flags.StringVar(&options.documents, "documents", "examples", "where acme.yaml and globex.yaml are")
	if err := flags.Parse(arguments); err != nil {
		return 1
	}
	if !options.stay {
		options.folder = filepath.Join(options.folder, "demo") // beside what is up, not over it
	}
	var err error
	if options.binaries, err = rig.Beside(); err == nil {
		err = run(ctx, options, os.Stdout, os.Stderr)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		return 1
	}
	return 0
}

// run sets everything up, plays or stays, and stops what it started.
func run(ctx context.Context, options options, stdout, stderr io.Writer) error {
	stage, err := setUp(ctx, options, stdout)
	if err != nil {
		return err
	}
	if options.stay {
		err = stage.stay(ctx)
	} else {
		err = stage.play(ctx)
	}
	if err != nil && ctx.Err() == nil { // before they fill with the noise of stopping
		stage.showLogs(stderr)
	}
	stage.tearDown()
	return err
}

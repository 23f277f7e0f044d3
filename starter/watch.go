package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/internal/runs"
)

// newWatch is the command that follows a run that was started before.
func newWatch(app *application) *cobra.Command {
	var form output
	command := &cobra.Command{
		Use:   "watch NAME",
		Short: "Follow the newest run of a connection to its end",
		Long: `Follow the newest run of a connection, whoever started it, until it has ended or waits for a person. The exit code tells
how it ended.

Ctrl-C stops following: the run goes on.`,
		Example: `  starter watch acme
  starter watch acme --output json`,
		RunE: app.inSession(func(ctx context.Context, session *session, arguments []string) error {
			status, err := session.Describe(ctx, runs.Newest(arguments[0]))
			if err != nil {
				return err
			}
			app.announce(session, status)
			run := runs.Run{WorkflowID: status.WorkflowID, RunID: status.RunID}
			if status, err = app.follow(ctx, session, run, doing(status.Operation, status.Connection)); err != nil {
				return err
			}
			return app.settle(session, status, form)
		}),
	}
	app.oneName(command)
	addOutput(command, &form)
	return command
}

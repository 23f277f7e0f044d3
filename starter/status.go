package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/internal/runs"
)

// newStatus is the command that tells where a connection's newest run stands.
func newStatus(app *application) *cobra.Command {
	var form output
	command := &cobra.Command{
		Use:   "status NAME",
		Short: "Tell where the newest run of a connection stands",
		Long: `Tell where the newest run of a connection stands: its steps while it is open, what it changed or why it failed once it
has ended. A run that has ended is told of without a worker. When no worker answers for an open one, what Temporal knows by
itself is shown.`,
		Example: `  starter status acme
  starter status acme --output json | jq -r .state`,
		RunE: app.inSession(func(ctx context.Context, session *session, arguments []string) error {
			status, err := session.Status(ctx, runs.Newest(arguments[0]))
			if err != nil {
				return err
			}
			return app.answer(session, status, form)
		}),
	}
	app.oneName(command)
	addOutput(command, &form)
	return command
}

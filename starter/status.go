package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/internal/runs"
)

// newStatus is the command that tells where a connection's newest run stands.
func newStatus(app *application) *cobra.Command {
	var at place
	var form output
	command := &cobra.Command{
		Use:   "status NAME",
		Short: "Tell where the newest run of a connection stands",
		Long: `Tell where the newest run of a connection stands: its steps while it is open, what it changed or why it failed once it
has ended. A run that has ended is told of without a worker. When no worker answers for an open one, what Temporal knows by
itself is shown. Of a connection that Temporal knows no run of, a worker looks into its Okta orgs: whether it exists there.`,
		Example: `  starter status acme
  starter status acme --org acme-prod
  starter status acme --output json | jq -r .state`,
		RunE: app.inSession(func(ctx context.Context, session *session, arguments []string) error {
			status, err := session.Status(ctx, runs.Newest(arguments[0]))
			var unknown *runs.NotFoundError
			if errors.As(err, &unknown) {
				return app.existing(ctx, session, arguments[0], at, form)
			}
			if err != nil {
				return err
			}
			return app.answer(session, status, form)
		}),
	}
	app.oneName(command)
	addPlace(command, &at)
	addOutput(command, &form)
	return command
}

package main

import (
	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
)

// newDisconnect is the command that takes a connection away.
func newDisconnect(app *application) *cobra.Command {
	var file string
	var at place
	var detach bool
	var form output
	command := &cobra.Command{
		Use:   "disconnect NAME",
		Short: "Take away what a connection made on both sides",
		Long: `Start the run that takes away what is the connection's own on both sides, and follow it to its end. It is refused while
others still use the connection. What the connection found there stays; what it adopted is left with its settings as they
are, and named.

The document is the one that the connection was last connected with: as Temporal knows it, or else as the connection's Okta app
remembers it. Where neither tells it, nothing is started: give the document with -f.`,
		Example: `  starter disconnect acme
  starter disconnect acme --org acme-prod
  starter disconnect acme -f acme.yaml
  starter disconnect acme --detach`,
		RunE: func(command *cobra.Command, arguments []string) error {
			session, spec, err := app.documentOf(command.Context(), arguments, file, at)
			if err != nil {
				return err
			}
			defer session.close()
			return app.launch(command.Context(), session, connection.DisconnectWorkflow, spec, detach, form)
		},
	}
	app.oneName(command)
	addFile(command, &file, "the connection document (default: the one it was connected with)")
	addPlace(command, &at)
	command.Flags().BoolVar(&detach, "detach", false, "don't follow the run: return as soon as it has started")
	addOutput(command, &form)
	return command
}

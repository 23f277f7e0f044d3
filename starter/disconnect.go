package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
)

// newDisconnect is the command that takes a connection away.
func newDisconnect(app *application) *cobra.Command {
	var file string
	var detach bool
	var form output
	command := &cobra.Command{
		Use:   "disconnect NAME",
		Short: "Take away what a connection made on both sides",
		Long: `Start the run that takes away what is the connection's own on both sides, and follow it to its end. It is refused while
others still use the connection. What the connection found there stays; what it adopted is left with its settings as they
are, and named.

The document is the one that the connection was last connected with, as Temporal keeps it; after the namespace's retention
it has to be given with -f.`,
		Example: `  starter disconnect acme
  starter disconnect acme -f acme.yaml
  starter disconnect acme --detach`,
		RunE: func(command *cobra.Command, arguments []string) error {
			session, spec, err := app.disconnected(command.Context(), arguments[0], file)
			if err != nil {
				return err
			}
			defer session.close()
			return app.launch(command.Context(), session, connection.DisconnectWorkflow, spec, detach, form)
		},
	}
	app.oneName(command)
	addFile(command, &file, "the connection document (default: the one it was connected with)")
	command.Flags().BoolVar(&detach, "detach", false, "don't follow the run: return as soon as it has started")
	addOutput(command, &form)
	return command
}

// disconnected is the document of the connection that is to be taken away: from the file, or from its runs.
func (a *application) disconnected(ctx context.Context, name, file string) (*session, connection.Spec, error) {
	var spec connection.Spec
	var err error
	if file != "" {
		if spec, err = a.read(file); err != nil {
			return nil, spec, err
		}
		if spec.Name != name {
			return nil, spec, usage(fmt.Errorf("the document is of connection %q, not of %q", spec.Name, name))
		}
	}
	session, err := a.dial(ctx)
	if err != nil {
		return nil, spec, err
	}
	if file != "" {
		return session, spec, nil
	}
	spec, from, err := session.Document(ctx, name)
	if err != nil {
		session.close()
		return nil, spec, fmt.Errorf("%w; give the document with -f FILE", err)
	}
	a.say("Using the document of the run that started at %s (%s, run %s): Okta org %s, Cloudflare account %s", from.StartedAt.Local().Format("2006-01-02 15:04:05"),
		from.Phrase(), from.RunID, spec.Okta.Org, spec.Cloudflare.Account)
	return session, spec, nil
}

package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
)

// newCancel is the command that ends an open run.
func newCancel(app *application) *cobra.Command {
	var detach bool
	var form output
	command := &cobra.Command{
		Use:   "cancel NAME",
		Short: "Cancel the open run of a connection, which puts both sides back",
		Long: `Cancel the open run of a connection and wait until it has put both sides back as they were. The exit code is 0 when they
are, 3 when the rollback waits for a person, and 1 when the run was done before the cancellation reached it. A run that no worker has
begun is ended at once.`,
		Example: `  starter cancel acme
  starter cancel acme --detach`,
		RunE: app.inSession(func(ctx context.Context, session *session, arguments []string) error {
			return app.cancel(ctx, session, arguments[0], detach, form)
		}),
	}
	app.oneName(command)
	command.Flags().BoolVar(&detach, "detach", false, "don't wait for the rollback: return as soon as the run is told")
	addOutput(command, &form)
	return command
}

// cancel cancels the open run of a connection and waits for its rollback, unless it is to be left alone.
func (a *application) cancel(ctx context.Context, session *session, name string, detach bool, form output) error {
	run, err := session.Open(ctx, name)
	if err != nil {
		return err
	}
	if err := session.Cancel(ctx, run); err != nil {
		return err
	}
	status, err := session.Describe(ctx, run)
	if err != nil {
		return err
	}
	outlook := "putting both sides back as they were"
	if status.Operation == connection.DisconnectWorkflow {
		outlook = "a disconnect that has begun to delete goes on all the same"
	}
	a.say("Cancelling %s: %s", name, outlook)
	ended, err := session.EndUntaken(ctx, run)
	if err != nil {
		return err
	}
	if ended {
		a.say("No worker on task queue %q had begun the run: it is ended, and nothing was changed", status.TaskQueue)
		return a.untaken(ctx, session, run, form)
	}
	if detach {
		return a.answer(session, status, form)
	}
	status, err = a.follow(ctx, session, run, "Cancelling "+name)
	if err != nil {
		return err
	}
	if err := a.answer(session, status, form); err != nil {
		return err
	}
	return cancelled(status, form)
}

// untaken answers for a run that was ended before it had begun.
func (a *application) untaken(ctx context.Context, session *session, run runs.Run, form output) error {
	status, err := session.Status(ctx, run)
	if err != nil {
		return err
	}
	return a.answer(session, status, form)
}

// cancelled is the error that a cancelled run ends the process with; nil when both sides are as before.
func cancelled(status runs.Status, form output) error {
	switch status.State {
	case connection.RunCancelled, connection.RunRolledBack, connection.RunRefused:
		return nil
	case connection.RunConnected, connection.RunDisconnected:
		return &exit{exitError, fmt.Sprintf("%s was %s before the cancellation reached it; nothing was put back.", status.Connection, status.Phrase())}
	}
	return outcome(status, form)
}

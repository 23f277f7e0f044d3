package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/starter/view"
)

// newResume is the command that makes a waiting run go on.
func newResume(app *application) *cobra.Command {
	var detach bool
	var form output
	command := &cobra.Command{
		Use:   "resume NAME",
		Short: "Make a run that waits for a person try again",
		Long: `Make a run that waits for a person try again what failed, after what it needs was mended: ` + "`starter status NAME`" + ` says what
that is. Then follow it. The exit code tells how the run ended: 2 when its rollback is complete and both sides are as before,
3 when it waits again.`,
		Example: `  starter resume acme
  starter resume acme --detach`,
		RunE: func(command *cobra.Command, arguments []string) error {
			session, err := app.dial(command.Context())
			if err != nil {
				return err
			}
			defer session.close()
			return app.resume(command.Context(), session, arguments[0], detach, form)
		},
	}
	app.oneName(command)
	command.Flags().BoolVar(&detach, "detach", false, "don't follow the run: return as soon as it goes on")
	addOutput(command, &form)
	return command
}

// resume makes the open run of a connection try again, and follows it, unless it is to be left alone.
func (a *application) resume(ctx context.Context, session *session, name string, detach bool, form output) error {
	run, err := session.Open(ctx, name)
	if err != nil {
		return err
	}
	waiting, err := session.Status(ctx, run)
	if err != nil {
		return err
	}
	if needs := waiting.Failure(); needs != nil && waiting.State == connection.RunNeedsOperator {
		a.say("Trying again: %s", view.FailureText(*needs))
	}
	if err := session.Resume(ctx, run); err != nil {
		return err
	}
	if detach {
		status, err := session.Describe(ctx, run)
		if err != nil {
			return err
		}
		return a.answer(session, status, form)
	}
	status, err := a.follow(ctx, session, run, fmt.Sprintf("Resuming %s", name))
	if err != nil {
		return err
	}
	return a.settle(session, status, form)
}

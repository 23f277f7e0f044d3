package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/starter/view"
)

// decision is what a person can say to a run that waits for one.
type decision struct {
	// say tells the run; doing and following say to the person what is done.
	say              func(*session, context.Context, runs.Run) error
	doing, following string
}

// newResume is the command that makes a waiting run go on.
func newResume(app *application) *cobra.Command {
	command := &cobra.Command{
		Use:   "resume NAME",
		Short: "Make a run that waits for a person try again",
		Long: `Make a run that waits for a person try again what failed, after what it needs was mended: ` + "`starter status NAME`" + ` says what
that is. Then follow it. The exit code tells how the run ended: 2 when its rollback is complete and both sides are as before,
3 when it waits again.`,
		Example: `  starter resume acme
  starter resume acme --detach`,
	}
	return app.decides(command, decision{
		say:   func(s *session, ctx context.Context, run runs.Run) error { return s.Resume(ctx, run) },
		doing: "Trying again", following: "Resuming",
	})
}

// newRollback is the command that makes a paused run give up.
func newRollback(app *application) *cobra.Command {
	command := &cobra.Command{
		Use:   "rollback NAME",
		Short: "Make a run that is paused at a failed step put both sides back",
		Long: `Make a run that is paused at a failed step (on_failure: pause) give up and put both sides back as they were. Then follow it. A run
that is not paused is stopped with ` + "`starter cancel NAME`" + `.`,
		Example: `  starter rollback acme
  starter rollback acme --detach`,
	}
	return app.decides(command, decision{
		say:   func(s *session, ctx context.Context, run runs.Run) error { return s.Rollback(ctx, run) },
		doing: "Giving up", following: "Rolling back",
	})
}

// decides makes a command tell a waiting run what a person decided.
func (a *application) decides(command *cobra.Command, what decision) *cobra.Command {
	var detach bool
	var form output
	command.RunE = a.inSession(func(ctx context.Context, session *session, arguments []string) error {
		return a.decide(ctx, session, arguments[0], what, detach, form)
	})
	a.oneName(command)
	command.Flags().BoolVar(&detach, "detach", false, "don't follow the run: return as soon as it goes on")
	addOutput(command, &form)
	return command
}

// decide tells the open run of a connection what a person decided, and follows it, unless it is to be left alone.
func (a *application) decide(ctx context.Context, session *session, name string, what decision, detach bool, form output) error {
	run, err := session.Open(ctx, name)
	if err != nil {
		return err
	}
	waiting, err := session.Status(ctx, run)
	if err != nil {
		return err
	}
	if needs := waiting.Failure(); needs != nil && waiting.State == connection.RunNeedsOperator {
		a.say("%s: %s", what.doing, view.FailureText(*needs))
	}
	if err := what.say(session, ctx, run); err != nil {
		return err
	}
	if detach {
		status, err := session.Describe(ctx, run)
		if err != nil {
			return err
		}
		return a.answer(session, status, form)
	}
	status, err := a.follow(ctx, session, run, what.following+" "+name)
	if err != nil {
		return err
	}
	return a.settle(session, status, form)
}

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/starter/view"
)

// newPlan is the command that tells what connect would change.
func newPlan(app *application) *cobra.Command {
	var file string
	var form output
	command := &cobra.Command{
		Use:   "plan -f FILE",
		Short: "Tell what connect would change, and change nothing",
		Long: `Survey both sides and compare them with the document. Each change has a mark: + is created, ~ is updated, with its
settings before and after, - is deleted; what has no mark is as declared. Nothing is changed.

The exit code is 0 when there is nothing to change, 4 when there are changes, 2 when connect would be refused.`,
		Example: `  starter plan -f acme.yaml
  starter plan -f acme.yaml --output json | jq '.changes[] | select(.action != "unchanged")'`,
		Args: exactly("", 0, 0),
		RunE: app.withDocument(&file, func(ctx context.Context, session *session, spec connection.Spec) error {
			return app.plan(ctx, session, spec, form)
		}),
	}
	addFile(command, &file, "the connection document")
	addOutput(command, &form)
	return command
}

// plan writes the plan for a document to the standard output.
func (a *application) plan(ctx context.Context, session *session, spec connection.Spec, form output) error {
	a.warnOfMove(ctx, session, spec)
	waiting := time.AfterFunc(view.Patience, func() {
		a.say("Waiting: the plan isn't made yet; is a worker running on task queue %q?", a.settings.taskQueue)
	})
	plan, err := session.Plan(ctx, spec)
	waiting.Stop()
	if err != nil {
		return err
	}
	if form == outputJSON {
		err = view.JSON(a.stdout, plan)
	} else {
		_, err = fmt.Fprint(a.stdout, style(a.stdout).Plan(plan))
	}
	if err == nil && len(plan.Moves()) > 0 {
		return &exit{code: exitChanges}
	}
	return err
}

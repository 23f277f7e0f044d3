package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/starter/view"
)

// newPlan is the command that tells what connect would change.
func newPlan(app *application) *cobra.Command {
	var file string
	var at place
	var form output
	command := &cobra.Command{
		Use:   "plan {NAME | -f FILE}",
		Short: "Tell what connect would change, and change nothing",
		Long: `Survey both sides and compare them with the document. Each change has a mark: + is created, ~ is updated, with its
settings before and after, - is deleted; what has no mark is as declared. Nothing is changed.

With a NAME instead of a document, the document is the one that the connection was last connected with: as Temporal knows it, or else
as the connection's Okta app remembers it. The plan then tells what was changed since by others.

The exit code is 0 when there is nothing to change, 4 when there are changes, 2 when connect would be refused.`,
		Example: `  starter plan -f acme.yaml
  starter plan acme
  starter plan acme --org acme-prod
  starter plan -f acme.yaml --output json | jq '.changes[] | select(.action != "unchanged")'`,
		RunE: func(command *cobra.Command, arguments []string) error {
			session, spec, err := app.documentOf(command.Context(), arguments, file, at)
			if err != nil {
				return err
			}
			defer session.close()
			return app.plan(command.Context(), session, spec, form)
		},
	}
	app.nameOrFile(command, &file)
	addFile(command, &file, "the connection document (default: the one it was connected with)")
	addPlace(command, &at)
	addOutput(command, &form)
	return command
}

// plan writes the plan for a document to the standard output.
func (a *application) plan(ctx context.Context, session *session, spec connection.Spec, form output) error {
	a.warnIfUnpolled(ctx, session, spec.Name)
	stop := a.saysWaiting("the plan isn't made yet")
	plan, err := session.Plan(ctx, spec)
	stop()
	var refusal *runs.Refusal
	if errors.As(err, &refusal) {
		return a.refusedPlan(refusal, form)
	}
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

// refusedPlan says why connect would be refused, and what to do: to a person as connect does, to a program as its result.
func (a *application) refusedPlan(refusal *runs.Refusal, form output) error {
	text := fmt.Sprintf("Connect %s would be refused.", refusal.Result.Connection)
	if form == outputJSON {
		if err := view.JSON(a.stdout, refusal.Result); err != nil {
			return err
		}
	} else if failure := refusal.Result.Failure; failure != nil {
		text += "\n" + strings.TrimSuffix(style(a.stderr).Why(*failure), "\n")
	}
	return &exit{exitNotDone, text}
}

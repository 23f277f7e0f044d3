package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/starter/view"
)

// newList is the command that lists connections.
func newList(app *application) *cobra.Command {
	var inventory bool
	var form output
	command := &cobra.Command{
		Use:   "list",
		Short: "List the connections, each with its newest run",
		Long: `List every connection that Temporal knows a run of, with the newest run of each. Temporal forgets ended runs after the
namespace's retention: a connection that isn't listed may still exist on both sides.

With --inventory, a worker looks into every Okta org that it holds credentials of, and each connection that exists there is listed.`,
		Example: `  starter list
  starter list --inventory
  starter list --output json | jq -r '.[] | select(.open) | .connection'`,
		Args: exactly("", 0, 0),
		RunE: app.inSession(func(ctx context.Context, session *session, _ []string) error {
			statuses, err := session.List(ctx)
			if err != nil {
				return err
			}
			if inventory {
				return app.inventory(ctx, session, statuses, form)
			}
			return app.list(session, statuses, form)
		}),
	}
	command.Flags().BoolVar(&inventory, "inventory", false, "list the connections that exist in the Okta orgs that a worker holds")
	addOutput(command, &form)
	return command
}

// list writes the connections to the standard output, and says beside it which of them need a person.
func (a *application) list(session *session, statuses []runs.Status, form output) error {
	if form == outputJSON {
		answers := make([]answer, 0, len(statuses))
		for _, status := range statuses {
			answers = append(answers, answer{Status: status, URL: session.link(status)})
		}
		return view.JSON(a.stdout, answers)
	}
	if len(statuses) == 0 {
		a.say("There are no runs in namespace %q. Start one with `starter connect -f FILE`.", session.namespace)
		return nil
	}
	if _, err := fmt.Fprint(a.stdout, style(a.stdout).List(statuses, time.Now())); err != nil {
		return err
	}
	for _, status := range statuses {
		if status.Unreadable != "" {
			a.say("Where %s stands can't be read: %s.", status.Connection, status.Unreadable)
		}
		if status.State == connection.RunNeedsOperator {
			a.say("%s waits for a person.\n%s", status.Connection, style(a.stderr).Failure(status))
		}
	}
	return nil
}

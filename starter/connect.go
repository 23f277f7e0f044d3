package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
)

// newConnect is the command that connects.
func newConnect(app *application) *cobra.Command {
	var file string
	var detach bool
	var form output
	command := &cobra.Command{
		Use:   "connect -f FILE",
		Short: "Connect as the document declares, and show how far it is",
		Long: `Start the run that connects the Okta organisation to Cloudflare Access as the document declares, and follow it to its
end. Run again on a connection that is as declared, it changes nothing; after an edit of the document, it changes just
that. When a step fails for good, both sides are put back as they were.

Ctrl-C stops following: the run goes on.`,
		Example: `  starter connect -f acme.yaml
  starter connect -f acme.yaml --detach
  starter connect -f acme.yaml --output json | jq .result.test_url`,
		Args: exactly("", 0, 0),
		RunE: app.withDocument(&file, func(ctx context.Context, session *session, spec connection.Spec) error {
			return app.launch(ctx, session, connection.ConnectWorkflow, spec, detach, form)
		}),
	}
	addFile(command, &file, "the connection document")
	command.Flags().BoolVar(&detach, "detach", false, "don't follow the run: return as soon as it has started")
	addOutput(command, &form)
	return command
}

// launch starts a run for a document and follows it, unless it is to be left alone.
func (a *application) launch(ctx context.Context, session *session, workflow string, spec connection.Spec, detach bool, form output) error {
	a.warnIfUnpolled(ctx, session, spec.Name)
	run, err := session.Start(ctx, workflow, spec)
	if err != nil {
		return err
	}
	status, err := session.Describe(ctx, run)
	if err != nil {
		return err
	}
	a.announce(session, status)
	if detach {
		a.say("Follow it with `starter watch %s`.", spec.Name)
		return a.answer(session, status, form)
	}
	if status, err = a.follow(ctx, session, run, doing(workflow, spec.Name)); err != nil {
		return err
	}
	return a.settle(session, status, form)
}

// announce says which run a command is about, and where to see it.
func (a *application) announce(session *session, status runs.Status) {
	a.say("%s: workflow %s, run %s", doing(status.Operation, status.Connection), status.WorkflowID, status.RunID)
	if link := session.link(status); link != "" {
		a.say("%s", link)
	}
}

// say tells the person something beside the answer.
func (a *application) say(format string, values ...any) {
	_, _ = fmt.Fprintf(a.stderr, format+"\n", values...)
}

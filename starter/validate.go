package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newValidate is the command that checks a document without Temporal.
func newValidate(app *application) *cobra.Command {
	var file string
	command := &cobra.Command{
		Use:   "validate -f FILE",
		Short: "Check a connection document, here alone",
		Long: `Read a connection document and tell everything that is wrong with it, each with its place, what was found and what is
accepted. Neither Temporal nor a provider is asked: whether the groups exist is told by plan.`,
		Example: `  starter validate -f acme.yaml
  cat acme.yaml | starter validate -f -`,
		Args: exactly("", 0, 0),
		RunE: func(*cobra.Command, []string) error {
			spec, err := app.read(file)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(app.stdout, "The document of connection %s is valid.\n", spec.Name)
			return err
		},
	}
	addFile(command, &file, "the connection document")
	return command
}

package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/internal/version"
)

// newVersion is the command that shows what this program was built from.
func newVersion(app *application) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Show the version of this program",
		Example: `  starter version`,
		Args:    exactly("", 0, 0),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(app.stdout, version.Of("starter"))
			return err
		},
	}
}

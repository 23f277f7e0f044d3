package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/internal/document"
)

// defaultDocument is the file that init writes unless another is named.
const defaultDocument = "connection.yaml"

// newInit is the command that writes a document to start from.
func newInit(app *application) *cobra.Command {
	return &cobra.Command{
		Use:   "init [FILE]",
		Short: "Write a commented example of a connection document",
		Long: `Write a commented example of a connection document to FILE, ` + defaultDocument + ` unless it is named; "-" is the standard
output. A file that is there is not overwritten.`,
		Example: `  starter init acme.yaml
  starter init - | less`,
		Args: exactly("", 0, 1),
		RunE: func(_ *cobra.Command, arguments []string) error {
			file := defaultDocument
			if len(arguments) > 0 {
				file = arguments[0]
			}
			if file == "-" {
				_, err := fmt.Fprint(app.stdout, document.Example)
				return err
			}
			return app.writeExample(file)
		},
	}
}

// writeExample writes the example to a new file.
func (a *application) writeExample(file string) error {
	created, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s exists already, and is not overwritten: name another file, or delete it", file)
	}
	if err != nil {
		return fmt.Errorf("write the example: %w", err)
	}
	_, err = created.WriteString(document.Example)
	if err = errors.Join(err, created.Close()); err != nil {
		return fmt.Errorf("write the example to %s: %w", file, err)
	}
	_, err = fmt.Fprintf(a.stdout, "%s\n", file)
	a.say("Edit it, then: starter plan -f %s", file)
	return err
}

package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/document"
)

// addFile gives a command the flag for the connection document.
func addFile(command *cobra.Command, file *string, usage string) {
	command.Flags().StringVarP(file, "file", "f", "", usage+`; "-" is the standard input`)
	_ = command.MarkFlagFilename("file", "yaml", "yml", "json") // fails only for a flag that isn't there
}

// read reads the connection document from a file. It comes back with its defaults filled in.
func (a *application) read(file string) (connection.Spec, error) {
	if file == "" {
		return connection.Spec{}, usage(errors.New("the document is missing: give it with -f FILE"))
	}
	name, source := file, a.stdin
	if file == "-" {
		name = "standard input"
	} else {
		opened, err := os.Open(file)
		if err != nil {
			return connection.Spec{}, fmt.Errorf("read the document: %w", err)
		}
		defer func() { _ = opened.Close() }()
		source = opened
	}
	// One byte more than the largest document is enough to be refused.
	data, err := io.ReadAll(io.LimitReader(source, document.MaxSize+1))
	if err != nil {
		return connection.Spec{}, fmt.Errorf("read the document from %s: %w", name, err)
	}
	spec, err := document.Parse(data, name)
	if err != nil {
		return connection.Spec{}, fmt.Errorf("the document can't be used:\n%w", err)
	}
	return spec.WithDefaults(), nil
}

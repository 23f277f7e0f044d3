package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/spf13/cobra"
)

// completeWithin bounds how long a shell waits for names.
const completeWithin = 2 * time.Second

// nameForm is the form of a connection's name, which is part of its workflow ID.
var nameForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// oneName gives a command the connection's name as its only argument; shells complete it from the list of runs.
func (a *application) oneName(command *cobra.Command) {
	command.Args = func(command *cobra.Command, arguments []string) error {
		if err := exactly("the connection's NAME", 1, 1)(command, arguments); err != nil {
			return err
		}
		if !nameForm.MatchString(arguments[0]) {
			return usage(fmt.Errorf("%q is not a connection's name: it has lower-case letters, digits and hyphens, at most 63", arguments[0]))
		}
		return nil
	}
	a.completesNames(command)
}

// nameOrFile gives a command the connection's name as its only argument, which may be left out where a document is given.
func (a *application) nameOrFile(command *cobra.Command, file *string) {
	a.oneName(command)
	oneName := command.Args
	command.Args = func(command *cobra.Command, arguments []string) error {
		switch {
		case len(arguments) > 0:
			return oneName(command, arguments)
		case *file == "":
			return usage(errors.New("the document is missing: give it with -f FILE, or the NAME of a connection that there is"))
		}
		return nil
	}
}

// completesNames has shells complete a command's argument from the list of runs.
func (a *application) completesNames(command *cobra.Command) {
	command.ValidArgsFunction = func(command *cobra.Command, arguments []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(arguments) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return a.names(command.Context()), cobra.ShellCompDirectiveNoFileComp
	}
}

// names are the connections that there are runs of. A shell that completes has no use for an error.
func (a *application) names(ctx context.Context) []cobra.Completion {
	ctx, cancel := context.WithTimeout(ctx, completeWithin)
	defer cancel()
	session, err := a.dial(ctx)
	if err != nil {
		return nil
	}
	defer session.close()
	statuses, err := session.List(ctx)
	if err != nil {
		return nil
	}
	names := make([]cobra.Completion, 0, len(statuses))
	for _, status := range statuses {
		names = append(names, cobra.CompletionWithDesc(status.Connection, status.Phrase()))
	}
	return names
}

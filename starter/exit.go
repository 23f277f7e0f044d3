package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.temporal.io/api/serviceerror"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/starter/view"
)

// The exit codes; docs/commands.md explains them.
const (
	exitDone        = 0
	exitError       = 1
	exitNotDone     = 2
	exitWaiting     = 3
	exitChanges     = 4
	exitInterrupted = 130
)

// exit is an error that ends the process with a code of its own. Its text may be "": then all was said already.
type exit struct {
	code int
	text string
}

// Error is what the person is told.
func (e *exit) Error() string { return e.text }

// usageError tells that the command line itself is wrong.
type usageError struct{ error }

func usage(err error) error { return usageError{err} }

// isUsage tells whether the help of the command would help. Cobra's own errors about commands and flags have no type.
func isUsage(err error) bool {
	var ours usageError
	return errors.As(err, &ours) || strings.HasPrefix(err.Error(), "unknown command") || strings.HasPrefix(err.Error(), "required flag")
}

// exitCode is the code that an error ends the process with.
func exitCode(err error) int {
	var own *exit
	switch {
	case errors.As(err, &own):
		return own.code
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitError
}

// explain is an error as a person reads it, with what to do next.
func explain(err error) string {
	var own *exit
	var namespace *serviceerror.NamespaceNotFound
	var denied *serviceerror.PermissionDenied
	var open *runs.OpenError
	switch {
	case errors.As(err, &own):
		return own.text
	case errors.As(err, &open):
		return fmt.Sprintf("Error: %v.\nFollow it with `starter watch %[2]s`, or end it with `starter cancel %[2]s`, which says what becomes of both sides.", open, open.Connection)
	case errors.Is(err, context.Canceled):
		return "Interrupted."
	case errors.As(err, &namespace):
		return fmt.Sprintf("Error: %s; create the namespace, or give another with --namespace or TEMPORAL_NAMESPACE", strings.TrimSuffix(err.Error(), "."))
	case errors.As(err, &denied):
		return fmt.Sprintf("Error: %s; check the credentials: TEMPORAL_API_KEY, or the certificate of the profile", strings.TrimSuffix(err.Error(), "."))
	}
	return "Error: " + err.Error()
}

// outcome is the error that a followed run ends the process with; nil when what was asked for is done. The reasons are in a
// text answer already: they are repeated only beside one for programs.
func outcome(status runs.Status, form output) error {
	why := "."
	if failure := status.Failure(); failure != nil && form != outputText {
		why = ": " + view.FailureText(*failure)
	}
	name := status.Connection
	switch status.State {
	case connection.RunConnected, connection.RunDisconnected:
		return nil
	case connection.RunRefused:
		return &exit{exitNotDone, fmt.Sprintf("%s %s was refused, nothing was changed%s", status.Operation, name, why)}
	case connection.RunRolledBack:
		return &exit{exitNotDone, fmt.Sprintf("%s %s failed, both sides are as before%s", status.Operation, name, why)}
	case connection.RunSuperseded:
		return &exit{exitNotDone, fmt.Sprintf("%s %s was reset, and a later run has changed the connection since: it changed nothing more%s", status.Operation, name, why)}
	case connection.RunCancelled:
		return &exit{exitNotDone, fmt.Sprintf("%s %s was cancelled, both sides are as before.", status.Operation, name)}
	case connection.RunNeedsOperator:
		return &exit{exitWaiting, fmt.Sprintf("%s %s waits for a person%s\nFix what it names, then: starter resume %s", status.Operation, name, why, name)}
	}
	return &exit{exitError, fmt.Sprintf("%s %s ended without saying where both sides stand (%s): %s.", status.Operation, name, status.Phrase(), view.LookAgain(name))}
}

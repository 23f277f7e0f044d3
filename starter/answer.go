package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/starter/view"
)

// output is the form of a command's answer.
type output string

const (
	outputText output = "text"
	outputJSON output = "json"
)

// String is the form's name.
func (o *output) String() string { return string(*o) }

// Set takes a form's name.
func (o *output) Set(name string) error {
	if name != string(outputText) && name != string(outputJSON) {
		return fmt.Errorf("it must be %s or %s", outputText, outputJSON)
	}
	*o = output(name)
	return nil
}

// Type is what help calls the flag's value.
func (o *output) Type() string { return "text|json" }

// addOutput gives a command the flag for the form of its answer.
func addOutput(command *cobra.Command, form *output) {
	*form = outputText
	command.Flags().VarP(form, "output", "o", "form of the answer")
	_ = command.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{string(outputText), string(outputJSON)}, cobra.ShellCompDirectiveNoFileComp))
}

// answer is a run as programs read it.
type answer struct {
	runs.Status
	// URL is the run's page in Temporal UI.
	URL string `json:"url,omitempty"`
}

// answer writes where a run stands to the standard output.
func (a *application) answer(session *session, status runs.Status, form output) error {
	link := session.link(status)
	if form == outputJSON {
		return view.JSON(a.stdout, answer{Status: status, URL: link})
	}
	_, err := fmt.Fprint(a.stdout, style(a.stdout).Summary(status, link, time.Now()))
	return err
}

// settle answers for a run that was followed, and returns the error that its state ends the process with.
func (a *application) settle(session *session, status runs.Status, form output) error {
	if err := a.answer(session, status, form); err != nil {
		return err
	}
	return outcome(status, form)
}

// doing is what an operation is called while it goes on.
func doing(operation, name string) string {
	if operation == connection.DisconnectWorkflow {
		return "Disconnecting " + name
	}
	return "Connecting " + name
}

package main

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/starter/view"
)

// follow shows a run until it has ended or waits for a person: live on a terminal, else a line for each step.
func (a *application) follow(ctx context.Context, session *session, run runs.Run, title string) (runs.Status, error) {
	followed := a.followLines
	if style(a.stderr).Colours {
		followed = a.followLive
	}
	status, err := followed(ctx, session, run, title)
	// What a call to Temporal ends with when it is interrupted is not always context.Canceled.
	if err != nil && ctx.Err() != nil {
		return status, detached(run)
	}
	return status, err
}

// detached says that the person left, and that the run didn't.
func detached(run runs.Run) error {
	name := connection.NameFromWorkflowID(run.WorkflowID)
	return &exit{exitInterrupted, fmt.Sprintf("The run of %s goes on without you.\nFollow it again: starter watch %[1]s\nEnd it:          starter cancel %[1]s", name)}
}

// followLines prints what is new about the run, line by line.
func (a *application) followLines(ctx context.Context, session *session, run runs.Run, _ string) (runs.Status, error) {
	journal := view.Journal{Style: style(a.stderr)}
	return session.Watch(ctx, run, func(status runs.Status) {
		for _, line := range journal.News(status, time.Now()) {
			_, _ = fmt.Fprintln(a.stderr, line)
		}
	})
}

// plainTerminal is what the live view is told of the terminal. It doesn't read keys, so that Ctrl-C stays the signal that
// it is: so it must ask the terminal nothing either, or the answers would end up in the person's shell. A terminal that
// is reached over SSH isn't asked, and one of the oldest kind is sent only what all of them know.
var plainTerminal = []string{"TERM=ansi", "SSH_TTY=none"}

// followLive shows the steps that run with a spinner each, below the lines of those that have ended.
func (a *application) followLive(ctx context.Context, session *session, run runs.Run, title string) (runs.Status, error) {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	// An interruption ends the watching, and its end the program: so it takes its leave of the terminal properly.
	programContext, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	program := tea.NewProgram(view.NewLive(title, style(a.stderr), time.Now), tea.WithContext(programContext), tea.WithOutput(a.stderr),
		tea.WithInput(nil), tea.WithoutSignalHandler(), tea.WithEnvironment(plainTerminal), tea.WithColorProfile(colorprofile.ANSI))

	type followed struct {
		status runs.Status
		err    error
	}
	done := make(chan followed, 1)
	go func() {
		status, err := session.Watch(ctx, run, func(status runs.Status) { program.Send(view.StatusMessage(status)) })
		program.Send(view.EndMessage{})
		done <- followed{status, err}
	}()
	last, err := program.Run()
	leave() // where the program ended by a fault of its own, the run is still being watched
	stop()
	result := <-done
	if live, ok := last.(view.Live); ok {
		for _, line := range live.Lines() {
			a.say("%s", line)
		}
	}
	if err != nil {
		return result.status, fmt.Errorf("show the run live: %w", err)
	}
	return result.status, result.err
}

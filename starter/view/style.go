package view

import (
	"charm.land/lipgloss/v2"

	"github.com/accessbridge/accessbridge/connection"
)

// Style colours words, or leaves them as they are where the output is no terminal or the person wants no colours.
type Style struct{ Colours bool }

// The colours of the sixteen that every terminal has, so that a person's own theme decides how they look.
var (
	good    = lipgloss.NewStyle().Foreground(lipgloss.Green)
	bad     = lipgloss.NewStyle().Foreground(lipgloss.Red)
	warning = lipgloss.NewStyle().Foreground(lipgloss.Yellow)
	faint   = lipgloss.NewStyle().Faint(true)
	strong  = lipgloss.NewStyle().Bold(true)
)

func (s Style) paint(style lipgloss.Style, text string) string {
	if !s.Colours {
		return text
	}
	return style.Render(text)
}

// Strong is for headings.
func (s Style) Strong(text string) string { return s.paint(strong, text) }

// Faint is for what is read second.
func (s Style) Faint(text string) string { return s.paint(faint, text) }

// state colours a run's state by whether a person has to look.
func (s Style) state(state connection.RunState, text string) string {
	switch state {
	case connection.RunConnected, connection.RunDisconnected:
		return s.paint(good, text)
	case connection.RunRunning:
		return text
	case connection.RunRollingBack, connection.RunCancelled, connection.RunRolledBack:
		return s.paint(warning, text)
	default:
		return s.paint(bad, text)
	}
}

// The marks of steps and checks.
const (
	markRunning = "▸"
	markDone    = "✓"
	markUndone  = "↩"
	markFailed  = "✗"
)

// mark is the sign in front of a step.
func (s Style) mark(step connection.Step) string {
	switch {
	case step.Status == connection.StepFailed:
		return s.paint(bad, markFailed)
	case step.Status == connection.StepRunning:
		return s.paint(warning, markRunning)
	case step.Undo:
		return s.paint(warning, markUndone)
	default:
		return s.paint(good, markDone)
	}
}

// checkMark is the sign in front of a check.
func (s Style) checkMark(passed bool) string {
	if passed {
		return s.paint(good, markDone)
	}
	return s.paint(bad, markFailed)
}

// actionMark is the sign in front of a change, as OpenTofu has them.
func (s Style) actionMark(action connection.Action) string {
	switch action {
	case connection.ActionCreate:
		return s.paint(good, "+")
	case connection.ActionUpdate:
		return s.paint(warning, "~")
	case connection.ActionDelete:
		return s.paint(bad, "-")
	default:
		return " "
	}
}

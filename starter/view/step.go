package view

import (
	"fmt"
	"time"

	"charm.land/lipgloss/v2"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
)

// titleWidth is how wide titles are padded to, so that durations stand below each other.
const titleWidth = 52

// Step is a step in one line: its mark, its title, how long it took, and what came of it.
func (s Style) Step(step connection.Step, mark string, now time.Time) string {
	title := Clean(step.Title)
	if pad := titleWidth - lipgloss.Width(title); pad > 0 {
		title = fmt.Sprintf("%s%*s", title, pad, "")
	}
	line := fmt.Sprintf("  %s %s %6s", mark, title, took(step, now))
	switch {
	case step.Status == connection.StepRunning && step.Attempt > 1:
		line += s.paint(warning, fmt.Sprintf("  attempt %d", step.Attempt)) + colon(s, step.LastError)
	case step.Status == connection.StepFailed:
		line += "  " + s.paint(bad, Clean(step.LastError))
	case step.Note != "":
		line += "  " + s.Faint(Clean(step.Note))
	}
	return line
}

func colon(s Style, text string) string {
	if text == "" {
		return ""
	}
	return s.Faint(": " + Clean(text))
}

// took is how long a step took, or has taken so far.
func took(step connection.Step, now time.Time) string {
	if step.StartedAt.IsZero() {
		return ""
	}
	end := now
	if step.EndedAt != nil {
		end = *step.EndedAt
	}
	return Duration(end.Sub(step.StartedAt))
}

// Duration is a length of time as short as a person wants it.
func Duration(duration time.Duration) string {
	duration = max(0, duration)
	switch {
	case duration < time.Second:
		return fmt.Sprintf("%dms", duration.Milliseconds())
	case duration < time.Minute:
		return fmt.Sprintf("%.1fs", duration.Seconds())
	case duration < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(duration.Minutes()), int(duration.Seconds())%60)
	case duration < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(duration.Hours()), int(duration.Minutes())%60)
	default:
		return fmt.Sprintf("%dd", int(duration.Hours()/24))
	}
}

// Patience is how long a run may be without an answer from a worker before a person is told.
const Patience = 2 * time.Second

// Journal remembers what was told of a run that is followed, and says what is new.
type Journal struct {
	Style Style
	// NoAttempts leaves out the attempts that failed.
	NoAttempts bool

	told  map[string]bool
	since time.Time // when the worker didn't answer first
}

// News are the lines to add for a look at the run: a line for each step that has ended since, for each attempt that
// failed, and for each turn that the run as a whole took.
func (j *Journal) News(status runs.Status, now time.Time) []string {
	return append(j.account(status, now), j.silence(status, now)...)
}

// account is what the run itself has told. Temporal knows earlier that it rolls back, but not why: that waits until the run says so.
func (j *Journal) account(status runs.Status, now time.Time) []string {
	if status.Progress == nil || status.Partial != "" {
		return nil
	}
	var lines []string
	for _, step := range status.Progress.Steps {
		if step.Undo {
			lines = append(lines, j.turn(status)...)
		}
		lines = append(lines, j.step(step, now)...)
	}
	if waiting := status.Progress.Waiting; waiting != "" && j.once("waiting for "+waiting) {
		lines = append(lines, j.Style.paint(warning, "Waiting for "+Clean(waiting)))
	}
	if status.State == connection.RunRollingBack {
		lines = append(lines, j.turn(status)...)
	}
	return lines
}

// turn is the line that says that a run goes backwards from here, unless it was told before.
func (j *Journal) turn(status runs.Status) []string {
	if !j.once("turn") {
		return nil
	}
	line := "Rolling back: putting both sides back as they were"
	if status.Operation == connection.DisconnectWorkflow {
		line = "Taking away what the connection made"
	}
	if progress := status.Progress; progress != nil && progress.Failure != nil && progress.Failure.Step != "" {
		line = fmt.Sprintf("Rolling back after %s: putting both sides back as they were", Clean(progress.Failure.Step))
	}
	return []string{j.Style.paint(warning, line)}
}

// step is the line of a step that has ended or that is tried again, unless it was told before.
func (j *Journal) step(step connection.Step, now time.Time) []string {
	key := fmt.Sprint(step.ID, " attempt ", step.Attempt)
	switch {
	case step.EndedAt != nil:
		key = fmt.Sprint(step.ID, " ended ", step.EndedAt.UnixNano())
	case j.NoAttempts || step.Attempt < 2:
		return nil
	}
	if !j.once(key) {
		return nil
	}
	return []string{j.Style.Step(step, j.Style.mark(step), now)}
}

// silence is the line that says that no worker answers, once it has lasted.
func (j *Journal) silence(status runs.Status, now time.Time) []string {
	switch {
	case status.Partial == "" || !status.Open:
		j.since = time.Time{}
		delete(j.told, "silence")
		return nil
	case j.since.IsZero():
		j.since = now
	}
	if now.Sub(j.since) < Patience || !j.once("silence") {
		return nil
	}
	return []string{j.Style.paint(warning, "Waiting: "+Clean(status.Partial))}
}

// once tells whether the key is new, and remembers it.
func (j *Journal) once(key string) bool {
	if j.told[key] {
		return false
	}
	if j.told == nil {
		j.told = map[string]bool{}
	}
	j.told[key] = true
	return true
}

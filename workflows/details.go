package workflows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accessbridge/accessbridge/connection"
)

// marks are how a step's state looks in Temporal UI.
var marks = map[connection.StepStatus]string{
	connection.StepRunning: "▸", connection.StepDone: "✓", connection.StepFailed: "✗",
}

// details is what Temporal UI shows of a run: the same as the query, as Markdown. What others said in it is escaped.
func details(progress connection.Progress) string {
	var text strings.Builder
	fmt.Fprintf(&text, "**%s %s: %s**\n\n", progress.Operation, escaped(progress.Connection), strings.ReplaceAll(string(progress.State), "_", " "))
	if needs := progress.Needs; needs != nil {
		fmt.Fprintf(&text, "It needs a person: %s failed: %s", escaped(needs.Step), lines(needs.Message))
		if needs.Advice != "" {
			fmt.Fprintf(&text, " — %s", lines(needs.Advice))
		}
		fmt.Fprintf(&text, ". Then: `starter resume %s`", progress.Connection)
		if progress.Failure == nil && progress.Operation == connection.ConnectWorkflow {
			fmt.Fprintf(&text, ", or give up: `starter rollback %s`", progress.Connection)
		}
		text.WriteString("\n\n")
	}
	if failure := progress.Failure; failure != nil {
		fmt.Fprintf(&text, "Why: %s: %s\n\n", escaped(failure.Step), lines(failure.Message))
	}
	if progress.Waiting != "" {
		fmt.Fprintf(&text, "Waiting for %s\n\n", escaped(progress.Waiting))
	}
	shown := newest(progress.Steps)
	if omitted := len(progress.Steps) - len(shown); omitted > 0 {
		done := 0
		for _, step := range progress.Steps {
			if step.Status == connection.StepDone {
				done++
			}
		}
		fmt.Fprintf(&text, "%d of %d steps begun so far are done; %d are not shown.\n\n", done, len(progress.Steps), omitted)
	}
	for _, step := range shown {
		line(&text, step)
	}
	return text.String()
}

// What is shown of a run with many steps: the newest ones, and of those before them the newest that run or failed. The text is made
// anew at each step, so one of all steps would take a workflow task longer than Temporal lets it.
const (
	shownNewest    = 30
	shownUnsettled = 20
)

// newest are the steps that are shown, in their order.
func newest(steps []connection.Step) []connection.Step {
	if len(steps) <= shownNewest+shownUnsettled {
		return steps
	}
	at := len(steps) - shownNewest
	shown := slices.Clone(steps[at:])
	for at--; at >= 0 && len(shown) < shownNewest+shownUnsettled; at-- {
		if steps[at].Status != connection.StepDone {
			shown = append(shown, steps[at])
		}
	}
	slices.Reverse(shown[shownNewest:])
	return slices.Concat(shown[shownNewest:], shown[:shownNewest])
}

// line is a step in a line of its own.
func line(text *strings.Builder, step connection.Step) {
	fmt.Fprintf(text, "- %s %s %s", step.StartedAt.UTC().Format(time.TimeOnly), marks[step.Status], escaped(step.Title))
	if step.EndedAt != nil {
		fmt.Fprintf(text, " (%s)", step.EndedAt.Sub(step.StartedAt).Round(time.Millisecond))
	}
	text.WriteString(attempts(step))
	if step.Note != "" {
		fmt.Fprintf(text, ": %s", lines(step.Note))
	}
	text.WriteString("\n")
}

// lines are a text of others of several lines, one after the other: a line of their own could begin a list or a heading.
func lines(text string) string {
	return escaped(strings.ReplaceAll(strings.TrimSpace(text), "\n", "; "))
}

// attempts is how often a step was tried and why that failed.
func attempts(step connection.Step) string {
	var text string
	if step.Attempt > 1 {
		text = fmt.Sprintf(", attempt %d", step.Attempt)
	}
	switch {
	case step.LastError == "":
		return text
	case step.Status == connection.StepFailed:
		return text + ": " + lines(step.LastError)
	default:
		return text + " after: " + lines(step.LastError)
	}
}

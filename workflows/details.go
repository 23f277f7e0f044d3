package workflows

import (
	"fmt"
	"strings"
	"time"

	"github.com/accessbridge/accessbridge/connection"
)

// marks are how a step's state looks in Temporal UI.
var marks = map[connection.StepStatus]string{
	connection.StepRunning: "▸", connection.StepDone: "✓", connection.StepFailed: "✗",
}

// details is what Temporal UI shows of a run: the same as the query, as Markdown.
func details(progress connection.Progress) string {
	var text strings.Builder
	fmt.Fprintf(&text, "**%s %s: %s**\n\n", progress.Operation, progress.Connection, strings.ReplaceAll(string(progress.State), "_", " "))
	if needs := progress.Needs; needs != nil {
		fmt.Fprintf(&text, "It needs a person: %s failed: %s", needs.Step, needs.Message)
		if needs.Advice != "" {
			fmt.Fprintf(&text, " — %s", needs.Advice)
		}
		fmt.Fprintf(&text, ". Then: `starter resume %s`", progress.Connection)
		if progress.Failure == nil && progress.Operation == connection.ConnectWorkflow {
			fmt.Fprintf(&text, ", or give up: `starter rollback %s`", progress.Connection)
		}
		text.WriteString("\n\n")
	}
	if failure := progress.Failure; failure != nil {
		fmt.Fprintf(&text, "Why: %s: %s\n\n", failure.Step, failure.Message)
	}
	for _, step := range progress.Steps {
		fmt.Fprintf(&text, "- %s %s %s", step.StartedAt.UTC().Format(time.TimeOnly), marks[step.Status], step.Title)
		if step.EndedAt != nil {
			fmt.Fprintf(&text, " (%s)", step.EndedAt.Sub(step.StartedAt).Round(time.Millisecond))
		}
		text.WriteString(attempts(step))
		if step.Note != "" {
			fmt.Fprintf(&text, ": %s", step.Note)
		}
		text.WriteString("\n")
	}
	return text.String()
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
		return text + ": " + step.LastError
	default:
		return text + " after: " + step.LastError
	}
}

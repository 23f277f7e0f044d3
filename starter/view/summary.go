package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
)

// LookAgain is what to do after a run of a connection that Temporal ended: it put nothing back.
func LookAgain(connection string) string {
	return fmt.Sprintf("look with `starter plan %s`, then connect or disconnect again", connection)
}

// Summary is what a person wants to know of a run: where it stands, what it changed or is doing, and where to look. The
// link is the run's page in Temporal UI; it may be "".
func (s Style) Summary(status runs.Status, link string, now time.Time) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s%s\n", s.Strong(status.Connection), s.state(status.State, status.Phrase()), s.Faint(span(status, now)))
	text.WriteString(s.Failure(status))
	if !status.Open && status.State == "" {
		fmt.Fprintf(&text, "  Where both sides stand isn't known: %s.\n", LookAgain(status.Connection))
	}
	if status.Partial != "" {
		fmt.Fprintf(&text, "%s\n", s.paint(warning, Clean(status.Partial)+" What follows is what Temporal knows by itself."))
	}
	if status.Open && status.Progress != nil {
		text.WriteString(s.waiting(*status.Progress))
		text.WriteString(s.Steps(*status.Progress, now))
	}
	if status.Result != nil {
		text.WriteString(s.result(*status.Result))
	}
	rows := [][]string{{"Operation", status.Operation}, {"Workflow", status.WorkflowID}, {"Run", status.RunID}}
	if status.Result != nil && status.Result.TestURL != "" && status.State == connection.RunConnected {
		rows = append(rows, []string{"Try it", Clean(status.Result.TestURL)})
	}
	if link != "" {
		rows = append(rows, []string{"History", link})
	}
	text.WriteString("\n" + table("  ", rows))
	return text.String()
}

// waiting says which rate limit a run waits for.
func (s Style) waiting(progress connection.Progress) string {
	if progress.Waiting == "" {
		return ""
	}
	return s.paint(warning, "Waiting for "+Clean(progress.Waiting)) + "\n"
}

// Steps is a run step by step.
func (s Style) Steps(progress connection.Progress, now time.Time) string {
	var text strings.Builder
	if progress.Omitted > 0 {
		text.WriteString(s.Faint(fmt.Sprintf("  %d steps before these are done", progress.Omitted)) + "\n")
	}
	for _, step := range progress.Steps {
		text.WriteString(s.Step(step, s.mark(step), now) + "\n")
	}
	return text.String()
}

// justNow is how long ago a run must have ended for that to be worth telling.
const justNow = 10 * time.Second

// span is when a run started and how long it took or has taken.
func span(status runs.Status, now time.Time) string {
	if status.EndedAt != nil {
		after := " after " + Duration(status.EndedAt.Sub(status.StartedAt))
		if ago := now.Sub(*status.EndedAt); ago > justNow {
			after += fmt.Sprintf(", %s ago", Duration(ago))
		}
		return after
	}
	return fmt.Sprintf(" for %s", Duration(now.Sub(status.StartedAt)))
}

// Failure says what failed, in whose words, and what to do.
func (s Style) Failure(status runs.Status) string {
	failure := status.Failure()
	if failure == nil {
		return ""
	}
	var text strings.Builder
	intro := "Why: "
	if status.State == connection.RunNeedsOperator {
		intro = "It needs a person: "
	}
	text.WriteString(s.why(intro, *failure))
	if status.State == connection.RunNeedsOperator {
		fmt.Fprintf(&text, "  Then: starter resume %s\n", status.Connection)
		if status.Operation == connection.ConnectWorkflow && !strings.HasPrefix(failure.Step, connection.UndoPrefix) {
			fmt.Fprintf(&text, "  Or give up: starter rollback %s\n", status.Connection)
		}
	}
	return text.String()
}

// Why says why something failed, in whose words, and what to do.
func (s Style) Why(failure connection.Failure) string { return s.why("Why: ", failure) }

func (s Style) why(intro string, failure connection.Failure) string {
	var text strings.Builder
	if len(failure.Problems) > 0 {
		return s.problems(intro, failure)
	}
	fmt.Fprintf(&text, "  %s%s\n", intro, strings.TrimLeft(indented("    ", FailureText(failure)), " "))
	if failure.Provider != "" {
		said := fmt.Sprintf("    said by %s", Clean(failure.Provider))
		if failure.RequestID != "" {
			said += ", request " + Clean(failure.RequestID)
		}
		text.WriteString(s.Faint(said) + "\n")
	}
	if failure.Advice != "" {
		fmt.Fprintf(&text, "  What to do: %s\n", Clean(failure.Advice))
	}
	return text.String()
}

// problems says what a failure consists of, and after all that one advice is for, that advice.
func (s Style) problems(intro string, failure connection.Failure) string {
	var text strings.Builder
	fmt.Fprintf(&text, "  %s%s:\n", intro, Clean(failure.Step))
	said := map[string]bool{}
	for _, each := range failure.Problems {
		if said[each.Advice] {
			continue
		}
		said[each.Advice] = true
		for _, problem := range failure.Problems {
			if problem.Advice == each.Advice {
				problem.Advice = ""
				text.WriteString(indented("    ", CleanLines(problem.String())) + "\n")
			}
		}
		if each.Advice != "" {
			fmt.Fprintf(&text, "    What to do: %s\n", Clean(each.Advice))
		}
	}
	return text.String()
}

// FailureText is a failure in the words of who said it, after the step that failed.
func FailureText(failure connection.Failure) string {
	message := CleanLines(failure.Message)
	if failure.Step == "" {
		return message
	}
	if strings.Contains(message, "\n") {
		return Clean(failure.Step) + ":\n" + message
	}
	return Clean(failure.Step) + ": " + message
}

// result is the table of what a run changed, its checks, and what it left alone.
func (s Style) result(result connection.Result) string {
	var text strings.Builder
	if rows := s.changes(result); len(rows) > 1 {
		text.WriteString("\n" + table("  ", rows))
	}
	if len(result.Checks) > 0 {
		rows := make([][]string, 0, len(result.Checks))
		for _, check := range result.Checks {
			rows = append(rows, []string{s.checkMark(check.Passed) + " " + Clean(check.Name), s.Faint(Clean(check.Detail))})
		}
		text.WriteString("\n" + table("  ", rows))
	}
	if len(result.Notes) > 0 {
		text.WriteString("\n" + notes("  ", result.Notes))
	}
	if len(result.Left) > 0 {
		text.WriteString("\n  Left as it is:\n")
		for _, left := range result.Left {
			text.WriteString("    " + Clean(left) + "\n")
		}
	}
	return text.String()
}

// changes are the rows of the table of changes: done ones in the past tense, else what would have been.
func (s Style) changes(result connection.Result) [][]string {
	done := result.State == connection.RunConnected || result.State == connection.RunDisconnected
	column := "PLANNED"
	if done {
		column = "CHANGE"
	}
	rows := [][]string{s.heading("RESOURCE", "NAME", column, "ID")}
	for _, change := range result.Changes {
		word := string(change.Action)
		if done && change.Action != connection.ActionUnchanged {
			word = strings.TrimSuffix(word, "e") + "ed"
		}
		rows = append(rows, []string{s.actionMark(change.Action) + " " + string(change.Resource), Clean(change.Name), word, Clean(idOf(change, result))})
	}
	return rows
}

// idOf is the provider's id of what was changed: of what was created, the result alone knows it.
func idOf(change connection.Change, result connection.Result) string {
	if change.ID != "" {
		return change.ID
	}
	return map[connection.Resource]string{
		connection.ResourceApp: result.AppID, connection.ResourceIdentityProvider: result.IdentityProviderID, connection.ResourcePolicy: result.PolicyID,
	}[change.Resource]
}

package view

import (
	"fmt"
	"strings"

	"github.com/accessbridge/accessbridge/connection"
)

// Plan is a plan as OpenTofu shows one: a line for each change with its mark, its settings before and after, and a last
// line that counts.
func (s Style) Plan(plan connection.Plan) string {
	var text strings.Builder
	for _, change := range plan.Changes {
		fmt.Fprintf(&text, "%s %s %s", s.actionMark(change.Action), change.Resource, quoted(change.Name))
		if change.ID != "" {
			fmt.Fprintf(&text, " %s", s.Faint("("+Clean(change.ID)+")"))
		}
		text.WriteString("\n")
		text.WriteString(table("      ", s.fields(change)))
	}
	text.WriteString(notes("", plan.Notes))
	text.WriteString(s.Strong(Counts(plan)) + "\n")
	return text.String()
}

// notes are lines about what is left alone.
func notes(indent string, all []string) string {
	var text strings.Builder
	for _, note := range all {
		text.WriteString(indent + "Note: " + Clean(note) + "\n")
	}
	return text.String()
}

// fields are the rows of a change's settings.
func (s Style) fields(change connection.Change) [][]string {
	rows := make([][]string, 0, len(change.Fields))
	for _, field := range change.Fields {
		after := setting(field.After)
		if change.Action == connection.ActionUpdate || field.Before != "" { // what is attached changes what it is attached to
			after = setting(field.Before) + " → " + after
		}
		rows = append(rows, []string{Clean(field.Name), after})
	}
	return rows
}

// Counts is a plan in one line.
func Counts(plan connection.Plan) string {
	counts := map[connection.Action]int{}
	for _, change := range plan.Changes {
		counts[change.Action]++
	}
	if len(plan.Moves()) == 0 {
		return fmt.Sprintf("No changes: %s is as declared (%d unchanged).", plan.Connection, counts[connection.ActionUnchanged])
	}
	return fmt.Sprintf("Plan for %s: %d to create, %d to update, %d to delete, %d unchanged.", plan.Connection,
		counts[connection.ActionCreate], counts[connection.ActionUpdate], counts[connection.ActionDelete], counts[connection.ActionUnchanged])
}

// quoted is a text from elsewhere between quotes.
func quoted(text string) string { return `"` + Clean(text) + `"` }

// setting is the value of a setting. Some are lists of things that are between quotes themselves.
func setting(value string) string {
	switch {
	case value == "":
		return "(none)"
	case strings.Contains(value, `"`):
		return Clean(value)
	}
	return quoted(value)
}

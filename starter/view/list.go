package view

import (
	"time"

	"github.com/accessbridge/accessbridge/internal/runs"
)

// List is a table of connections, each with its newest run.
func (s Style) List(statuses []runs.Status, now time.Time) string {
	rows := [][]string{s.heading("CONNECTION", "STATE", "OPERATION", "STARTED", "TOOK", "RUN")}
	for _, status := range statuses {
		end := now
		if status.EndedAt != nil {
			end = *status.EndedAt
		}
		rows = append(rows, []string{
			Clean(status.Connection), s.state(status.State, Clean(status.Phrase())), Clean(status.Operation),
			Duration(now.Sub(status.StartedAt)) + " ago", Duration(end.Sub(status.StartedAt)), status.RunID,
		})
	}
	return table("", rows)
}

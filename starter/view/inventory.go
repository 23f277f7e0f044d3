package view

import (
	"fmt"
	"strings"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
)

// notKnown stands for what a connection's memory doesn't tell.
const notKnown = "(not known)"

// Inventory is a table of the connections that exist, each with its newest run that Temporal knows.
func (s Style) Inventory(inventory connection.Inventory, known map[string]runs.Status, now time.Time) string {
	rows := [][]string{s.heading("CONNECTION", "ORG", "ACCOUNT", "OKTA APP", "WRITTEN", "NEWEST RUN")}
	for _, each := range inventory.Connections {
		run := "(forgotten)"
		if status, there := known[each.Connection]; there {
			run = s.state(status.State, Clean(status.Phrase()))
		}
		rows = append(rows, []string{
			Clean(each.Connection), Clean(each.Org), told(each.Account), quoted(each.AppLabel) + " " + s.Faint("("+Clean(each.AppID)+")"), written(each, now), run,
		})
	}
	return table("", rows)
}

// Existing tells of a connection that Temporal knows no run of where it exists, and what to do with it.
func (s Style) Existing(name string, found []connection.Existing, now time.Time) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: exists, but Temporal knows no run of it (an ended run is forgotten after the namespace's retention)\n", s.Strong(name))
	for _, each := range found {
		text.WriteString("\n" + table("  ", [][]string{
			{"Okta org", fmt.Sprintf("%s (%s)", Clean(each.Org), Clean(each.OktaURL))},
			{"Okta app", fmt.Sprintf("%s (%s)", quoted(each.AppLabel), Clean(each.AppID))},
			{"Client id", Clean(each.ClientID)},
			{"Cloudflare account", told(each.Account)},
			{"Identity provider", told(each.IdentityProviderID)},
			{"Access policy", told(strings.Join(each.PolicyIDs, ", "))},
			{"Written", written(each, now) + by(each.Run)},
		}))
		text.WriteString("  " + s.advice(name, each, len(found) > 1) + "\n")
	}
	return text.String()
}

// advice is what can be done with a connection that exists.
func (s Style) advice(name string, each connection.Existing, several bool) string {
	if each.Document == nil {
		return fmt.Sprintf("What it consists of isn't known: %s. Give the document: starter plan -f FILE", Clean(each.Unknown))
	}
	at := ""
	if several {
		at = " --org " + Clean(each.Org)
	}
	return fmt.Sprintf("Whether it is as declared: starter plan %s%s", name, at)
}

// told is a value, or a word for one that isn't known.
func told(value string) string {
	if value == "" {
		return notKnown
	}
	return Clean(value)
}

// written is how long ago the run started that wrote the connection's memory.
func written(each connection.Existing, now time.Time) string {
	if each.RunStarted.IsZero() {
		return notKnown
	}
	return Duration(now.Sub(each.RunStarted)) + " ago"
}

func by(run string) string {
	if run == "" {
		return ""
	}
	return " by run " + Clean(run)
}

package okta

import (
	"slices"

	"github.com/accessbridge/accessbridge/internal/planner"
)

// profile is our part of an app's profile, which is free JSON: it marks the app as ours and is the connection's memory.
type profile struct {
	ManagedBy    string          `json:"managedBy,omitempty"`
	Connection   string          `json:"connection,omitempty"`
	Applications []string        `json:"applications,omitempty"`
	Kept         []string        `json:"kept,omitempty"`
	Memory       *planner.Memory `json:"memory,omitempty"`
}

const managedBy = "accessbridge"

// profileKeys are the keys of an app's profile that are ours.
var profileKeys = []string{"managedBy", "connection", "applications", "kept", "memory"}

func profileOf(app planner.App) *profile {
	return &profile{ManagedBy: managedBy, Connection: app.Connection, Applications: app.Applications, Kept: app.Kept, Memory: app.Memory}
}

// forgetMalformed takes out what holds texts that can't be ids, as if it had been taken away: nothing can be read by them.
func (p *profile) forgetMalformed() {
	if !p.Memory.Sound() {
		p.Memory = nil
	}
	malformed := func(id string) bool { return !planner.IsCloudflareID(id) }
	p.Applications, p.Kept = slices.DeleteFunc(p.Applications, malformed), slices.DeleteFunc(p.Kept, malformed)
}

// mark writes our part of an app's profile and leaves what others keep there.
func mark(whole map[string]any, want planner.App) {
	marks, _ := whole["profile"].(map[string]any)
	if marks == nil {
		marks = map[string]any{}
	}
	madeBy := madeBy(marks)
	for _, key := range profileKeys {
		delete(marks, key)
	}
	if want.Connection != "" {
		ours := profileOf(want)
		marks["managedBy"], marks["connection"] = ours.ManagedBy, ours.Connection
		if len(ours.Applications) > 0 {
			marks["applications"] = ours.Applications
		}
		if len(ours.Kept) > 0 {
			marks["kept"] = ours.Kept
		}
		if ours.Memory != nil {
			memory := *ours.Memory
			memory.MadeBy = madeBy
			marks["memory"] = memory
		}
	}
	whole["profile"] = marks
	if len(marks) == 0 {
		delete(whole, "profile") // an update without it removes it
	}
}

// madeBy is the run that made an app, as its profile tells.
func madeBy(marks map[string]any) string {
	memory, _ := marks["memory"].(map[string]any)
	run, _ := memory["made_by"].(string)
	return run
}

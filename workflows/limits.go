package workflows

import (
	"fmt"
	"strings"
	"time"

	"github.com/accessbridge/accessbridge/connection"
)

// kindOf is what the IDs of steps of a kind begin with: "AssignGroup" of "AssignGroup 00g1…".
func kindOf(id string) string {
	rest, undo := strings.CutPrefix(id, connection.UndoPrefix)
	kind, _, _ := strings.Cut(rest, " ")
	if undo {
		return connection.UndoPrefix + kind
	}
	return kind
}

// expect notes that there will be a step with the ID, for whoever wants to know about how long those of its kind still take.
func (r *run) expect(id string) {
	if r.expected == nil {
		r.expected = map[string]int{}
	}
	r.expected[kindOf(id)]++
}

// waitsForLimit notes which rate limit of a provider the run waits for. Of many steps of a kind it says how far they are, and about
// how long the others take when they go on as fast.
func (r *run) waitsForLimit(now time.Time, step, limit string) {
	done, began := 0, now
	for _, each := range r.progress.Steps {
		if kindOf(each.ID) != kindOf(step) {
			continue
		}
		if each.StartedAt.Before(began) {
			began = each.StartedAt
		}
		if each.Status == connection.StepDone {
			done++
		}
	}
	r.progress.Waiting = limit
	all := r.expected[kindOf(step)]
	if all < 2 {
		return
	}
	r.progress.Waiting += fmt.Sprintf(": %d of %d %s", done, all, doneTo(step))
	if done > 0 {
		left := now.Sub(began) * time.Duration(max(all-done, 0)) / time.Duration(done)
		r.progress.Waiting += ", about " + roughly(left) + " more"
	}
}

// doneTo says what a step that is one of many did to its thing.
func doneTo(step string) string {
	switch kindOf(step) {
	case "AssignGroup", connection.UndoPrefix + "UnassignGroup":
		return "groups assigned"
	case "UnassignGroup", connection.UndoPrefix + "AssignGroup":
		return "groups unassigned"
	case "PrioritiseGroup", connection.UndoPrefix + "PrioritiseGroup":
		return "groups given another priority"
	default:
		return "such steps done"
	}
}

// roughly is a time as one says it.
func roughly(duration time.Duration) string {
	if duration < time.Minute {
		return fmt.Sprintf("%d s", int(duration.Seconds())+1)
	}
	return fmt.Sprintf("%d min", int(duration.Round(time.Minute).Minutes()))
}

// goesOn notes that the run waits for no rate limit any more, once no step is running.
func (r *run) goesOn() {
	if r.progress.Waiting == "" {
		return
	}
	for _, step := range r.progress.Steps {
		if step.Status == connection.StepRunning {
			return
		}
	}
	r.progress.Waiting = ""
}

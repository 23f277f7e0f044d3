package faults

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/accessbridge/accessbridge/connection"
)

// table is how every case ended.
type table struct {
	mutex   sync.Mutex
	seed    int64
	started time.Time
	took    time.Duration
	lines   []line
	// order is in which the clean run of each scenario made its calls.
	order map[string][]call
}

type line struct {
	trial trial
	end   ending
}

// letters stand for the endings in the table.
var letters = map[connection.RunState]string{
	connection.RunConnected: "c", connection.RunDisconnected: "d", connection.RunRolledBack: "b",
	connection.RunRefused: "n", connection.RunCancelled: "x",
}

const legend = `c  connected as declared      b  rolled back, as before     n  refused or given up before anything was changed
d  disconnected, nothing left  x  cancelled, as before       p  after it had waited for a person to say resume
!  the promise was broken      ·  the API can't answer so`

func (t *table) add(each trial, end ending) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.lines = append(t.lines, line{each, end})
}

func (l line) cell() string {
	text := letters[l.end.state]
	if l.end.person {
		text += "p"
	}
	if len(l.end.broken) > 0 {
		text += "!"
	}
	return text
}

// print writes the matrix: a row for each call, a column for each way in which it breaks.
func (t *table) print(out io.Writer) {
	cells, distinct := map[string]string{}, map[call]bool{}
	rows := map[string][]call{}
	for _, each := range t.lines {
		for _, broken := range each.trial.breakages {
			distinct[broken.call.kindOf()] = true
		}
		if len(each.trial.breakages) == 1 {
			at, name := each.trial.breakages[0], each.trial.scenario.name
			cells[name+at.call.provider+at.call.String()+at.kind.name] = each.cell()
			if !slices.Contains(rows[name], at.call) {
				rows[name] = append(rows[name], at.call)
			}
		}
	}
	fmt.Fprintf(out, "\nseed %d\n\n%s\n", t.seed, legend)
	for i, kind := range kinds {
		fmt.Fprintf(out, "%s%s\n", strings.Repeat("   │", i), "┌─ "+kind.name)
	}
	for _, each := range scenarios {
		if calls := t.inOrder(each, rows[each.name]); len(calls) > 0 {
			fmt.Fprintf(out, "\n%s\n", each.name)
			printRows(out, each, calls, cells)
		}
	}
	t.printPairs(out)
	fmt.Fprintf(out, "\n%d distinct calls; %.1f s, %.2f s a case\n%s\n", len(distinct), t.took.Seconds(), t.took.Seconds()/float64(max(len(t.lines), 1)), t.totals())
}

// inOrder puts the calls in the order in which the clean run made them.
func (t *table) inOrder(s scenario, calls []call) []call {
	order := map[string]int{}
	for i, each := range t.order[s.name] {
		order[each.provider+each.String()] = i
	}
	slices.SortFunc(calls, func(a, b call) int { return order[a.provider+a.String()] - order[b.provider+b.String()] })
	return calls
}

func printRows(out io.Writer, s scenario, calls []call, cells map[string]string) {
	for _, each := range calls {
		for _, kind := range kinds {
			cell, there := cells[s.name+each.provider+each.String()+kind.name]
			if !there {
				cell = "·"
			}
			fmt.Fprintf(out, "%-4s", cell)
		}
		fmt.Fprintf(out, "%s\n", each)
	}
}

func (t *table) printPairs(out io.Writer) {
	fmt.Fprint(out, "\ntwo at once\n")
	for _, each := range t.lines {
		if len(each.trial.breakages) == 2 {
			fmt.Fprintf(out, "%-4s%s\n", each.cell(), each.trial)
		}
	}
}

// totals is the last line.
func (t *table) totals() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	held := 0
	for _, each := range t.lines {
		if len(each.end.broken) == 0 {
			held++
		}
	}
	return fmt.Sprintf("%d cases, %d held", len(t.lines), held)
}

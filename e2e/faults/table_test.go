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
	connection.RunSuperseded: "s",
}

const legend = `c  connected as declared      b  rolled back, as before     n  refused or given up before anything was changed
d  disconnected, nothing left  x  cancelled, as before       p  after it had waited for a person to say resume
s  superseded, changed nothing !  the promise was broken     ·  it can't break so`

func (t *table) add(each trial, end ending) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.lines = append(t.lines, line{each, end})
}

func (l line) cell() string {
	if l.end.nothing && len(l.end.broken) == 0 {
		return "·"
	}
	text := letters[l.end.state]
	if l.end.person {
		text += "p"
	}
	if len(l.end.broken) > 0 {
		text += "!"
	}
	return text
}

// tellProgress says now and then how far it is, where every case runs: that takes long. It returns what ends it.
func (t *table) tellProgress(out io.Writer, waiting func() int) (stop func()) {
	if !*full {
		return func() {}
	}
	ticker, done := time.NewTicker(30*time.Second), make(chan struct{})
	go func() {
		for {
			select {
			case <-ticker.C:
				fmt.Fprintf(out, "%s: %s; %d wait\n", time.Since(t.started).Round(time.Second), t.totals(), waiting())
			case <-done:
				return
			}
		}
	}()
	return func() { ticker.Stop(); close(done) }
}

// print writes the matrix: for each group of ways in which a run breaks a table, with a row for each call, and a column for each way.
func (t *table) print(out io.Writer) {
	cells, distinct := map[string]string{}, map[call]bool{}
	for _, each := range t.lines {
		for _, broken := range each.trial.breakages {
			if broken.call.provider != temporalItself {
				distinct[broken.call.kindOf()] = true
			}
		}
		if len(each.trial.breakages) == 1 {
			at := each.trial.breakages[0]
			cells[each.trial.scenario.name+at.call.provider+at.call.String()+at.kind.name] = each.cell()
		}
	}
	fmt.Fprintf(out, "\nseed %d\n\n%s\n", t.seed, legend)
	for _, group := range groups {
		t.printGroup(out, group, cells)
	}
	t.printPairs(out)
	fmt.Fprintf(out, "\n%d distinct calls; %.1f s, %.2f s a case\n%s\n", len(distinct), t.took.Seconds(), t.took.Seconds()/float64(max(len(t.lines), 1)), t.totals())
}

func (t *table) printGroup(out io.Writer, g group, cells map[string]string) {
	fmt.Fprintf(out, "\n\n== %s: %d cases\n", g.name, t.count(g))
	if g.note != "" {
		fmt.Fprintln(out, g.note)
	}
	for i, kind := range g.kinds {
		fmt.Fprintf(out, "%s%s\n", strings.Repeat("   │", i), "┌─ "+kind.name)
	}
	for _, each := range scenarios {
		if rows := rowsOf(each, t.order[each.name], g, cells); len(rows) > 0 {
			fmt.Fprintf(out, "\n%s\n%s\n", each.name, strings.Join(rows, "\n"))
		}
	}
}

// count is how many cases of the group ran.
func (t *table) count(g group) (count int) {
	for _, each := range t.lines {
		if len(each.trial.breakages) == 1 && !each.end.nothing && g.has(each.trial.breakages[0].kind) {
			count++
		}
	}
	return count
}

func (g group) has(k kind) bool {
	return slices.ContainsFunc(g.kinds, func(each kind) bool { return each.name == k.name })
}

// rowsOf are a scenario's rows in a group's table, in the order in which the clean run made its calls.
func rowsOf(s scenario, calls []call, g group, cells map[string]string) (rows []string) {
	for _, each := range calls {
		row, any := "", false
		for _, kind := range g.kinds {
			cell, there := cells[s.name+each.provider+each.String()+kind.name]
			if any = any || there; !there {
				cell = "·"
			}
			row += fmt.Sprintf("%-4s", cell)
		}
		if any {
			rows = append(rows, row+each.String())
		}
	}
	return rows
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
	count, held := 0, 0
	for _, each := range t.lines {
		switch {
		case len(each.end.broken) == 0 && each.end.nothing: // there was nothing to break: it says nothing
		case len(each.end.broken) == 0:
			held++
			count++
		default:
			count++
		}
	}
	return fmt.Sprintf("%d cases, %d held", count, held)
}

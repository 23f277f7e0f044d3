package faults

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
)

// breakage is one call and how it breaks.
type breakage struct {
	call call
	kind kind
}

// trial is one case: a scenario that breaks at one call, or at two.
type trial struct {
	scenario  scenario
	breakages []breakage
	// declared is the canonical state after the scenario's clean run.
	declared string
}

// String is the case's name, for -only and for whoever looks into it.
func (t trial) String() string {
	text := t.scenario.name
	for _, each := range t.breakages {
		text += fmt.Sprintf(" / %s %s: %s", each.call.provider, each.call, each.kind.name)
	}
	return text
}

// ending is how a case ended, and what it broke of the promise.
type ending struct {
	state connection.RunState
	// waited tells that the run waited for a person, person that somebody had to say resume.
	waited, person bool
	broken         []string
	took           time.Duration
}

// patience bounds a case.
const patience = 2 * time.Minute

// try carries out a case.
func (l *lane) try(ctx context.Context, t trial) ending {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	started := time.Now()
	end, err := l.broken(ctx, t)
	end.took = time.Since(started)
	if err != nil {
		end.broken = append(end.broken, err.Error())
	}
	return end
}

func (l *lane) broken(ctx context.Context, t trial) (ending, error) {
	wanted, err := l.prepare(ctx, t.scenario)
	if err != nil {
		return ending{}, err
	}
	for _, each := range t.breakages {
		if each.kind.endless {
			wanted.TimeBudget = connection.Duration(connection.MinTimeBudget)
		}
	}
	before, err := l.State()
	if err != nil {
		return ending{}, err
	}
	l.arm(t)
	run, err := l.start(ctx, t.scenario.workflow, wanted)
	if err != nil {
		return ending{}, err
	}
	d := driver{lane: l, trial: t, run: run}
	end, result, err := d.drive(ctx)
	if err != nil {
		l.abandon(run)
		return end, err
	}
	missed := l.missed(t)
	l.clearFaults()
	end.broken = append(end.broken, missed...)
	end.broken = append(end.broken, l.ledger.found()...)
	for _, left := range result.Left {
		if t.scenario.adopts && strings.Contains(left, "was not made by this connection") {
			continue
		}
		end.broken = append(end.broken, "nobody else changed anything, but the run tells: "+left)
	}
	end.broken = append(end.broken, l.judge(t, end, wanted.Name, before)...)
	return end, nil
}

// arm injects what is refused, and the faults.
func (l *lane) arm(t trial) {
	if t.scenario.refused != nil {
		l.server(t.scenario.provider).Inject(*t.scenario.refused)
	}
	for _, each := range t.breakages {
		l.server(each.call.provider).Inject(each.kind.at(each.call))
	}
}

// missed tells of a single fault that met no call: then nothing was proved. One of two can keep the run from the other.
func (l *lane) missed(t trial) []string {
	if len(t.breakages) != 1 {
		return nil
	}
	only := t.breakages[0]
	seen := 0
	for _, request := range l.journals()[only.call.provider] {
		if only.call.is(request) {
			seen++
		}
	}
	if seen < only.call.occurrence {
		return []string{"the run never came to the call"}
	}
	return nil
}

// judge compares both sides with what they must be after a run that ended so.
func (l *lane) judge(t trial, end ending, connectionName, before string) (broken []string) {
	after, err := l.State()
	if err != nil {
		return []string{err.Error()}
	}
	switch {
	case end.state == connection.RunConnected, end.state == connection.RunDisconnected && t.scenario.adopts:
		shape, err := canonical(after, connectionName)
		if err != nil {
			return []string{err.Error()}
		}
		broken = differences("declared", t.declared, shape)
	case end.state == connection.RunDisconnected:
		broken = differences("before it was connected", l.empty, after)
	default:
		broken = differences("before", before, after)
	}
	if t.scenario.adopts {
		broken = append(broken, gone(before, after)...)
	}
	broken = append(broken, t.pausedWell(end)...)
	mends := true
	for _, each := range t.breakages {
		mends = mends && each.kind.mends
	}
	if mends && (end.state != t.scenario.good || end.person) {
		broken = append(broken, fmt.Sprintf("it should get over this by itself and end %s", t.scenario.good))
	}
	return broken
}

// pausedWell tells what is wrong with a run that should have paused. Of two faults the other may have ended it.
func (t trial) pausedWell(end ending) []string {
	s := t.scenario
	if !s.pauses || len(t.breakages) != 1 {
		return nil
	}
	goesOn := t.breakages[0].kind.fault.Count == 0
	nothingToUndo := s.afterPause == connection.RunRolledBack && end.state == connection.RunRefused
	switch {
	case goesOn && !end.waited:
		return []string{"it should wait at the step that failed, and did not"}
	case end.waited && end.state != s.afterPause && !nothingToUndo:
		return []string{fmt.Sprintf("after the pause it should end %s", s.afterPause)}
	default:
		return nil
	}
}

func differences(what, want, got string) []string {
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
		return []string{fmt.Sprintf("both sides are not as %s (-%s +now):\n%s", what, what, diff)}
	}
	return nil
}

// abandon ends a run that would keep the lane's worker busy.
func (l *lane) abandon(run client.WorkflowRun) {
	l.clearFaults()
	ctx, cancel := context.WithTimeout(background, 10*time.Second)
	defer cancel()
	_ = l.Client.TerminateWorkflow(ctx, run.GetID(), run.GetRunID(), "the case is over")
}

// resultOf reads how a run ended.
func resultOf(err error, result connection.Result) (connection.Result, error) {
	var failed *temporal.ApplicationError
	var cancelled *temporal.CanceledError
	switch {
	case err == nil:
		return result, nil
	case errors.As(err, &failed) && failed.HasDetails() && failed.Details(&result) == nil:
		return result, nil
	case errors.As(err, &cancelled) && cancelled.HasDetails() && cancelled.Details(&result) == nil:
		return result, nil
	default:
		return result, fmt.Errorf("the run ended with no result: %w", err)
	}
}

package faults

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
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
	// connected is the canonical state once the connection is there as the scenario's document says.
	connected string
}

// good is how the case ends when it gets over what breaks.
func (t trial) good() connection.RunState {
	for _, each := range t.breakages {
		switch each.kind.then {
		case connection.ConnectWorkflow:
			return connection.RunConnected
		case connection.DisconnectWorkflow:
			return connection.RunDisconnected
		}
	}
	return t.scenario.good
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
	// nothing means that there was nothing to break, so that the case says nothing.
	nothing bool
	broken  []string
	// says is what the run says of how it ended.
	says string
	took time.Duration
}

// patience bounds a case. While a worker is frozen, Temporal hands it tasks that it asked for before, and waits for each in vain.
const (
	patience       = 2 * time.Minute
	patienceFrozen = 6 * time.Minute
)

// patience is how long the case may take.
func (t trial) patience() time.Duration {
	if slices.ContainsFunc(t.breakages, func(b breakage) bool { return b.kind.freezes }) {
		return patienceFrozen
	}
	return patience
}

// try carries out a case.
func (l *lane) try(ctx context.Context, t trial) ending {
	ctx, cancel := context.WithTimeout(ctx, t.patience())
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
	if play := t.breakages[0].kind.play; play != nil {
		return play(ctx, l, t)
	}
	wanted, err := l.prepare(ctx, t)
	if err != nil {
		return ending{}, err
	}
	for _, each := range t.breakages {
		if each.kind.endless || each.kind.budget {
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
	end, result, err := l.follow(ctx, t, wanted, run)
	if err != nil {
		return end, err
	}
	end.says = strings.Join(append([]string{fmt.Sprintf("%+v", valueOf(result.Failure))}, result.Left...), "; ")
	if l.meddling == nil && slices.ContainsFunc(t.breakages, func(b breakage) bool { return b.kind.hand != nil }) {
		end.nothing = true
	}
	missed := l.missed(t)
	l.clearFaults()
	end.broken = append(end.broken, missed...)
	end.broken = append(end.broken, l.ledger.found()...)
	if l.meddling != nil {
		end.broken = append(end.broken, l.judgeMeddled(t, end, result, before)...)
		return end, nil
	}
	end.broken = append(end.broken, tells(t, result)...)
	end.broken = append(end.broken, l.judge(t, end, result, before)...)
	return end, nil
}

// follow follows the case's run, and the one that goes on where it was terminated, to the end; and what is carried out late too.
func (l *lane) follow(ctx context.Context, t trial, wanted connection.Spec, run client.WorkflowRun) (ending, connection.Result, error) {
	d := driver{lane: l, trial: t, run: run}
	end, result, err := d.drive(ctx)
	if then := t.breakages; err == nil && len(then) == 1 && then[0].kind.then != "" && end.state == "" {
		l.clearFaults()
		l.follows, err = l.start(ctx, then[0].kind.then, wanted)
	}
	if next := l.follows; next != nil && err == nil {
		d = driver{lane: l, trial: trial{scenario: t.scenario}, run: next}
		end, result, err = d.drive(ctx)
	}
	if err != nil {
		l.abandon(d.run)
		return end, result, err
	}
	for _, each := range t.breakages {
		if each.kind.afterwards != nil {
			if err := each.kind.afterwards(ctx, l, run); err != nil {
				return end, result, err
			}
		}
	}
	return end, result, l.settle(ctx)
}

func valueOf(failure *connection.Failure) (none connection.Failure) {
	if failure == nil {
		return none
	}
	return *failure
}

// tells is what is wrong with what the run says that it left: nobody else changed anything.
func tells(t trial, result connection.Result) (broken []string) {
	released := t.scenario.adopts && (t.good() == connection.RunDisconnected || result.State == connection.RunDisconnected)
	for _, left := range result.Left {
		if released && strings.Contains(left, "was not made by this connection") || strings.Contains(left, noPriority) {
			continue
		}
		broken = append(broken, "nobody else changed anything, but the run tells: "+left)
	}
	return broken
}

// noPriority is said of what can't be put back: the first group that an app is assigned to gets priority 0, and Okta takes no request
// for that.
const noPriority = " had priority 0, "

// armEarly injects the faults that are there before what the scenario finds is made.
func (l *lane) armEarly(t trial) {
	for _, each := range t.breakages {
		if each.kind.early {
			l.server(each.call.provider).Inject(each.kind.at(each.call))
		}
	}
}

// arm injects what is refused, and the faults.
func (l *lane) arm(t trial) {
	if t.scenario.refused != nil {
		l.server(t.scenario.provider).Inject(*t.scenario.refused)
	}
	for _, each := range t.breakages {
		if each.kind.early {
			continue
		}
		if each.kind.behind > 0 {
			for _, side := range l.sides() {
				side.Inject(kit.Fault{Kind: kit.KindLag, Delay: kit.Duration(each.kind.behind)})
			}
		}
		fault := each.kind.at(each.call)
		if fault.Kind == kit.KindHand {
			fault.Act = func(*http.Request, *kit.Answer) { l.act(each.kind) }
		}
		l.server(each.call.provider).Inject(fault)
	}
}

// missed tells of a single fault that met no call: then nothing was proved. One of two can keep the run from the other.
func (l *lane) missed(t trial) []string {
	if len(t.breakages) != 1 {
		return nil
	}
	only := t.breakages[0]
	if only.kind.early {
		return nil // the list was read while the connection was made, or again now
	}
	if only.kind.fault.Kind == kit.KindPages {
		return nil // a list is read in as many calls as it has pages
	}
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
	var terminated *temporal.TerminatedError
	switch {
	case err == nil, errors.As(err, &terminated):
		return result, nil
	case errors.As(err, &failed) && failed.HasDetails() && failed.Details(&result) == nil:
		return result, nil
	case errors.As(err, &cancelled) && cancelled.HasDetails() && cancelled.Details(&result) == nil:
		return result, nil
	default:
		return result, fmt.Errorf("the run ended with no result: %w", err)
	}
}

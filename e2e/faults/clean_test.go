package faults

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/accessbridge/accessbridge/connection"
)

// cleanRun is a scenario's run in which nothing broke.
type cleanRun struct {
	// calls are those to break, in the order in which they came.
	calls []call
	// declared is the canonical state that it left.
	declared string
	// tasks is how many workflow tasks of it were completed.
	tasks int
}

// steady is a clean run with only those calls that another one made too: how often a run looks whether something is done already hangs
// on the moment.
func (l *lane) steady(ctx context.Context, s scenario) (cleanRun, error) {
	run, err := l.clean(ctx, s)
	if err != nil {
		return run, err
	}
	for range steadyRuns - 1 {
		another, err := l.clean(ctx, s)
		if err != nil {
			return run, err
		}
		run.calls = slices.DeleteFunc(run.calls, func(c call) bool { return !slices.Contains(another.calls, c) })
		run.tasks = min(run.tasks, another.tasks)
	}
	return run, nil
}

// steadyRuns is how many clean runs must make a call for it to be broken.
const steadyRuns = 3

// clean runs the scenario with nothing broken.
func (l *lane) clean(ctx context.Context, s scenario) (cleanRun, error) {
	wanted, err := l.prepare(ctx, trial{scenario: s})
	if err != nil {
		return cleanRun{}, err
	}
	l.arm(trial{scenario: s})
	run, err := l.start(ctx, s.workflow, wanted)
	if err != nil {
		return cleanRun{}, err
	}
	var result connection.Result
	result, err = resultOf(run.Get(ctx, &result), result)
	if err != nil || result.State != s.good {
		return cleanRun{}, fmt.Errorf("the clean run ended %q, not %q: %w", result.State, s.good, err)
	}
	var since time.Time
	if s.refused != nil {
		progress, err := l.progress(ctx, run)
		if err != nil {
			return cleanRun{}, err
		}
		first := slices.IndexFunc(progress.Steps, func(step connection.Step) bool { return step.Undo })
		since = progress.Steps[first].StartedAt
	}
	after, err := l.State()
	if err != nil {
		return cleanRun{}, err
	}
	tasks, err := l.TasksOf(ctx, run)
	if err != nil {
		return cleanRun{}, err
	}
	declared, err := canonical(after, wanted.Name)
	return cleanRun{calls: callsOf(l.journals(), since), declared: declared, tasks: len(tasks)}, err
}

package faults

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/accessbridge/accessbridge/connection"
)

// clean runs the scenario with nothing broken, and returns the calls to break and the state that it leaves.
func (l *lane) clean(ctx context.Context, s scenario) ([]call, string, error) {
	wanted, err := l.prepare(ctx, s)
	if err != nil {
		return nil, "", err
	}
	l.arm(trial{scenario: s})
	run, err := l.start(ctx, s.workflow, wanted)
	if err != nil {
		return nil, "", err
	}
	var result connection.Result
	result, err = resultOf(run.Get(ctx, &result), result)
	if err != nil || result.State != s.good {
		return nil, "", fmt.Errorf("the clean run ended %q, not %q: %w", result.State, s.good, err)
	}
	var since time.Time
	if s.refused != nil {
		progress, err := l.progress(ctx, run)
		if err != nil {
			return nil, "", err
		}
		first := slices.IndexFunc(progress.Steps, func(step connection.Step) bool { return step.Undo })
		since = progress.Steps[first].StartedAt
	}
	after, err := l.State()
	if err != nil {
		return nil, "", err
	}
	declared, err := canonical(after, wanted.Name)
	return callsOf(l.journals(), since), declared, err
}

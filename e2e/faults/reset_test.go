package faults

import (
	"context"
	"fmt"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
)

// points are where the runs of a scenario are reset to after they have ended.
func points(s scenario, tasks int) (points []call) {
	if s.pauses || s.refused != nil || s.onlyLists {
		return nil
	}
	for n := range tasks {
		points = append(points, call{provider: temporalItself, method: "RESET", path: "to workflow task", glob: "task", occurrence: n + 1})
	}
	return points
}

// onPoints is about those.
func onPoints(_ scenario, c call) bool { return c.provider == temporalItself }

// resets are resets of runs that have ended.
var resets = group{
	name: "Reset in Temporal after it has ended, to each workflow task that was completed",
	kinds: []kind{
		{name: "no later run", strikes: onPoints, play: resetAfter()},
		{name: "connected with another document since", strikes: onPoints, play: resetAfter(anotherDocument)},
		{name: "disconnected since", strikes: onPoints, play: resetAfter(disconnected)},
		{name: "disconnected and connected since", strikes: onPoints, play: resetAfter(disconnected, connected)},
	},
}

// later is a run that comes between a run's end and its reset.
type later func(ctx context.Context, l *lane, wanted connection.Spec) error

func anotherDocument(ctx context.Context, l *lane, wanted connection.Spec) error {
	wanted.Cloudflare.IDPName, wanted.Policy.Name, wanted.Okta.AssignGroups = "Another", "Another", []string{"Sales"}
	wanted.Policy.Allow.Groups = []string{"Sales"}
	return l.carryOut(ctx, connection.ConnectWorkflow, wanted)
}

func disconnected(ctx context.Context, l *lane, wanted connection.Spec) error {
	return l.carryOut(ctx, connection.DisconnectWorkflow, wanted)
}

func connected(ctx context.Context, l *lane, wanted connection.Spec) error {
	return l.carryOut(ctx, connection.ConnectWorkflow, wanted)
}

// resetAfter is a case in which a run has ended, others came, and then it is reset.
func resetAfter(runs ...later) func(context.Context, *lane, trial) (ending, error) {
	return func(ctx context.Context, l *lane, t trial) (ending, error) {
		wanted, err := l.prepare(ctx, t)
		if err != nil {
			return ending{}, err
		}
		before, err := l.State()
		if err != nil {
			return ending{}, err
		}
		run, err := l.start(ctx, t.scenario.workflow, wanted)
		if err == nil {
			err = run.Get(ctx, nil)
		}
		for _, each := range runs {
			if err == nil {
				err = each(ctx, l, wanted)
			}
		}
		if err != nil {
			return ending{}, fmt.Errorf("the runs before the reset: %w", err)
		}
		return l.resetAndJudge(ctx, t, run, before, len(runs) > 0)
	}
}

// resetAndJudge resets the run that ended, and holds both sides against what they must be then.
func (l *lane) resetAndJudge(ctx context.Context, t trial, run client.WorkflowRun, before string, superseded bool) (ending, error) {
	between, err := l.State()
	if err != nil {
		return ending{}, err
	}
	tasks, err := l.TasksOf(ctx, run)
	if err != nil {
		return ending{}, err
	}
	again, err := l.ResetTo(ctx, run, tasks[min(t.breakages[0].call.occurrence, len(tasks))-1])
	if err != nil {
		return ending{}, err
	}
	end, result, err := l.follow(ctx, trial{scenario: t.scenario}, connection.Spec{}, again)
	if err != nil {
		return end, err
	}
	end.broken = append(end.broken, l.ledger.found()...)
	if !superseded {
		end.broken = append(end.broken, tells(t, result)...)
		end.broken = append(end.broken, l.judge(t, end, result, before)...)
		return end, nil
	}
	after, err := l.State()
	end.broken = append(end.broken, differences("the later run left them", between, after)...)
	return end, err
}

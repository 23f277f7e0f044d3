package faults

import (
	"context"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
)

// tasksOf are the events of a run to which it can be reset: where a workflow task was completed.
func (l *lane) tasksOf(ctx context.Context, run client.WorkflowRun) (events []int64, err error) {
	history := l.Client.GetWorkflowHistory(ctx, run.GetID(), run.GetRunID(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		if err != nil {
			return nil, fmt.Errorf("read the history of run %s: %w", run.GetRunID(), err)
		}
		if event.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
			events = append(events, event.GetEventId())
		}
	}
	return events, nil
}

// resetTo resets a run to an event, as Temporal's own tools do, and returns the run that goes on.
func (l *lane) resetTo(ctx context.Context, run client.WorkflowRun, event int64) (client.WorkflowRun, error) {
	reset, err := l.Client.ResetWorkflowExecution(ctx, &workflowservice.ResetWorkflowExecutionRequest{
		Namespace: "default", RequestId: fmt.Sprintf("reset-%s-%d", run.GetRunID(), event), Reason: "a case", WorkflowTaskFinishEventId: event,
		WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: run.GetID(), RunId: run.GetRunID()},
	})
	if err != nil {
		return nil, fmt.Errorf("reset run %s to event %d: %w", run.GetRunID(), event, err)
	}
	return l.Client.GetWorkflow(ctx, run.GetID(), reset.GetRunId()), nil
}

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
	tasks, err := l.tasksOf(ctx, run)
	if err != nil {
		return ending{}, err
	}
	again, err := l.resetTo(ctx, run, tasks[min(t.breakages[0].call.occurrence, len(tasks))-1])
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

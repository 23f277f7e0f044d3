package faults

import (
	"context"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// held is a change that is carried out at once, and whose answer doesn't come.
var held = kit.Fault{Kind: kit.KindDelayAfter, Delay: untilBroken, Count: 1}

// terminated are runs that someone ends or resets with Temporal's own tools while they wait for the answer to a change, and what is
// started at once after that.
var terminated = group{
	name: "Terminated or reset in Temporal during a change, and the next run at once",
	note: scale,
	kinds: []kind{
		{name: "done, terminated, then connect", fault: held, mends: true, during: terminate, then: connection.ConnectWorkflow, strikes: onChanges},
		{name: "done after 20 s, terminated, then connect", fault: late(20, false), mends: true, during: terminate, then: connection.ConnectWorkflow, strikes: onChanges},
		{name: "cut, done after 60 s, terminated, then connect", fault: late(60, true), mends: true, during: terminate, then: connection.ConnectWorkflow, strikes: onChanges},
		{name: "done, terminated, then disconnect", fault: held, mends: true, during: terminate, then: connection.DisconnectWorkflow, strikes: onChanges},
		{name: "done after 20 s, terminated, then disconnect", fault: late(20, false), mends: true, during: terminate, then: connection.DisconnectWorkflow, strikes: onChanges},
		{name: "cut, done after 60 s, terminated, then disconnect", fault: late(60, true), mends: true, during: terminate, then: connection.DisconnectWorkflow, strikes: onChanges},
		{name: "done, reset to its start", fault: held, mends: true, during: resetDuring(first), strikes: onResettable},
		{name: "done after 20 s, reset to its start", fault: late(20, false), mends: true, during: resetDuring(first), strikes: onResettable},
		{name: "cut, done after 60 s, reset to its start", fault: late(60, true), mends: true, during: resetDuring(first), strikes: onResettable},
		{name: "done, reset to its last task", fault: held, mends: true, during: resetDuring(last), strikes: onChanges},
		{name: "done after 20 s, reset to its last task", fault: late(20, false), mends: true, during: resetDuring(last), strikes: onChanges},
		{name: "cut, done after 60 s, reset to its last task", fault: late(60, true), mends: true, during: resetDuring(last), strikes: onChanges},
	},
}

// terminate ends the run; the case starts the next one at once.
func terminate(ctx context.Context, l *lane, run client.WorkflowRun) error {
	return l.Client.TerminateWorkflow(ctx, run.GetID(), run.GetRunID(), "a case")
}

func first(events []int64) int64 { return events[0] }

func last(events []int64) int64 { return events[len(events)-1] }

// resetDuring resets the run, which goes on as another.
func resetDuring(to func([]int64) int64) deed {
	return func(ctx context.Context, l *lane, run client.WorkflowRun) error {
		tasks, err := l.TasksOf(ctx, run)
		if err != nil {
			return err
		}
		l.follows, err = l.ResetTo(ctx, run, to(tasks))
		return err
	}
}

// onResettable leaves rollbacks out: a run that is reset to its start surveys what it has half undone, and that is what was before it.
func onResettable(s scenario, c call) bool { return onChanges(s, c) && s.refused == nil }

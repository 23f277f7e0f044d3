package faults

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"github.com/accessbridge/accessbridge/connection"
)

// mend ends what broke the run, and says so to it.
func mend(ctx context.Context, l *lane, run client.WorkflowRun) error {
	l.clearFaults()
	return l.say(ctx, run, connection.ResumeUpdate)
}

// giveUp tells a paused run to roll back, while what broke it goes on. A run that rolls back already refuses that.
func giveUp(ctx context.Context, l *lane, run client.WorkflowRun) error {
	_ = l.say(ctx, run, connection.RollbackUpdate)
	return nil
}

// nobodyComes returns when a paused run went on by itself.
func nobodyComes(ctx context.Context, l *lane, run client.WorkflowRun) error {
	look := time.NewTicker(askEvery)
	defer look.Stop()
	for l.stateOf(ctx, run) == connection.RunNeedsOperator {
		// It may wait for a person again by now, who is needed to roll back.
		progress, err := l.progress(ctx, run)
		if err == nil && slices.ContainsFunc(progress.Steps, func(step connection.Step) bool { return step.Undo }) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
	}
	return nil
}

// say tells the run something. That it waits no more is no error: it may just have gone on.
func (l *lane) say(ctx context.Context, run client.WorkflowRun, update string) error {
	handle, err := l.Client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: run.GetID(), RunID: run.GetRunID(), UpdateName: update, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		err = handle.Get(ctx, nil)
	}
	if err != nil && l.stateOf(ctx, run) == connection.RunNeedsOperator {
		return fmt.Errorf("%s: %w", update, err)
	}
	return nil
}

// stateOf is what the run says of itself in lists, which needs no worker. A server that is away is asked again later.
func (l *lane) stateOf(ctx context.Context, run client.WorkflowRun) connection.RunState {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	described, err := l.Client.DescribeWorkflowExecution(ctx, run.GetID(), run.GetRunID())
	if err != nil {
		return ""
	}
	var state connection.RunState
	_ = converter.GetDefaultDataConverter().FromPayload(described.WorkflowExecutionInfo.GetMemo().GetFields()[connection.MemoState], &state)
	return state
}

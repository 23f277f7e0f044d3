package faults

import (
	"context"
	"errors"
	"fmt"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
)

// stepsTouched are steps that someone pauses or resets with Temporal's own tools while the answer to a change is lost.
var stepsTouched = group{
	name:  "A step paused, unpaused or reset in Temporal while the answer to its change is lost",
	note:  scale,
	kinds: touchingKinds(),
}

func touchingKinds() (all []kind) {
	for _, touch := range []struct {
		name string
		do   deed
	}{
		{"paused and unpaused", pauseStep(false, false)},
		{"paused and unpaused --reset-attempts", pauseStep(true, false)},
		{"paused and unpaused --reset-attempts --reset-heartbeats", pauseStep(true, true)},
		{"reset", resetStep(false)},
		{"reset --reset-heartbeats", resetStep(true)},
	} {
		all = append(all,
			kind{name: "done, no answer, " + touch.name, fault: held, mends: true, during: touch.do, strikes: onChanges},
			kind{name: "cut, done after 20 s, " + touch.name, fault: late(20, true), mends: true, during: touch.do, strikes: onChanges},
		)
	}
	return all
}

// pending are the steps of a run that Temporal has no result of.
func (l *lane) pending(ctx context.Context, run client.WorkflowRun) ([]*workflowpb.PendingActivityInfo, error) {
	described, err := l.Client.DescribeWorkflowExecution(ctx, run.GetID(), run.GetRunID())
	return described.GetPendingActivities(), err
}

// settledMeanwhile reports whether a step that is to be touched has settled meanwhile.
func settledMeanwhile(err error) bool {
	var missing *serviceerror.NotFound
	return errors.As(err, &missing)
}

// pauseStep pauses all pending steps, waits until none of them is at work, and unpauses them.
func pauseStep(resetAttempts, resetHeartbeat bool) deed {
	return func(ctx context.Context, l *lane, run client.WorkflowRun) error {
		service, execution := l.Client.WorkflowService(), &commonpb.WorkflowExecution{WorkflowId: run.GetID(), RunId: run.GetRunID()}
		steps, err := l.pending(ctx, run)
		if err != nil {
			return err
		}
		for _, step := range steps {
			_, err := service.PauseActivity(ctx, &workflowservice.PauseActivityRequest{
				Namespace: "default", Execution: execution, Activity: &workflowservice.PauseActivityRequest_Id{Id: step.GetActivityId()},
			})
			if err != nil && !settledMeanwhile(err) {
				return fmt.Errorf("pause step %s: %w", step.GetActivityId(), err)
			}
		}
		if err := l.untilIdle(ctx, run); err != nil {
			return err
		}
		for _, step := range steps {
			_, err := service.UnpauseActivity(ctx, &workflowservice.UnpauseActivityRequest{
				Namespace: "default", Execution: execution, Activity: &workflowservice.UnpauseActivityRequest_Id{Id: step.GetActivityId()},
				ResetAttempts: resetAttempts, ResetHeartbeat: resetHeartbeat,
			})
			if err != nil && !settledMeanwhile(err) {
				return fmt.Errorf("unpause step %s: %w", step.GetActivityId(), err)
			}
		}
		return nil
	}
}

// untilIdle waits until no step of the run is at work.
func (l *lane) untilIdle(ctx context.Context, run client.WorkflowRun) error {
	look := time.NewTicker(askEvery)
	defer look.Stop()
	for {
		steps, err := l.pending(ctx, run)
		if err != nil {
			return err
		}
		busy := false
		for _, step := range steps {
			switch step.GetState() {
			case enumspb.PENDING_ACTIVITY_STATE_STARTED, enumspb.PENDING_ACTIVITY_STATE_PAUSE_REQUESTED:
				busy = true
			}
		}
		if !busy {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until no step is at work: %w", ctx.Err())
		case <-look.C:
		}
	}
}

// resetStep resets all pending steps.
func resetStep(resetHeartbeat bool) deed {
	return func(ctx context.Context, l *lane, run client.WorkflowRun) error {
		steps, err := l.pending(ctx, run)
		if err != nil {
			return err
		}
		for _, step := range steps {
			_, err := l.Client.WorkflowService().ResetActivity(ctx, &workflowservice.ResetActivityRequest{
				Namespace: "default", Execution: &commonpb.WorkflowExecution{WorkflowId: run.GetID(), RunId: run.GetRunID()},
				Activity: &workflowservice.ResetActivityRequest_Id{Id: step.GetActivityId()}, ResetHeartbeat: resetHeartbeat,
			})
			if err != nil && !settledMeanwhile(err) {
				return fmt.Errorf("reset step %s: %w", step.GetActivityId(), err)
			}
		}
		return nil
	}
}

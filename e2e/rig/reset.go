package rig

import (
	"context"
	"fmt"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
)

// TasksOf are the events of a run to which it can be reset: where a workflow task was completed.
func (r *Rig) TasksOf(ctx context.Context, run client.WorkflowRun) (events []int64, err error) {
	history := r.Client.GetWorkflowHistory(ctx, run.GetID(), run.GetRunID(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
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

// ResetTo resets a run to an event, as Temporal's own tools do, and returns the run that goes on.
func (r *Rig) ResetTo(ctx context.Context, run client.WorkflowRun, event int64) (client.WorkflowRun, error) {
	reset, err := r.Client.ResetWorkflowExecution(ctx, &workflowservice.ResetWorkflowExecutionRequest{
		Namespace: "default", RequestId: fmt.Sprintf("reset-%s-%d", run.GetRunID(), event), Reason: "a test", WorkflowTaskFinishEventId: event,
		WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: run.GetID(), RunId: run.GetRunID()},
	})
	if err != nil {
		return nil, fmt.Errorf("reset run %s to event %d: %w", run.GetRunID(), event, err)
	}
	return r.Client.GetWorkflow(ctx, run.GetID(), reset.GetRunId()), nil
}

package temporal

import (
	"context"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
)

// Untaken reports whether no worker has ever begun a run: it has asked for nothing, and changed nothing. A run that was reset goes on from
// one that has begun.
func Untaken(ctx context.Context, server client.Client, workflowID, runID string) (bool, error) {
	untaken, _, err := untaken(ctx, server, workflowID, runID)
	return untaken, err
}

// CancelledUntaken reports whether a run was asked to cancel and no worker has ever begun it.
func CancelledUntaken(ctx context.Context, server client.Client, workflowID, runID string) (bool, error) {
	untaken, cancelled, err := untaken(ctx, server, workflowID, runID)
	return untaken && cancelled, err
}

func untaken(ctx context.Context, server client.Client, workflowID, runID string) (untaken, cancelled bool, err error) {
	history := server.GetWorkflowHistory(ctx, workflowID, runID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		if err != nil {
			return false, false, fmt.Errorf("read the history of workflow %s, run %s: %w", workflowID, runID, err)
		}
		switch event.GetEventType() {
		case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
			if original := event.GetWorkflowExecutionStartedEventAttributes().GetOriginalExecutionRunId(); original != "" && original != runID {
				return false, false, nil
			}
		case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED:
			cancelled = true
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
			return false, false, nil
		}
	}
	return true, cancelled, nil
}

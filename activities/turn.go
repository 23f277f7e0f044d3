package activities

import (
	"context"
	"errors"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/activity"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// TurnOver is the signal that ends a turn.
const TurnOver = "over"

// TurnHolder finds the connection whose run has the turn that the workflow with the ID is; "" when no run has it any more. A turn ends
// with its run, but for one thing: Temporal leaves it open when the run is reset. Once no run of that connection is open,
// nobody is left to end it, and this does.
func (a *Activities) TurnHolder(ctx context.Context, workflowID string) (string, error) {
	if !planner.IsTurnID(workflowID) {
		return "", malformed(connection.Fault{Path: "the workflow ID", Found: "isn't that of a turn at an application", Accepted: "it must be " + connection.WorkflowIDPrefix + "application/ACCOUNT/APPLICATION"})
	}
	turn, err := activity.GetClient(ctx).DescribeWorkflowExecution(ctx, workflowID, "")
	if err != nil {
		return "", fmt.Errorf("ask Temporal about workflow %s: %w", workflowID, err)
	}
	info := turn.GetWorkflowExecutionInfo()
	if info.GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return "", nil
	}
	run := info.GetParentExecution().GetWorkflowId()
	open, err := isOpen(ctx, run)
	if err != nil {
		return "", err
	}
	if !open {
		if err := activity.GetClient(ctx).SignalWorkflow(ctx, workflowID, info.GetExecution().GetRunId(), TurnOver, nil); err != nil {
			return "", fmt.Errorf("end the turn that the runs of %s left: %w", run, err)
		}
		return "", nil
	}
	return connection.NameFromWorkflowID(run), nil
}

// isOpen reports whether the newest run of a workflow is open. One that Temporal has forgotten isn't.
func isOpen(ctx context.Context, workflowID string) (bool, error) {
	described, err := activity.GetClient(ctx).DescribeWorkflowExecution(ctx, workflowID, "")
	var forgotten *serviceerror.NotFound
	if errors.As(err, &forgotten) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("ask Temporal about workflow %s: %w", workflowID, err)
	}
	return described.GetWorkflowExecutionInfo().GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, nil
}

package activities

import (
	"context"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"

	"github.com/accessbridge/accessbridge/connection"
)

// TurnHolder finds the connection whose run has the turn that the workflow with the ID is; "" when no run has it any more.
func (a *Activities) TurnHolder(ctx context.Context, workflowID string) (string, error) {
	turn, err := activity.GetClient(ctx).DescribeWorkflowExecution(ctx, workflowID, "")
	if err != nil {
		return "", fmt.Errorf("ask Temporal about workflow %s: %w", workflowID, err)
	}
	info := turn.GetWorkflowExecutionInfo()
	if info.GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return "", nil
	}
	return connection.NameFromWorkflowID(info.GetParentExecution().GetWorkflowId()), nil
}

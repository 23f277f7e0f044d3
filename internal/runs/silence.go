package runs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	failurepb "go.temporal.io/api/failure/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/internal/codec"
)

// whyNoProgress says in words why a query got no answer.
func (r *Runs) whyNoProgress(ctx context.Context, status Status, err error) string {
	if codec.Unreadable(err) {
		return "what the worker tells can't be read: " + err.Error()
	}
	queue := cmp.Or(status.TaskQueue, r.options.TaskQueue)
	if cause := r.lastTaskFailure(ctx, status); cause != "" {
		return fmt.Sprintf("a worker on task queue %q can't carry the run on, and tries again: %s.", queue, strings.TrimSuffix(cause, "."))
	}
	var refused *serviceerror.QueryFailed
	var notReady *serviceerror.WorkflowNotReady
	switch {
	case errors.As(err, &refused):
		return "the worker can't tell how far the run is: " + refused.Error()
	case r.Unpolled(ctx, queue):
		return fmt.Sprintf("no worker polls task queue %q: start one there.", queue)
	case errors.As(err, &notReady):
		return fmt.Sprintf("no worker has taken up the run; is one running on task queue %q?", queue)
	default:
		return fmt.Sprintf("no worker answers; is one running on task queue %q?", queue)
	}
}

// TaskQueue is where runs are started.
func (r *Runs) TaskQueue() string { return r.options.TaskQueue }

// Unpolled reports whether no worker has asked for work on a task queue for some minutes. A worker that ended since is still known.
func (r *Runs) Unpolled(ctx context.Context, queue string) bool {
	ctx, cancel := context.WithTimeout(ctx, r.options.QueryWithin)
	defer cancel()
	described, err := r.client.DescribeTaskQueue(ctx, queue, enumspb.TASK_QUEUE_TYPE_WORKFLOW)
	return err == nil && len(described.GetPollers()) == 0
}

// lastEvents is how many of the newest events of a run are looked at: signals can come after the one that is looked for.
const lastEvents = 50

// lastTaskFailure is why the last workflow task of a run failed, when no other one was completed since; "" when that isn't so, or
// isn't known. Temporal keeps the first failure of several in a row.
func (r *Runs) lastTaskFailure(ctx context.Context, status Status) string {
	ctx, cancel := context.WithTimeout(ctx, r.options.QueryWithin)
	defer cancel()
	newest, err := r.client.WorkflowService().GetWorkflowExecutionHistoryReverse(ctx, &workflowservice.GetWorkflowExecutionHistoryReverseRequest{
		Namespace: r.options.Namespace, MaximumPageSize: lastEvents,
		Execution: &commonpb.WorkflowExecution{WorkflowId: status.WorkflowID, RunId: status.RunID},
	})
	if err != nil {
		return ""
	}
	for _, event := range newest.GetHistory().GetEvents() {
		switch event.GetEventType() {
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED:
			return ""
		case enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED:
			return r.words(event.GetWorkflowTaskFailedEventAttributes().GetFailure())
		}
	}
	return ""
}

// words are a failure's own, without what the SDK adds for programs.
func (r *Runs) words(failure *failurepb.Failure) string {
	var said any
	if encoded := failure.GetEncodedAttributes(); encoded != nil {
		if err := r.options.DataConverter.FromPayload(encoded, &said); codec.Unreadable(err) {
			return "why can't be read: " + err.Error()
		}
	}
	converter := temporal.NewDefaultFailureConverter(temporal.DefaultFailureConverterOptions{DataConverter: r.options.DataConverter})
	err := converter.FailureToError(failure)
	var told *temporal.ApplicationError
	if errors.As(err, &told) {
		return told.Message()
	}
	return err.Error()
}

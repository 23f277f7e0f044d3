package runs

import (
	"context"
	"errors"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"

	"github.com/accessbridge/accessbridge/connection"
)

// Document returns the document that a connection was last connected with, and the run that had it as its input: the
// newest run that ended connected. A later run that was refused or rolled back may have had a document that never took
// effect. When none ended connected, it is the newest run's.
func (r *Runs) Document(ctx context.Context, name string) (connection.Spec, Status, error) {
	status, err := r.Describe(ctx, Newest(name))
	if err != nil {
		return connection.Spec{}, Status{}, err
	}
	if status.State != connection.RunConnected {
		if status, err = r.lastConnected(ctx, name, status); err != nil {
			return connection.Spec{}, Status{}, err
		}
	}
	spec, err := r.input(ctx, status)
	if err != nil {
		return connection.Spec{}, Status{}, fmt.Errorf("read the document of connection %q from the history of run %s: %w", name, status.RunID, err)
	}
	return spec, status, nil
}

// lastConnected is the newest run of the connection that ended connected, or else the newest one.
func (r *Runs) lastConnected(ctx context.Context, name string, newest Status) (Status, error) {
	query := fmt.Sprintf("WorkflowId = %q AND WorkflowType = %q AND ExecutionStatus = \"Completed\"", connection.WorkflowID(name), connection.ConnectWorkflow)
	var last *Status
	err := r.each(ctx, query, func(status Status) {
		known := status.State == connection.RunConnected || status.Unreadable != ""
		if known && (last == nil || last.StartedAt.Before(status.StartedAt)) {
			last = &status
		}
	})
	if err != nil {
		return Status{}, fmt.Errorf("look for the document of connection %q: %w", name, err)
	}
	if last != nil && last.Unreadable != "" {
		return Status{}, fmt.Errorf("look for the document of connection %q: what run %s ended with can't be read: %s", name, last.RunID, last.Unreadable)
	}
	if last == nil {
		return newest, nil
	}
	return *last, nil
}

// input decodes the document from the first event of a run's history.
func (r *Runs) input(ctx context.Context, run Status) (connection.Spec, error) {
	var spec connection.Spec
	if run.Operation != connection.ConnectWorkflow && run.Operation != connection.DisconnectWorkflow {
		return spec, fmt.Errorf("it is of workflow type %q, which is not ours", run.Operation)
	}
	events := r.client.GetWorkflowHistory(ctx, run.WorkflowID, run.RunID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	if !events.HasNext() {
		return spec, errors.New("the history is empty")
	}
	var first *historypb.HistoryEvent
	first, err := events.Next()
	if err != nil {
		return spec, err
	}
	if err := r.options.DataConverter.FromPayloads(first.GetWorkflowExecutionStartedEventAttributes().GetInput(), &spec); err != nil {
		return spec, err
	}
	return spec.WithDefaults(), nil
}

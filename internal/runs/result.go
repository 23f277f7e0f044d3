package runs

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/codec"
	internal "github.com/accessbridge/accessbridge/internal/temporal"
)

// addResult tells how an ended run ended: by what it returned, or by what its failure carried.
func (r *Runs) addResult(ctx context.Context, status *Status) error {
	var result connection.Result
	options := client.WorkflowRunGetOptions{DisableFollowingRuns: true}
	err := r.client.GetWorkflow(ctx, status.WorkflowID, status.RunID).GetWithOptions(ctx, &result, options)
	if err == nil {
		status.settle(result)
		return nil
	}
	var ended *temporal.WorkflowExecutionError
	if !errors.As(err, &ended) {
		return fmt.Errorf("read the result of workflow %s, run %s: %w", status.WorkflowID, status.RunID, err)
	}
	if err := unreadable(err); err != nil {
		return fmt.Errorf("read why workflow %s, run %s, failed: %w", status.WorkflowID, status.RunID, err)
	}
	if carried, ok := resultOf(err); ok {
		status.settle(carried)
		return nil
	}
	if status.State != "" {
		return nil
	}
	status.Ending = reason(status.Ending, err)
	var terminated *temporal.TerminatedError
	if !errors.As(err, &terminated) {
		return nil
	}
	// What was cancelled before a worker had begun it changed nothing. Where that can't be read, it isn't known.
	if untaken, err := internal.CancelledUntaken(ctx, r.client, status.WorkflowID, status.RunID); err == nil && untaken {
		status.State, status.Ending = connection.RunCancelled, ""
	}
	return nil
}

// settle takes over what a run said at its end; it is stronger than the memo.
func (s *Status) settle(result connection.Result) {
	s.Result = &result
	if result.State.Ended() && result.State != "" {
		s.State, s.Ending = result.State, ""
	}
}

// resultOf is the result that the error of a failed or cancelled run carries. A failure of ours without one still says
// by its type where the run stands.
func resultOf(err error) (connection.Result, bool) {
	var result connection.Result
	var failed *temporal.ApplicationError
	var cancelled *temporal.CanceledError
	switch {
	case errors.As(err, &failed):
		state, ours := map[string]connection.RunState{
			connection.ErrorRefused: connection.RunRefused, connection.ErrorRolledBack: connection.RunRolledBack,
			connection.ErrorSuperseded: connection.RunSuperseded,
		}[failed.Type()]
		if !ours {
			return result, false
		}
		if !failed.HasDetails() || failed.Details(&result) != nil {
			result = connection.Result{State: state, Failure: &connection.Failure{Message: failed.Message()}}
		}
		return result, true
	case errors.As(err, &cancelled) && cancelled.HasDetails():
		return result, cancelled.Details(&result) == nil
	}
	return result, false
}

// unreadable is why the details of a run's failure can't be decrypted; nil when they can, or there are none. The SDK passes
// over what it can't decrypt.
func unreadable(err error) error {
	var failed *temporal.ApplicationError
	var cancelled *temporal.CanceledError
	var details interface {
		HasDetails() bool
		Details(values ...any) error
	}
	switch {
	case errors.As(err, &failed):
		details = failed
	case errors.As(err, &cancelled):
		details = cancelled
	}
	if details == nil || !details.HasDetails() {
		return nil
	}
	var result connection.Result
	if err := details.Details(&result); codec.Unreadable(err) {
		return err
	}
	return nil
}

// reason adds to the way a run ended what its error says.
func reason(ending string, err error) string {
	var failed *temporal.ApplicationError
	if errors.As(err, &failed) {
		return ending + ": " + failed.Message()
	}
	return ending
}

package runs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	internal "github.com/accessbridge/accessbridge/internal/temporal"
)

// updateWithin bounds how long a worker may take to accept what a person decided.
const updateWithin = 15 * time.Second

// EndedError tells that a run can't be acted on because it has ended.
type EndedError struct{ Status Status }

// Error says how the run ended.
func (e *EndedError) Error() string {
	return fmt.Sprintf("no run of connection %q is open: the last one (%s) is %s", e.Status.Connection, e.Status.Operation, e.Status.Phrase())
}

// Open names the open run of a connection.
func (r *Runs) Open(ctx context.Context, name string) (Run, error) {
	run := Newest(name)
	status, err := r.Describe(ctx, run)
	if err != nil {
		return Run{}, err
	}
	if !status.Open {
		return Run{}, &EndedError{Status: status}
	}
	run.RunID = status.RunID
	return run, nil
}

// Cancel asks an open run to put both sides back and end. It returns at once: follow the run with Watch.
func (r *Runs) Cancel(ctx context.Context, run Run) error {
	if err := r.client.CancelWorkflow(ctx, run.WorkflowID, run.RunID); err != nil {
		return fmt.Errorf("cancel workflow %s, run %s: %w", run.WorkflowID, run.RunID, err)
	}
	return nil
}

// takenWithin is how long a worker may take to begin a run that is cancelled before it has begun.
const takenWithin = 2 * time.Second

// EndUntaken ends a cancelled run that no worker begins, and reports whether it did: nothing would hear of the cancellation. Such a run
// has changed nothing. A worker that begins it in the same instant finds it cancelled, and begins no step that changes something.
func (r *Runs) EndUntaken(ctx context.Context, run Run) (bool, error) {
	again := time.NewTicker(r.options.Every)
	defer again.Stop()
	for end := time.Now().Add(takenWithin); ; {
		untaken, err := internal.Untaken(ctx, r.client, run.WorkflowID, run.RunID)
		if err != nil || !untaken {
			return false, err
		}
		if time.Now().After(end) {
			break
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-again.C:
		}
	}
	err := r.client.TerminateWorkflow(ctx, run.WorkflowID, run.RunID, "cancelled before a worker had begun it: nothing was changed")
	var over *serviceerror.NotFound
	switch {
	case errors.As(err, &over): // it has ended meanwhile
		return false, nil
	case err != nil:
		return false, fmt.Errorf("end workflow %s, run %s, which no worker has begun: %w", run.WorkflowID, run.RunID, err)
	}
	return true, nil
}

// Resume makes a run that waits for a person try again what failed. The run refuses when it waits for nobody.
func (r *Runs) Resume(ctx context.Context, run Run) error {
	return r.update(ctx, run, connection.ResumeUpdate, "resumed")
}

// Rollback makes a run that is paused at a failed step put both sides back. The run refuses when it isn't paused.
func (r *Runs) Rollback(ctx context.Context, run Run) error {
	return r.update(ctx, run, connection.RollbackUpdate, "rolled back")
}

// update sends a run an update without arguments and waits until the run has taken it.
func (r *Runs) update(ctx context.Context, run Run, name, participle string) error {
	queue := r.queueOf(ctx, run)
	about := connection.NameFromWorkflowID(run.WorkflowID)
	if r.Unpolled(ctx, queue) {
		return fmt.Errorf("connection %q can't be %s: no worker polls task queue %q, which its run is on; start one there", about, participle, queue)
	}
	within, cancel := context.WithTimeout(ctx, updateWithin)
	defer cancel()
	update, err := r.client.UpdateWorkflow(within, client.UpdateWorkflowOptions{
		WorkflowID: run.WorkflowID, RunID: run.RunID, UpdateName: name, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		err = update.Get(within, nil)
	}
	var refused *temporal.ApplicationError
	var slow *client.WorkflowUpdateServiceTimeoutOrCanceledError
	var deadline *serviceerror.DeadlineExceeded
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return fmt.Errorf("connection %q can't be %s: %s", about, participle, refused.Message())
	case errors.As(err, &slow), errors.As(err, &deadline), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("no worker took the %s of connection %q within %s; is one running on task queue %q?", name, about, updateWithin, queue)
	default:
		return fmt.Errorf("%s workflow %s, run %s: %w", name, run.WorkflowID, run.RunID, err)
	}
}

// queueOf is the task queue that a run is on: whoever acts on it may have another in mind.
func (r *Runs) queueOf(ctx context.Context, run Run) string {
	status, err := r.Describe(ctx, run)
	if err != nil {
		return r.options.TaskQueue
	}
	return cmp.Or(status.TaskQueue, r.options.TaskQueue)
}

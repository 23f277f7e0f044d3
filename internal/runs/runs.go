// Package runs starts, finds, follows and acts on the runs of connections in Temporal. It is what the command line does,
// apart from what it prints.
package runs

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"github.com/accessbridge/accessbridge/connection"
)

// Options say how runs are started and read.
type Options struct {
	// TaskQueue is where a worker listens. Default: connection.TaskQueue.
	TaskQueue string
	// Namespace is the client's. Default: "default".
	Namespace string
	// DataConverter reads the input, the memo and the failures of runs; it must be the client's. Default: the SDK's own.
	DataConverter converter.DataConverter
	// QueryWithin bounds how long a worker may take to tell how far a run is. Default: 3 seconds.
	QueryWithin time.Duration
	// Every is how often a run that is followed is looked at. Default: 4 times a second.
	Every time.Duration
}

// Runs are the runs of connections in one namespace of one server.
type Runs struct {
	client  client.Client
	options Options
}

// New returns the runs that the client reaches.
func New(temporal client.Client, options Options) *Runs {
	if options.TaskQueue == "" {
		options.TaskQueue = connection.TaskQueue
	}
	if options.Namespace == "" {
		options.Namespace = client.DefaultNamespace
	}
	if options.DataConverter == nil {
		options.DataConverter = converter.GetDefaultDataConverter()
	}
	if options.QueryWithin == 0 {
		options.QueryWithin = 3 * time.Second
	}
	if options.Every == 0 {
		options.Every = 250 * time.Millisecond
	}
	return &Runs{client: temporal, options: options}
}

// Run names one run of a connection.
type Run struct {
	WorkflowID string
	// RunID is "" for the newest run of the workflow ID.
	RunID string
}

// Newest names the newest run that changes a connection, ended or not.
func Newest(name string) Run { return Run{WorkflowID: connection.WorkflowID(name)} }

// OpenError tells that a run could not be started because another one of the connection is open.
type OpenError struct {
	Connection string
	RunID      string
}

// Error says which run is in the way and what to do.
func (e *OpenError) Error() string {
	return fmt.Sprintf("a run of connection %q is open already (run %s): only one may change a connection at a time", e.Connection, e.RunID)
}

// NotFoundError tells that Temporal knows no run of a connection, or none any more.
type NotFoundError struct{ Connection string }

// Error says that there is none, and why that may be.
func (e *NotFoundError) Error() string {
	return fmt.Sprintf("there is no run of connection %q in this namespace (an ended run is forgotten after the namespace's retention)", e.Connection)
}

// Start starts connection.ConnectWorkflow or connection.DisconnectWorkflow for a document. The workflow describes itself
// in its memo and search attributes, so that a run that another workflow starts looks just the same.
func (r *Runs) Start(ctx context.Context, workflow string, spec connection.Spec) (Run, error) {
	return r.start(ctx, client.StartWorkflowOptions{ID: connection.WorkflowID(spec.Name)}, workflow, spec)
}

// start starts a workflow of ours unless one with its ID is open.
func (r *Runs) start(ctx context.Context, options client.StartWorkflowOptions, workflow string, spec connection.Spec) (Run, error) {
	options.TaskQueue = r.options.TaskQueue
	options.WorkflowIDConflictPolicy = enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL
	options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	options.WorkflowExecutionErrorWhenAlreadyStarted = true
	started, err := r.client.ExecuteWorkflow(ctx, options, workflow, spec)
	var open *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &open) {
		return Run{}, &OpenError{Connection: spec.Name, RunID: open.RunId}
	}
	if err != nil {
		return Run{}, fmt.Errorf("start workflow %s for connection %q: %w", workflow, spec.Name, err)
	}
	return Run{WorkflowID: started.GetID(), RunID: started.GetRunID()}, nil
}

// notFound turns the server's answer that there is no such run into ours.
func (r *Runs) notFound(run Run, err error) error {
	var notFound *serviceerror.NotFound
	if errors.As(err, &notFound) {
		return &NotFoundError{Connection: connection.NameFromWorkflowID(run.WorkflowID)}
	}
	return err
}

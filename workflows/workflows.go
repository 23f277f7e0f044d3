// Package workflows holds the durable procedures. Each reads like the documented procedure: what a step does is in package
// activities, what is wanted in package connection, how a run is carried, told and undone in run.go and rollback.go.
package workflows

import (
	"time"

	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

// Workflows are the procedures, with what a worker's configuration says of their steps.
type Workflows struct{ Options Options }

// Options bound and pace the steps. They may change while runs are open: they are no part of a run's history.
type Options struct {
	// Attempt bounds one attempt of a step, Heartbeat the silence after which its worker is taken for dead.
	Attempt, Heartbeat time.Duration
	// InitialInterval is the wait before the first retry, MaximumInterval the longest; it doubles between them.
	InitialInterval, MaximumInterval time.Duration
}

// Register makes a worker carry out the workflows and the steps.
func Register(registry worker.Registry, workflows *Workflows, steps *activities.Activities) {
	registry.RegisterWorkflowWithOptions(workflows.Connect, workflow.RegisterOptions{Name: connection.ConnectWorkflow})
	registry.RegisterWorkflowWithOptions(workflows.Disconnect, workflow.RegisterOptions{Name: connection.DisconnectWorkflow})
	registry.RegisterWorkflowWithOptions(workflows.Plan, workflow.RegisterOptions{Name: connection.PlanWorkflow})
	registry.RegisterActivity(steps)
}

// steps names the activities for the workflows; it is never called.
var steps *activities.Activities

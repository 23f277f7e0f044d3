// Package workflows holds the durable procedures. Each reads like the documented procedure: what a step does is in package
// activities, what is wanted in package connection, how a run is carried, told and undone in run.go and rollback.go.
package workflows

import (
	"time"

	"github.com/accessbridge/accessbridge/activities"
)

// Workflows are the procedures, with what a worker's configuration says of their steps.
type Workflows struct{ Options Options }

// Options bound and pace the steps. They may change while runs are open: they are no part of a run's history.
type Options struct {
	// Attempt bounds one attempt of a step, Heartbeat the silence after which its worker is taken for dead.
	Attempt, Heartbeat time.Duration
	// InitialInterval is the wait before the first retry, MaximumInterval the longest; it doubles between them.
	InitialInterval, MaximumInterval time.Duration
	// Late is how long after it was asked for a change may still turn up, when its answer was lost.
	Late time.Duration
}

// steps names the activities for the workflows; it is never called.
var steps *activities.Activities

package rig

import (
	"context"

	"github.com/accessbridge/accessbridge/internal/devserver"
)

// MoveTo starts the worker again, for another Temporal server: one that knows nothing of what was done so far. What was started with the
// Client before is not reached by it any more.
func (r *Rig) MoveTo(ctx context.Context, server *devserver.Server) error {
	if err := r.Worker.Stop(); err != nil {
		return err
	}
	r.Client.Close()
	r.Temporal = server
	if err := r.dial(ctx); err != nil {
		return err
	}
	return r.StartWorker(ctx)
}

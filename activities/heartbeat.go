package activities

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
)

// HeartbeatInterceptor makes every activity with a heartbeat time-out send heartbeats while it runs: Temporal then notices
// within that time that a worker died, and an activity that its run was cancelled.
type HeartbeatInterceptor struct {
	interceptor.WorkerInterceptorBase
}

// InterceptActivity adds the heartbeats.
func (*HeartbeatInterceptor) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &heartbeats{interceptor.ActivityInboundInterceptorBase{Next: next}}
}

type heartbeats struct {
	interceptor.ActivityInboundInterceptorBase
}

// ExecuteActivity runs the activity with heartbeats beside it.
func (h *heartbeats) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	timeout := activity.GetInfo(ctx).HeartbeatTimeout
	if timeout <= 0 {
		return h.Next.ExecuteActivity(ctx, in)
	}
	done := make(chan struct{})
	defer close(done)
	go func() {
		ticker := time.NewTicker(timeout / 4)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			case <-ticker.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	}()
	return h.Next.ExecuteActivity(ctx, in)
}

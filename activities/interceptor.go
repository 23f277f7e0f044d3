package activities

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
)

// StepInterceptor makes every activity with a heartbeat time-out send heartbeats while it runs: Temporal then notices
// within that time that a worker died, and an activity that its run was cancelled. It notes in what a step returns which
// attempt succeeded, so that the run can tell.
type StepInterceptor struct {
	interceptor.WorkerInterceptorBase
}

// InterceptActivity adds the heartbeats and the attempt.
func (*StepInterceptor) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &step{interceptor.ActivityInboundInterceptorBase{Next: next}}
}

type step struct {
	interceptor.ActivityInboundInterceptorBase
}

// ExecuteActivity runs the activity with heartbeats beside it.
func (s *step) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	info := activity.GetInfo(ctx)
	if info.HeartbeatTimeout > 0 {
		done := make(chan struct{})
		defer close(done)
		go heartbeat(ctx, done, info.HeartbeatTimeout/4)
	}
	returned, err := s.Next.ExecuteActivity(ctx, in)
	if err != nil {
		return returned, err
	}
	return withAttempt(returned, int(info.Attempt)), nil
}

// heartbeat tells Temporal now and then that the activity is at work, until it is done.
func heartbeat(ctx context.Context, done <-chan struct{}, every time.Duration) {
	ticker := time.NewTicker(every)
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
}

package activities

import (
	"context"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
)

// StepInterceptor makes every activity with a heartbeat time-out send heartbeats while it runs: Temporal then notices
// within that time that a worker died, and an activity that its run was cancelled. It notes in what a step returns which
// attempt succeeded, and tells the run of each attempt that failed and is repeated: a workflow sees neither by itself.
type StepInterceptor struct {
	interceptor.WorkerInterceptorBase
}

// InterceptActivity adds the heartbeats and the word of the attempts.
func (*StepInterceptor) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &step{interceptor.ActivityInboundInterceptorBase{Next: next}}
}

type step struct {
	interceptor.ActivityInboundInterceptorBase
}

// ExecuteActivity runs the activity with heartbeats beside it.
func (s *step) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	info := activity.GetInfo(ctx)
	tellUntold(ctx, info)
	stop := heartbeats(ctx, info.HeartbeatTimeout/4)
	defer stop()
	returned, err := s.Next.ExecuteActivity(ctx, in)
	if err == nil {
		return withAttempt(returned, int(info.Attempt)), nil
	}
	stop()
	tellFailed(ctx, info, err)
	return returned, err
}

// heartbeats tells Temporal now and then that the activity is at work, until the function that it returns is called. Without
// an interval it does nothing.
func heartbeats(ctx context.Context, every time.Duration) (stop func()) {
	if every <= 0 {
		return func() {}
	}
	beating, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-beating.Done():
				return
			case <-ticker.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	})
	return func() {
		cancel()
		group.Wait()
	}
}

package activities

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// StepInterceptor makes every activity with a heartbeat time-out send heartbeats while it runs: Temporal then notices
// within that time that a worker died, and an activity that its run was cancelled. It has every change that a step asks for
// guarded (see heart), refuses an input that is malformed, notes in what a step returns which attempt succeeded, and tells the run of each attempt that failed and
// is repeated: a workflow sees neither by itself.
type StepInterceptor struct {
	interceptor.WorkerInterceptorBase
	// Waits say how late the providers' answers can be.
	Waits Waits
	// limits remembers which runs were told lately that they wait for a rate limit.
	limits lately
}

// InterceptActivity adds the heartbeats and the word of the attempts.
func (i *StepInterceptor) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &step{ActivityInboundInterceptorBase: interceptor.ActivityInboundInterceptorBase{Next: next}, waits: i.Waits, limits: &i.limits}
}

type step struct {
	interceptor.ActivityInboundInterceptorBase
	waits  Waits
	limits *lately
}

// ExecuteActivity runs the activity with heartbeats beside it, for as long as the step's time budget lets it.
func (s *step) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	if err := wellFormed(in.Args); err != nil {
		return nil, err
	}
	h := newHeart(ctx, s.waits)
	h.limits = s.limits
	ctx = h.within(transport.OnBehalf(ctx, behalf(h.info)...))
	h.resume()
	if err := h.expired(); err != nil {
		return nil, err
	}
	h.tellUntold(ctx)
	stop := h.start(ctx)
	defer stop()
	returned, err := s.Next.ExecuteActivity(ctx, in)
	if err == nil {
		return withTried(returned, Tried{Attempt: int(h.info.Attempt), Until: h.until()}), nil
	}
	stop()
	err = h.affordable(err)
	h.tellFailed(ctx, err)
	return returned, err
}

// behalf is what the audit log tells of the attempt that a change is of. Who started the run, Temporal keeps in the run's first event.
func behalf(info activity.Info) []slog.Attr {
	return []slog.Attr{
		slog.String("connection", connection.NameFromWorkflowID(info.WorkflowExecution.ID)),
		slog.String("workflow_id", info.WorkflowExecution.ID), slog.String("run_id", info.WorkflowExecution.RunID),
		slog.String("step", info.ActivityType.Name), slog.Int("attempt", int(info.Attempt)),
	}
}

// start tells Temporal now and then that the activity is at work, until the function that it returns is called. Without a
// heartbeat time-out it does nothing.
func (h *heart) start(ctx context.Context) (stop func()) {
	every := h.info.HeartbeatTimeout / 4
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
				activity.RecordHeartbeat(ctx, h.current())
			}
		}
	})
	return func() {
		cancel()
		group.Wait()
	}
}

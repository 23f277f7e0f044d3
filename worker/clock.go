package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
)

// clockTolerance is how far this machine's clock may be from Temporal's before it is worth a word.
const clockTolerance = 5 * time.Minute

// clockWatch warns when this machine's clock differs from Temporal's. Temporal's SDK ends a step when its time budget, counted from
// the server's time, has run out by the local clock: on a machine that is ahead by more, every attempt ends at once.
type clockWatch struct {
	interceptor.WorkerInterceptorBase
	logger *slog.Logger
	// now is time.Now but in tests.
	now    func() time.Time
	warned sync.Once
}

// InterceptActivity looks at the clock when a step starts.
func (c *clockWatch) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &clocked{interceptor.ActivityInboundInterceptorBase{Next: next}, c}
}

type clocked struct {
	interceptor.ActivityInboundInterceptorBase
	watch *clockWatch
}

// ExecuteActivity compares the time when Temporal started the attempt with the local one.
func (c *clocked) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	c.watch.compare(activity.GetInfo(ctx).StartedTime)
	return c.Next.ExecuteActivity(ctx, in)
}

// compare warns, once, when the server's time is far from the local one.
func (c *clockWatch) compare(server time.Time) {
	off, where := c.now().Sub(server), "ahead of"
	if off < 0 {
		off, where = -off, "behind"
	}
	if server.IsZero() || off < clockTolerance {
		return
	}
	c.warned.Do(func() {
		c.logger.Warn(fmt.Sprintf("this machine's clock is %s %s Temporal's: steps may end before their time; set the clock, or have it set by NTP", off.Round(time.Second), where))
	})
}

package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
)

// forward is how a step is carried out: repeated until it succeeds, fails for good or runs out of its time budget.
func (o Options) forward(ctx workflow.Context, id, title string, budget time.Duration) workflow.Context {
	options := o.step(id, title)
	// The budget itself is minded by the step: what it waits for a provider's rate limits doesn't count.
	options.ScheduleToCloseTimeout = budget + activities.LimitPatience
	return workflow.WithActivityOptions(ctx, options)
}

// backward is how a step is undone: repeated without limit, because giving up would leave something behind.
func (o Options) backward(ctx workflow.Context, id, title string) workflow.Context {
	return workflow.WithActivityOptions(ctx, o.step(id, title))
}

// step is what every step has in common. A cancelled step is waited for: only when it has settled can it be undone.
func (o Options) step(id, title string) workflow.ActivityOptions {
	return workflow.ActivityOptions{
		ActivityID:          id,
		Summary:             summary(title),
		StartToCloseTimeout: o.Attempt,
		HeartbeatTimeout:    o.Heartbeat,
		WaitForCancellation: true,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: o.InitialInterval, BackoffCoefficient: 2, MaximumInterval: o.MaximumInterval,
		},
	}
}

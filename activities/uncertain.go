package activities

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
)

// Waits say how late a provider's answers can be.
type Waits struct {
	// Late is how long after it was asked for a change may still be carried out, when its answer was lost.
	Late time.Duration
	// Lag is how long lists may be behind what was changed.
	Lag time.Duration
}

// Uncertain is part of every move: what is known of changes that an earlier attempt or step asked for without an answer.
type Uncertain struct {
	// Lost means that an answer may have been lost earlier in the run, so that the thing may exist although it isn't found at once,
	// or exist twice.
	Lost bool `json:"lost,omitempty"`
	// Asked are the times of the changes that got no answer, by Temporal's clock.
	Asked []time.Time `json:"asked,omitempty"`
}

// MarkLost notes that answers were lost.
func (u *Uncertain) MarkLost(asked ...time.Time) {
	u.Lost = true
	for _, at := range asked {
		if !slices.ContainsFunc(u.Asked, at.Equal) {
			u.Asked = append(u.Asked, at)
		}
	}
}

// Doubt is what is known of lost answers, for the run to add to.
func (u *Uncertain) Doubt() *Uncertain { return u }

// lateStart is how long after it was scheduled an attempt that says it is the first may start and be believed: an attempt that
// was reset in Temporal counts from 1 again.
const lateStart = time.Second

// repeated reports whether the step may have been done already.
func (u Uncertain) repeated(ctx context.Context) bool {
	h := heartOf(ctx)
	return u.lost(ctx) || h.info.Attempt > 1 || h.info.StartedTime.Sub(h.info.ScheduledTime) > lateStart
}

// lost reports whether a change is known to have been asked for without an answer.
func (u Uncertain) lost(ctx context.Context) bool { return u.Lost || len(u.all(ctx)) > 0 }

// all are the times of the changes that got no answer, those of this step's earlier attempts included.
func (u Uncertain) all(ctx context.Context) []time.Time {
	return slices.Concat(u.Asked, heartOf(ctx).asked())
}

// outstanding is how long one of the changes that were asked for may still be carried out.
func (a *Activities) outstanding(ctx context.Context, asked []time.Time) time.Duration {
	var longest time.Duration
	for _, at := range asked {
		longest = max(longest, at.Add(a.Waits.Late).Sub(heartOf(ctx).now()))
	}
	return min(longest, a.Waits.Late)
}

// lookAgain is the error of a step that has to wait for what a lost answer may still bring; nil when nothing can come any more.
// Temporal repeats the step meanwhile, often at first.
func (a *Activities) lookAgain(ctx context.Context, asked []time.Time, thing string) error {
	left := a.outstanding(ctx, asked)
	if left <= 0 {
		return nil
	}
	message := fmt.Sprintf("the answer to a request for %s was lost, and it may still be carried out: looking for it until %s",
		thing, heartOf(ctx).now().Add(left).UTC().Format(time.TimeOnly))
	pause := min(max((a.Waits.Late-left)/4, a.Waits.Late/60), left)
	return temporal.NewApplicationErrorWithOptions(message, "AnswerLost", temporal.ApplicationErrorOptions{
		NextRetryDelay: pause, Details: []any{Detail{Message: message, Lost: true, Asked: asked, Attempt: int(heartOf(ctx).info.Attempt)}},
	})
}

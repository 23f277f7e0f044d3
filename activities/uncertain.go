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

// Window is how long after it was asked for a change whose answer was lost may still turn up: it is carried out late, and seen later.
func (w Waits) Window() time.Duration { return w.Late + w.Lag }

// Uncertain is part of every move: what is known of changes that an earlier attempt or step asked for without an answer.
type Uncertain struct {
	// Lost means that an answer may have been lost earlier in the run, so that the thing may exist although it isn't found at once,
	// or exist twice.
	Lost bool `json:"lost,omitempty"`
	// Until are the times until which what was asked for may still turn up, by Temporal's clock.
	Until []time.Time `json:"until,omitempty"`
}

// MarkLost notes that answers were lost, and until when what they were to tell of may still turn up.
func (u *Uncertain) MarkLost(until ...time.Time) {
	u.Lost = true
	for _, each := range until {
		if !slices.ContainsFunc(u.Until, each.Equal) {
			u.Until = append(u.Until, each)
		}
	}
}

// Doubt is what is known of lost answers, for the run to add to.
func (u *Uncertain) Doubt() *Uncertain { return u }

// lateStart is how long after it was scheduled an attempt that says it is the first may start and be believed: an attempt that
// was reset in Temporal counts from 1 again.
const lateStart = time.Second

// repeated reports whether the step may have been done already.
func (u Uncertain) repeated(ctx context.Context, fence Fence) bool {
	h := heartOf(ctx)
	return u.lost(ctx) || fence.reset(ctx) || h.info.Attempt > 1 || h.info.StartedTime.Sub(h.info.ScheduledTime) > lateStart
}

// lost reports whether a change is known to have been asked for without an answer.
func (u Uncertain) lost(ctx context.Context) bool { return u.Lost || len(u.all(ctx)) > 0 }

// all are the times until which something may still turn up, what this step's earlier attempts asked for included.
func (u Uncertain) all(ctx context.Context) []time.Time {
	return slices.Concat(u.Until, heartOf(ctx).until())
}

// outstanding is how long something that was asked for may still turn up.
func (a *Activities) outstanding(ctx context.Context, until []time.Time) time.Duration {
	var longest time.Duration
	for _, each := range until {
		longest = max(longest, each.Sub(heartOf(ctx).now()))
	}
	return min(longest, a.Waits.Window())
}

// lookAgain is the error of a step that has to wait for what a lost answer may still bring; nil when nothing can come any more.
// Temporal repeats the step meanwhile, often at first. Of a run that was reset nobody knows what it had asked for by then.
func (a *Activities) lookAgain(ctx context.Context, fence Fence, until []time.Time, thing string) error {
	at, err := fence.resetAt(ctx)
	if err != nil {
		return err
	}
	if !at.IsZero() {
		until = append(slices.Clone(until), at.Add(a.Waits.Window()))
	}
	left := a.outstanding(ctx, until)
	if left <= 0 {
		return nil
	}
	h := heartOf(ctx)
	message := fmt.Sprintf("the answer to a request for %s was lost, and it may still turn up: looking for it until %s",
		thing, h.now().Add(left).UTC().Format(time.TimeOnly))
	pause := min(max(h.now().Sub(h.info.ScheduledTime)/4, a.Waits.Late/60), left)
	return temporal.NewApplicationErrorWithOptions(message, "AnswerLost", temporal.ApplicationErrorOptions{
		NextRetryDelay: pause, Details: []any{Detail{Message: message, Lost: true, Until: until, Attempt: int(h.info.Attempt)}},
	})
}

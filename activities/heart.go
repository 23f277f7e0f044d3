package activities

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// beat is what a step's heartbeats carry from one attempt to the next, whoever carries that out.
type beat struct {
	// Told is the last attempt whose failure the run was told of.
	Told int32 `json:"told,omitempty"`
	// Until are the times, by Temporal's clock, until which changes that were asked for and got no success may still turn up.
	Until []time.Time `json:"until,omitempty"`
	// Groups are the groups that a survey found already: a large document takes more than one attempt under Okta's rate limits.
	Groups *okta.FoundGroups `json:"groups,omitempty"`
	// Last is how the attempt before failed, where the step has a time budget: the next one may find that over.
	Last *Detail `json:"last,omitempty"`
	// Held is how long the step met or waited for rate limits so far; HeldSince since when it does now.
	Held      time.Duration `json:"held,omitempty"`
	HeldSince *time.Time    `json:"held_since,omitempty"`
}

// heart is an attempt's heartbeat. Every change that the attempt asks a provider for is noted in it beforehand, and is asked
// for only while the attempt is this worker's.
type heart struct {
	info  activity.Info
	began time.Time
	waits Waits
	// limits are shared by all attempts of a worker.
	limits *lately
	mutex  sync.Mutex
	beat   beat
	// waited tells that this attempt follows one that met a rate limit.
	waited bool
	// asks is how many changes this attempt asked for.
	asks int
}

type heartKey struct{}

// newHeart is the heart of an attempt, with what the attempt before left in it.
func newHeart(ctx context.Context, waits Waits) *heart {
	h := &heart{info: activity.GetInfo(ctx), began: time.Now(), waits: waits}
	if activity.HasHeartbeatDetails(ctx) {
		_ = activity.GetHeartbeatDetails(ctx, &h.beat) // one of an earlier version holds a number alone
	}
	return h
}

// heartOf is the heart of the attempt that the context belongs to.
func heartOf(ctx context.Context) *heart {
	if h, there := ctx.Value(heartKey{}).(*heart); there {
		return h
	}
	return newHeart(ctx, Waits{})
}

// within returns the attempt's context, whose changes are noted and guarded.
func (h *heart) within(ctx context.Context) context.Context {
	return transport.Guarded(context.WithValue(ctx, heartKey{}, h), h.guard)
}

// now is the time by Temporal's clock, which all workers share. A worker's own may be hours away from another's.
func (h *heart) now() time.Time { return h.info.StartedTime.Add(time.Since(h.began)) }

// current is what a heartbeat carries now.
func (h *heart) current() beat {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	copied := h.beat
	copied.Until = slices.Clone(h.beat.Until)
	return copied
}

// groups are what the survey found already, for it to add to.
func (h *heart) groups() *okta.FoundGroups {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.beat.Groups == nil {
		h.beat.Groups = &okta.FoundGroups{}
	}
	return h.beat.Groups
}

// told notes that the run was told of the attempt.
func (h *heart) told(attempt int32) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.beat.Told = attempt
}

// until are the times until which changes that got no success may still turn up.
func (h *heart) until() []time.Time { return h.current().Until }

// guard notes that a change is about to be asked for, and asks Temporal whether the attempt is still this worker's: a machine may
// have been paused while another took the step over. The permit holds for half the heartbeat time-out: after all of it another worker may be at the step.
func (h *heart) guard(ctx context.Context) (transport.Permit, error) {
	late := h.now().Add(h.waits.Window())
	h.expect(late)
	h.mutex.Lock()
	h.asks++
	h.mutex.Unlock()
	activity.RecordHeartbeat(ctx, h.current()) // the SDK would else send an older one later
	if err := h.confirm(ctx); err != nil {
		h.forget(late)
		return transport.Permit{}, fmt.Errorf("ask Temporal whether this attempt is still this worker's: %w", err)
	}
	settle := func(failure *transport.Error) { h.settle(ctx, late, failure) }
	return transport.Permit{Settle: settle, For: h.info.HeartbeatTimeout / 2}, nil
}

// settle notes how a change ended that was to be expected until late.
func (h *heart) settle(ctx context.Context, late time.Time, failure *transport.Error) {
	if failure != nil && failure.Ambiguous() && !failure.Ended() {
		return
	}
	h.forget(late)
	if failure != nil && failure.Ambiguous() { // it was carried out or it was not, but lists may not show it yet
		h.expect(h.now().Add(h.waits.Lag))
	}
	activity.RecordHeartbeat(ctx, h.current())
}

// confirm sends a heartbeat and waits for Temporal's answer.
func (h *heart) confirm(ctx context.Context) error {
	if len(h.info.TaskToken) == 0 || h.info.IsLocalActivity {
		return nil
	}
	server := activity.GetClient(ctx)
	if server == nil {
		return nil
	}
	return server.RecordActivityHeartbeat(ctx, h.info.TaskToken, h.current())
}

// found notes that as many of the changes turned up that got no answer.
func (h *heart) found(many int) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.beat.Until = h.beat.Until[min(many, len(h.beat.Until)):]
}

// settleIfQuiet is for a change that is asked for only where it isn't there. Where this attempt had nothing to ask for, what earlier ones
// asked for is there.
func (h *heart) settleIfQuiet() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.asks == 0 {
		h.beat.Until = nil
	}
}

// expect notes that a change may turn up until a time.
func (h *heart) expect(until time.Time) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.beat.Until = append(h.beat.Until, until)
}

// forget is for a change that has been answered.
func (h *heart) forget(until time.Time) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if at := slices.IndexFunc(h.beat.Until, until.Equal); at >= 0 {
		h.beat.Until = slices.Delete(h.beat.Until, at, at+1)
	}
}

package activities

import (
	"errors"
	"fmt"
	"math"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
)

// LimitPatience is how much longer than its time budget a step may take because of a provider's rate limits. Temporal's own time-out of
// a step is both together.
const LimitPatience = 24 * time.Hour

// budgetOf is the time budget of a step, its retries included; 0 where Temporal alone minds the step's time: it undoes something and has
// no limit, or an earlier version scheduled it.
func budgetOf(info activity.Info) time.Duration {
	return max(info.ScheduleToCloseTimeout-LimitPatience, 0)
}

// resume begins to count the step's time again after an attempt that met a rate limit.
func (h *heart) resume() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if h.waited = h.beat.HeldSince != nil; h.waited {
		h.beat.Held += h.info.StartedTime.Sub(*h.beat.HeldSince)
		h.beat.HeldSince = nil
	}
}

// hold stops counting the step's time: an attempt that met a rate limit, and the wait for it, take nothing of the budget.
func (h *heart) hold() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.beat.HeldSince = &h.info.StartedTime
}

// spent is how much of its budget the step has spent.
func (h *heart) spent() time.Duration {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	return h.now().Sub(h.info.ScheduledTime) - h.beat.Held
}

// expired is the failure of a step whose budget was over before this attempt began.
func (h *heart) expired() error {
	if budget := budgetOf(h.info); budget == 0 || h.spent() < budget {
		return nil
	}
	before := h.info.Attempt - 1
	if last := h.current().Last; last != nil && last.Attempt == int(before) {
		return h.outOfTime(*last, before)
	}
	until := h.until()
	return h.outOfTime(Detail{
		Message: "the attempt before told nothing: its worker died or lost touch", Lost: before > 0 || len(until) > 0, Until: until,
	}, h.info.Attempt)
}

// within what its budget leaves, a step that failed so is tried again; past it, it has failed for good. What is waited for because of a
// rate limit doesn't count.
func (h *heart) affordable(err error) error {
	budget := budgetOf(h.info)
	if budget == 0 || final(err) {
		return err
	}
	told := told(err)
	h.failed(told)
	if told.Limit != "" {
		h.hold()
		return err
	}
	if h.spent()+h.pause(err) < budget {
		return err
	}
	return h.outOfTime(told, h.info.Attempt)
}

// failed notes how the attempt failed.
func (h *heart) failed(last Detail) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	last.Attempt = int(h.info.Attempt)
	h.beat.Last = &last
}

// told is what an attempt tells of its failure. One that has no words of this package's may have been carried out.
func told(err error) Detail {
	var application *temporal.ApplicationError
	var detail Detail
	if errors.As(err, &application) && application.HasDetails() && application.Details(&detail) == nil {
		return detail
	}
	return Detail{Message: words(err), Lost: true}
}

// outOfTime is the failure of a step whose budget is over, after the last attempt that was made.
func (h *heart) outOfTime(last Detail, attempt int32) error {
	last.Message = fmt.Sprintf("%s didn't succeed within its time budget (%s); last: %s", h.info.ActivityID, budgetOf(h.info), last.Message)
	last.Attempt = int(attempt)
	return temporal.NewNonRetryableApplicationError(last.Message, "OutOfTime", nil, last)
}

// pause is how long Temporal waits before the next attempt: as the failure says, or as the retry policy does.
func (h *heart) pause(err error) time.Duration {
	var application *temporal.ApplicationError
	if errors.As(err, &application) && application.NextRetryDelay() > 0 {
		return application.NextRetryDelay()
	}
	policy := h.info.RetryPolicy
	if policy == nil {
		return 0
	}
	pause := float64(policy.InitialInterval) * math.Pow(policy.BackoffCoefficient, float64(h.info.Attempt-1))
	return time.Duration(min(pause, float64(policy.MaximumInterval)))
}

package activities

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
)

// A run is told of its retries by signals, which fill its history, and Temporal ends a run whose history outgrows 51,200 events.
// Of a step's first retries each is told, later every tenth: a provider can be away for days while a step is undone. And none is
// told once the history is long: a thousand groups can all wait for the same rate limit.
const (
	toldEach    = 100
	toldThen    = 10
	longHistory = 10_000
)

// limitsToldEvery is how often at the most a run is told by a worker that it waits for a rate limit.
const limitsToldEvery = 20 * time.Second

// lately remembers which runs were told something lately. It is safe for concurrent use.
type lately struct {
	mutex sync.Mutex
	told  map[string]time.Time
}

// first reports whether the run wasn't told lately, and notes that it is now.
func (l *lately) first(run string, now time.Time) bool {
	if l == nil {
		return true
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	maps.DeleteFunc(l.told, func(_ string, at time.Time) bool { return now.Sub(at) >= limitsToldEvery })
	if _, told := l.told[run]; told {
		return false
	}
	if l.told == nil {
		l.told = map[string]time.Time{}
	}
	l.told[run] = now
	return true
}

// tellWithin bounds how long a step waits for its word to arrive.
const tellWithin = 2 * time.Second

// tellFailed tells the run why an attempt failed, when another one follows. That it was told is left in the heartbeat for that
// other one.
func (h *heart) tellFailed(ctx context.Context, err error) {
	if final(err) {
		return
	}
	info := h.info
	retry := connection.Retry{Step: info.ActivityID, Attempt: int(info.Attempt) + 1, LastError: words(err), Limit: told(err).Limit}
	worth := worthTelling(info.Attempt + 1)
	if retry.Limit != "" { // a thousand groups can all wait for the same one
		worth = h.limits.first(info.WorkflowExecution.RunID, time.Now())
	}
	if worth && tell(ctx, info, retry) {
		h.told(info.Attempt)
	}
	activity.RecordHeartbeat(ctx, h.current())
}

// tellUntold tells the run which attempt this is, when the one before could not: its worker died or lost touch.
func (h *heart) tellUntold(ctx context.Context) {
	info := h.info
	if info.Attempt < 2 || h.waited || !worthTelling(info.Attempt) || h.current().Told == info.Attempt-1 {
		return
	}
	tell(ctx, info, connection.Retry{Step: info.ActivityID, Attempt: int(info.Attempt)})
}

func worthTelling(attempt int32) bool { return attempt <= toldEach || attempt%toldThen == 0 }

// tell sends the run a signal, and says whether it arrived. It is for people who look on: a step doesn't fail for want of it.
func tell(ctx context.Context, info activity.Info, retry connection.Retry) bool {
	sending, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellWithin)
	defer cancel()
	server, run := activity.GetClient(ctx), info.WorkflowExecution
	described, err := server.DescribeWorkflowExecution(sending, run.ID, run.RunID)
	if err == nil && described.GetWorkflowExecutionInfo().GetHistoryLength() > longHistory {
		return false
	}
	if err == nil {
		err = server.SignalWorkflow(sending, run.ID, run.RunID, connection.RetrySignal, retry)
	}
	if err != nil {
		activity.GetLogger(ctx).Debug("the run could not be told of a retry", "error", err)
	}
	return err == nil
}

// final tells whether no attempt follows one that ended so.
func final(err error) bool {
	var told *temporal.ApplicationError
	return temporal.IsCanceledError(err) || errors.As(err, &told) && told.NonRetryable()
}

// words are what went wrong, without what the SDK adds for programs.
func words(err error) string {
	var told *temporal.ApplicationError
	if errors.As(err, &told) {
		return told.Message()
	}
	return err.Error()
}

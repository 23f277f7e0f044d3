package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
)

// span is from one moment to another.
type span struct{ start, end time.Time }

// shares divide the time of an execution: what goes on at each moment. Where several things go on at once, the first of these
// counts.
type shares struct {
	// calls is the time in which a provider works on a call.
	calls time.Duration
	// activities is the time in which steps are in the worker, but no provider works: requests are made and sent, answers read.
	activities time.Duration
	// workflow is the time in which the worker decides what comes next.
	workflow time.Duration
	// dispatch is the rest: the server records what ended and hands out what comes next.
	dispatch time.Duration
}

// share reads how the time of a run divides from its history and from the calls that it made.
func (b bench) share(ctx context.Context, run client.WorkflowRun, whole span, calls []call) (shares, error) {
	kinds := make([][]span, 3)
	for _, call := range calls {
		kinds[0] = append(kinds[0], call.span)
	}
	started := map[int64]time.Time{}
	events := b.Client.GetWorkflowHistory(ctx, run.GetID(), run.GetRunID(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return shares{}, fmt.Errorf("read the history: %w", err)
		}
		at := event.GetEventTime().AsTime()
		switch attributes := event.GetAttributes().(type) {
		case *history.HistoryEvent_ActivityTaskStartedEventAttributes, *history.HistoryEvent_WorkflowTaskStartedEventAttributes:
			started[event.GetEventId()] = at
		case *history.HistoryEvent_ActivityTaskCompletedEventAttributes:
			kinds[1] = append(kinds[1], span{started[attributes.ActivityTaskCompletedEventAttributes.GetStartedEventId()], at})
		case *history.HistoryEvent_WorkflowTaskCompletedEventAttributes:
			kinds[2] = append(kinds[2], span{started[attributes.WorkflowTaskCompletedEventAttributes.GetStartedEventId()], at})
		}
	}
	divided := divide(whole, kinds)
	return shares{calls: divided[0], activities: divided[1], workflow: divided[2], dispatch: divided[3]}, nil
}

// divide tells for each kind of span how long it went on within the whole while none of the kinds before it did; the last
// value is the time in which nothing went on.
func divide(whole span, kinds [][]span) []time.Duration {
	moments := []time.Time{whole.start, whole.end}
	for _, spans := range kinds {
		for _, each := range spans {
			for _, moment := range []time.Time{each.start, each.end} {
				if moment.After(whole.start) && moment.Before(whole.end) {
					moments = append(moments, moment)
				}
			}
		}
	}
	slices.SortFunc(moments, time.Time.Compare)
	divided := make([]time.Duration, len(kinds)+1)
	for i := range len(moments) - 1 {
		from, to := moments[i], moments[i+1]
		kind := slices.IndexFunc(kinds, func(spans []span) bool {
			return slices.ContainsFunc(spans, func(each span) bool { return !each.start.After(from) && !each.end.Before(to) })
		})
		if kind < 0 {
			kind = len(kinds)
		}
		divided[kind] += to.Sub(from)
	}
	return divided
}

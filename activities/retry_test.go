package activities

import (
	"testing"
	"time"
)

func TestWorthTelling_AWeekOfRetries_FillsNoHistory(t *testing.T) {
	t.Parallel()
	// An attempt every 30 seconds, four events for each word of one, and Temporal's limit of 51,200 events in a history.
	const week, events, limit = 7 * 24 * 60 * 2, 4, 51_200
	told := 0
	for attempt := range int32(week) {
		if worthTelling(attempt + 1) {
			told++
		}
	}
	if told*events > limit/2 {
		t.Errorf("a step that is tried for a week makes %d events of the %d that a history holds", told*events, limit)
	}
	for attempt := range int32(toldEach) {
		if !worthTelling(attempt + 1) {
			t.Fatalf("attempt %d isn't told", attempt+1)
		}
	}
}

// TestTell_OfARateLimit_OnceAWhile: a thousand groups can all wait for the same one.
func TestTell_OfARateLimit_OnceAWhile(t *testing.T) {
	t.Parallel()
	var limits lately
	began := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)
	for i, each := range []struct {
		run   string
		after time.Duration
		want  bool
	}{{"a", 0, true}, {"a", time.Second, false}, {"b", 2 * time.Second, true}, {"a", 19 * time.Second, false}, {"a", 20 * time.Second, true}, {"b", 21 * time.Second, false}} {
		if got := limits.first(each.run, began.Add(each.after)); got != each.want {
			t.Errorf("%d: run %s is told after %s: %v", i, each.run, each.after, got)
		}
	}
}

package activities

import "testing"

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

package kit

import (
	"fmt"
	"testing"
	"time"
)

func TestHistory_ShowsEachChangeAfterItsLag(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	at := func(second int) time.Time { return start.Add(time.Duration(second) * time.Second) }
	items := func(values ...string) []Item[string] {
		var made []Item[string]
		for _, value := range values {
			made = append(made, Item[string]{ID: value[:1], Digest: value, Value: value})
		}
		return made
	}
	var history History[string]
	history.Record(time.Time{}, items("a1", "b1"))
	history.Record(at(10), items("a1", "b1", "c1"))
	history.Record(at(20), items("a2", "b1", "c1"))
	history.Record(at(30), items("a2", "c1"))
	history.Record(at(40), items("a2", "c2"))
	history.Record(at(50), items("a2", "b3", "c2"))
	history.Record(at(60), items("a2", "b3"))
	for _, test := range []struct {
		after []string
		lag   time.Duration
		now   int
		want  string
	}{
		{nil, 0, 60, "[a2 b3]"},
		{nil, 100 * time.Second, 60, "[a1 b1]"},
		{nil, 5 * time.Second, 14, "[a1 b1]"},
		{nil, 5 * time.Second, 15, "[a1 b1 c1]"},
		{nil, 5 * time.Second, 26, "[a2 b1 c1]"},
		{[]string{AfterCreate}, 100 * time.Second, 60, "[a2]"},
		{[]string{AfterCreate}, 100 * time.Second, 45, "[a2]"},   // a change to what isn't shown shows nothing
		{[]string{AfterCreate}, 25 * time.Second, 45, "[a2 c2]"}, // not c1: changes aren't late
		{[]string{AfterUpdate}, 100 * time.Second, 45, "[a1 c1]"},
		{[]string{AfterDelete}, 100 * time.Second, 45, "[a2 b1 c2]"},
		{[]string{AfterDelete}, 100 * time.Second, 60, "[a2 b3 c2]"}, // b came again
		{[]string{AfterCreate, AfterDelete}, 5 * time.Second, 62, "[a2 b3 c2]"},
	} {
		var listing Listing
		listing.add(Fault{Kind: KindLag, After: test.after, Delay: Duration(test.lag)})
		if got := fmt.Sprint(history.Shown(at(test.now), listing)); got != test.want {
			t.Errorf("%s after %q, at %d: got %s, want %s", test.lag, test.after, test.now, got, test.want)
		}
	}
}

func TestListing_TheLongestLagIsSeen(t *testing.T) {
	t.Parallel()
	var listing Listing
	if listing.Lags() {
		t.Error("a list without a fault must not lag")
	}
	listing.add(Fault{Kind: KindLag, Delay: Duration(time.Second)})
	listing.add(Fault{Kind: KindLag, Delay: Duration(time.Minute), After: []string{AfterDelete}})
	if listing.created != time.Second || listing.updated != time.Second || listing.deleted != time.Minute || !listing.Lags() {
		t.Errorf("got %+v", listing)
	}
}

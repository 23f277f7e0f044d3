package activities

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithTried_EveryOutcome_TellsTheAttempt(t *testing.T) {
	t.Parallel()
	for _, returned := range []any{Done{}, Made{ID: "1"}, Reverted{}, ClientCredentials{}, Surveyed{}, Tested{}} {
		tried, is := withTried(returned, Tried{Attempt: 3}).(interface{ Attempts() int })
		if !is || tried.Attempts() != 3 {
			t.Errorf("%T doesn't tell the attempt", returned)
		}
	}
	if diff := cmp.Diff(Made{Tried: Tried{Attempt: 2}, ID: "1"}, withTried(Made{ID: "1"}, Tried{Attempt: 2})); diff != "" {
		t.Error(diff)
	}
}

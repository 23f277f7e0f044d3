package activities

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRestore(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before, set, now, want string
		left                   int
	}{
		"still as the run set it":               {"before", "set", "set", "before", 0},
		"not reached by the run":                {"before", "set", "before", "before", 0},
		"changed by somebody else since":        {"before", "set", "theirs", "theirs", 1},
		"not changed by the run":                {"same", "same", "same", "same", 0},
		"not changed by the run but by another": {"same", "same", "theirs", "theirs", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var left []string
			if got := restore(&left, "it", same, test.before, test.set, test.now); got != test.want || len(left) != test.left {
				t.Errorf("restored to %q, left %v", got, left)
			}
		})
	}
}

func TestSameSet(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		a, b []string
		want bool
	}{
		"another order": {[]string{"a", "b"}, []string{"b", "a"}, true},
		"nil and empty": {nil, []string{}, true},
		"one more":      {[]string{"a"}, []string{"a", "b"}, false},
		"another":       {[]string{"a"}, []string{"b"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := sameSet(test.a, test.b); got != test.want {
				t.Errorf("sameSet is %v", got)
			}
		})
	}
}

func TestWithAttempt_EveryOutcome_TellsTheAttempt(t *testing.T) {
	t.Parallel()
	for _, returned := range []any{nil, Made{ID: "1"}, Reverted{}, ClientCredentials{}, Surveyed{}, Tested{}} {
		tried, is := withAttempt(returned, 3).(interface{ Attempts() int })
		if !is || tried.Attempts() != 3 {
			t.Errorf("%T doesn't tell the attempt", returned)
		}
	}
	if diff := cmp.Diff(Made{Tried: Tried{Attempt: 2}, ID: "1"}, withAttempt(Made{ID: "1"}, 2)); diff != "" {
		t.Error(diff)
	}
}

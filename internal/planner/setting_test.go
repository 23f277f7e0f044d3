package planner

import "testing"

func TestPutBack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		before, given, now, want string
		left                     int
	}{
		"still as the run set it":              {"before", "given", "given", "before", 0},
		"not reached by the run":               {"before", "given", "before", "before", 0},
		"changed by someone else since":        {"before", "given", "theirs", "theirs", 1},
		"not changed by the run":               {"same", "same", "same", "same", 0},
		"not changed by the run but by others": {"same", "same", "theirs", "theirs", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			label := func(of string) App { return App{Label: of} }
			if back, left := PutAppBack(label(test.before), label(test.given), label(test.now)); back.Label != test.want || len(left) != test.left {
				t.Errorf("put back to %q, left %v", back.Label, left)
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

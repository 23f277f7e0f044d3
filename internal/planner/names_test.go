package planner_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/accessbridge/accessbridge/internal/planner"
)

func TestOwnsClientID(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		connection, clientID string
		want                 bool
	}{
		"ours":                                    {"acme", "accessbridge-acme-0123abcd", true},
		"of a connection with a longer name":      {"acme", "accessbridge-acme-0123abcd-4567cdef", false},
		"of a connection that looks like a run":   {"acme-0123abcd", "accessbridge-acme-0123abcd-4567cdef", true},
		"of another connection":                   {"acme", "accessbridge-globex-0123abcd", false},
		"a generation":                            {"acme", "accessbridge-acme-1", true},
		"a later generation":                      {"acme", "accessbridge-acme-12", true},
		"generation 0":                            {"acme", "accessbridge-acme-0", false},
		"of a connection that ends with a number": {"acme", "accessbridge-acme-1-1", false},
		"its own though it ends with a number":    {"acme-1", "accessbridge-acme-1-1", true},
		"Okta's own":                              {"acme", "0oau0hvgs0aM3AjZW1d7", false},
		"too short":                               {"acme", "accessbridge-acme-0123abc", false},
		"not hexadecimal":                         {"acme", "accessbridge-acme-0123abcx", false},
		"empty":                                   {"acme", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := planner.OwnsClientID(test.connection, test.clientID); got != test.want {
				t.Errorf("OwnsClientID(%q, %q) is %v", test.connection, test.clientID, got)
			}
		})
	}
}

// TestClientID_IsOwnedByItsConnectionAlone holds for every name, generation and run: Okta accepts the form, its own connection knows
// it and no other does.
func TestClientID_IsOwnedByItsConnectionAlone(t *testing.T) {
	t.Parallel()
	names := rapid.StringMatching(`[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?`)
	runs := rapid.StringMatching(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	rapid.Check(t, func(t *rapid.T) {
		name, other, generation := names.Draw(t, "name"), names.Draw(t, "other"), rapid.IntRange(1, 9999).Draw(t, "generation")
		for _, id := range []string{planner.ClientID(name, generation), planner.RunClientID(name, runs.Draw(t, "run"))} {
			if len(id) < 6 || len(id) > 100 {
				t.Fatalf("%q has %d characters; Okta takes 6 to 100", id, len(id))
			}
			if !planner.OwnsClientID(name, id) {
				t.Fatalf("%q is not owned by %q", id, name)
			}
			if other != name && planner.OwnsClientID(other, id) {
				t.Fatalf("%q of %q is owned by %q too", id, name, other)
			}
		}
		if got := planner.Generation(name, planner.ClientID(name, generation)); got != generation {
			t.Fatalf("generation %d reads back as %d", generation, got)
		}
	})
}

func TestClientID_LongestName_IsWithinOktasLimit(t *testing.T) {
	t.Parallel()
	if id := planner.ClientID(strings.Repeat("a", 63), 9999); len(id) > 100 {
		t.Errorf("client id %q", id)
	}
	if id := planner.RunClientID(strings.Repeat("a", 63), "01a20c43-fac5-7798-b4ca-eed1829adf3e"); len(id) > 100 || !strings.HasSuffix(id, "-829adf3e") {
		t.Errorf("client id of an earlier version %q", id)
	}
}

func TestGeneration_OfOthersOrOfEarlierVersions_IsNone(t *testing.T) {
	t.Parallel()
	for clientID, want := range map[string]int{
		planner.ClientID("acme", 0): 1, "accessbridge-acme-12": 12, "accessbridge-acme-0123abcd": 0, "accessbridge-globex-1": 0, "accessbridge-acme-10000": 0, "0oa9": 0,
	} {
		if got := planner.Generation("acme", clientID); got != want {
			t.Errorf("%s is of generation %d, want %d", clientID, got, want)
		}
	}
}

package main

import (
	"strings"
	"testing"
	"time"
)

func TestLongestChain(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(path string, from, to int) call {
		return call{path: path, span: span{start.Add(time.Duration(from)), start.Add(time.Duration(to))}}
	}
	for name, test := range map[string]struct {
		calls []call
		want  string
	}{
		"none":                             {nil, ""},
		"one":                              {[]call{at("a", 0, 10)}, "a"},
		"one after the other":              {[]call{at("a", 0, 10), at("b", 10, 20)}, "a b"},
		"at the same time":                 {[]call{at("a", 0, 10), at("b", 9, 20)}, "a"},
		"in any order":                     {[]call{at("c", 25, 30), at("a", 0, 10), at("b", 12, 20)}, "a b c"},
		"one goes on beside two":           {[]call{at("a", 0, 30), at("b", 0, 10), at("c", 11, 20), at("d", 31, 40)}, "b c d"},
		"a long one ends too late":         {[]call{at("a", 0, 30), at("b", 0, 10), at("c", 11, 20)}, "b c"},
		"of two, the later was waited for": {[]call{at("a", 0, 10), at("b", 0, 8), at("c", 10, 20)}, "a c"},
	} {
		var got []string
		for _, call := range longestChain(test.calls) {
			got = append(got, call.path)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: got %v, want %s", name, got, test.want)
		}
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		values []time.Duration
		want   time.Duration
	}{{nil, 0}, {[]time.Duration{3}, 3}, {[]time.Duration{9, 1, 5}, 5}, {[]time.Duration{8, 2, 4, 6}, 5}} {
		if got := median(test.values); got != test.want {
			t.Errorf("median of %v is %v, want %v", test.values, got, test.want)
		}
	}
}

func TestDivide_FirstKindThatGoesOnTakesTheTime(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(from, to int) span { return span{start.Add(time.Duration(from)), start.Add(time.Duration(to))} }
	got := divide(at(0, 100), [][]span{
		{at(10, 20), at(15, 30)},
		{at(5, 40), at(90, 200)},
		{at(0, 50)},
	})
	if want := [4]time.Duration{20, 25, 15, 40}; [4]time.Duration(got) != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

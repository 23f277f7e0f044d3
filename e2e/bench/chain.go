package main

import (
	"slices"
	"time"
)

// call is one request to a provider, as the sandbox's journal has it.
type call struct {
	provider, method, path string
	span
}

// longestChain is the longest row of calls of which each began after the one before it had ended. That is how long the calls
// that wait for each other are, or may be: two that follow each other by chance count as if the later one had waited, so it
// never tells less than the truth. With a latency that is long beside all else, calls that don't wait overlap.
func longestChain(calls []call) []call {
	ordered := slices.SortedFunc(slices.Values(calls), func(a, b call) int { return a.start.Compare(b.start) })
	length, before := make([]int, len(ordered)), make([]int, len(ordered))
	last := -1
	for i := range ordered {
		length[i], before[i] = 1, -1
		for j := range i {
			if ordered[j].end.After(ordered[i].start) || length[j]+1 < length[i] {
				continue
			}
			// Of several, the one that ended last is the one that was waited for, or may have been.
			if length[j]+1 > length[i] || ordered[j].end.After(ordered[before[i]].end) {
				length[i], before[i] = length[j]+1, j
			}
		}
		if last < 0 || length[i] > length[last] {
			last = i
		}
	}
	var chain []call
	for i := last; i >= 0; i = before[i] {
		chain = append(chain, ordered[i])
	}
	slices.Reverse(chain)
	return chain
}

// median is the middle of the values; of an even number, the mean of the two in the middle.
func median(values []time.Duration) time.Duration {
	if len(values) == 0 {
		return 0
	}
	ordered := slices.Sorted(slices.Values(values))
	return (ordered[(len(ordered)-1)/2] + ordered[len(ordered)/2]) / 2
}

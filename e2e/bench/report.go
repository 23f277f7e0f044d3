package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// report writes the figures, for a person first and in one line for programs at the end.
func report(out io.Writer, at0, at100 series) error {
	calls, chain := shortest(at100.samples)
	fmt.Fprintf(out, "calls for one connection with 2 groups: %d (%s)\n", len(calls), byProvider(calls))
	fmt.Fprintf(out, "longest chain of calls that wait for each other: %d\n", len(chain))
	for _, call := range chain {
		fmt.Fprintf(out, "  %-10s  %-4s  %s\n", call.provider, call.method, call.path)
	}
	fmt.Fprintf(out, "the worker's very first run, which opens the connections to the providers: %d ms\n", at0.first.server.Milliseconds())
	fmt.Fprintf(out, "median of %d runs, in ms:\n", len(at0.samples))
	if err := tabulate(out, at0, at100); err != nil {
		return err
	}
	run0, run100 := medianOf(at0.samples, onServer), medianOf(at100.samples, onServer)
	alone := time.Duration(len(chain)) * at100.latency
	_, err := fmt.Fprintf(out, "bench: calls=%d chain=%d run0_ms=%d run100_ms=%d ratio100=%.2f\n",
		len(calls), len(chain), run0.Milliseconds(), run100.Milliseconds(), float64(run100)/float64(alone))
	return err
}

// tabulate writes a row for each latency: how long a run takes, and of what that is made.
func tabulate(out io.Writer, rows ...series) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "latency\trun\t= calls\t+ steps\t+ workflow\t+ Temporal\tas a client sees it\t")
	for _, row := range rows {
		fmt.Fprintf(table, "%d\t", row.latency.Milliseconds())
		for _, part := range []func(sample) time.Duration{
			onServer,
			func(s sample) time.Duration { return s.shares.calls },
			func(s sample) time.Duration { return s.shares.activities },
			func(s sample) time.Duration { return s.shares.workflow },
			func(s sample) time.Duration { return s.shares.dispatch },
			func(s sample) time.Duration { return s.seen },
		} {
			fmt.Fprintf(table, "%d\t", medianOf(row.samples, part).Milliseconds())
		}
		fmt.Fprintln(table)
	}
	return table.Flush()
}

// shortest is the chain of the run in which it was shortest, with that run's calls: a call that is held up on a busy machine
// makes the chain look longer than it is, nothing makes it look shorter.
func shortest(samples []sample) (calls, chain []call) {
	for i, sample := range samples {
		if other := longestChain(sample.calls); i == 0 || len(other) < len(chain) {
			calls, chain = sample.calls, other
		}
	}
	return calls, chain
}

func onServer(s sample) time.Duration { return s.server }

// medianOf is the median of one part of each sample.
func medianOf(samples []sample, part func(sample) time.Duration) time.Duration {
	values := make([]time.Duration, len(samples))
	for i, sample := range samples {
		values[i] = part(sample)
	}
	return median(values)
}

func byProvider(calls []call) string {
	counts := map[string]int{}
	for _, call := range calls {
		counts[call.provider]++
	}
	var words []string
	for _, provider := range []string{"okta", "cloudflare"} {
		words = append(words, fmt.Sprintf("%s %d", provider, counts[provider]))
	}
	return strings.Join(words, ", ")
}

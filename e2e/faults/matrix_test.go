package faults

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/devserver"
)

// How many cases run at the same time, how many a sample has, and how many pairs of faults there are: most cases wait for
// something most of their time.
const (
	lanesOfAll    = 24
	lanesOfSample = 12
	sample        = 32
	pairs         = 112
)

func TestFaults(t *testing.T) {
	t.Logf("seed %d: repeat with -seed", *seed)
	random := rand.New(rand.NewPCG(uint64(*seed), 0))
	server, err := devserver.Start(t.Context(), devserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Stop() }()
	count := lanesOfSample
	if *full && *only == "" {
		count = lanesOfAll
	}
	team := startLanes(t, server, count)
	all := allTrials(t, random, team)
	chosen := choose(random, all)
	report.seed, report.started = *seed, time.Now()
	rest, restarts := split(chosen)
	runAll(t, team, rest)
	for _, l := range team {
		l.Close()
	}
	runRestarts(t, restarts, count)
	report.took = time.Since(report.started)
	t.Log(report.totals())
}

// allTrials are the cases that there are, found by a clean run of each scenario.
func allTrials(t *testing.T, random *rand.Rand, team []*lane) (all []trial) {
	t.Helper()
	found := cleanRuns(t, team)
	for _, each := range scenarios {
		run, there := found[each.name]
		if !there {
			continue
		}
		like := trial{scenario: each, declared: run.declared, connected: found[each.connects()].declared}
		all = append(all, single(like, run.calls)...)
		if !each.onlyLists {
			all = append(all, double(random, like, run.calls)...)
		}
	}
	return all
}

// cleanRuns carries out each scenario that is needed, several at the same time.
func cleanRuns(t *testing.T, team []*lane) map[string]cleanRun {
	t.Helper()
	queue := make(chan scenario, len(scenarios))
	for _, each := range scenarios {
		if needed(each) {
			queue <- each
		}
	}
	close(queue)
	report.order = map[string][]call{}
	found := map[string]cleanRun{}
	var mutex sync.Mutex
	var group sync.WaitGroup
	for _, l := range team[:min(len(team), lanesOfSample)] {
		group.Go(func() {
			for each := range queue {
				run, err := l.steady(t.Context(), each)
				if err != nil {
					t.Errorf("%s: %v", each.name, err)
					return
				}
				run.calls = append(run.calls, points(each, run.tasks)...)
				mutex.Lock()
				report.order[each.name] = run.calls
				// Calls that are made at the same time come in any order, and the same seed must choose the same.
				run.calls = slices.SortedFunc(slices.Values(run.calls), func(a, b call) int { return cmp.Compare(a.provider+a.String(), b.provider+b.String()) })
				found[each.name] = run
				mutex.Unlock()
			}
		})
	}
	group.Wait()
	if t.Failed() {
		t.FailNow()
	}
	return found
}

// needed reports whether the scenario has cases that may be run: -only can name one.
func needed(s scenario) bool {
	name, _, named := strings.Cut(*only, " / ")
	return !named || s.name == name || slices.ContainsFunc(scenarios, func(each scenario) bool { return each.name == name && each.connects() == s.name }) ||
		!slices.ContainsFunc(scenarios, func(each scenario) bool { return each.name == name })
}

// single is every way in which one call can break.
func single(like trial, calls []call) (trials []trial) {
	for _, each := range calls {
		for _, group := range groups {
			for _, kind := range group.kinds {
				if kind.fits(like.scenario, each) && kind.stops(like.scenario) {
					trials = append(trials, like.with(breakage{each, kind}))
				}
			}
		}
	}
	return trials
}

// with is the case in which that breaks.
func (t trial) with(breakages ...breakage) trial {
	t.breakages = breakages
	return t
}

// double is pairs of breakages chosen at random.
func double(random *rand.Rand, like trial, calls []call) (trials []trial) {
	s := like.scenario
	calls = slices.DeleteFunc(slices.Clone(calls), func(c call) bool { return c.provider == temporalItself })
	for len(trials) < pairs/14 {
		var two []breakage
		for len(two) < 2 {
			each := breakage{calls[random.IntN(len(calls))], kinds[random.IntN(len(kinds))]}
			same := len(two) > 0 && two[0].call.kindOf() == each.call.kindOf()
			// The server is restarted for several cases at once, and once.
			again := len(two) > 0 && two[0].kind.name == restarted && each.kind.name == restarted
			if each.kind.fits(s, each.call) && (len(two) > 0 || each.kind.stops(s)) && !same && !again {
				two = append(two, each)
			}
		}
		trials = append(trials, like.with(two...))
	}
	return trials
}

// choose is what runs: all, what the flag says, or a sample.
func choose(random *rand.Rand, all []trial) []trial {
	if *only != "" {
		return slices.DeleteFunc(all, func(each trial) bool { return !strings.Contains(each.String(), *only) })
	}
	number := *most
	switch {
	case number == 0 && *full:
		return all
	case number == 0:
		number = sample
	}
	random.Shuffle(len(all), func(a, b int) { all[a], all[b] = all[b], all[a] })
	all = all[min(*past, len(all)):]
	return all[:min(number, len(all))]
}

// split takes those that need a Temporal server of their own apart, and puts those that wait the longest in front.
func split(all []trial) (rest, restarts []trial) {
	var first []trial
	for _, each := range all {
		switch {
		case slices.ContainsFunc(each.breakages, func(b breakage) bool { return b.kind.name == restarted }):
			restarts = append(restarts, each)
		case slices.ContainsFunc(each.breakages, func(b breakage) bool { return b.kind.endless }):
			first = append(first, each)
		default:
			rest = append(rest, each)
		}
	}
	return append(first, rest...), restarts
}

// startLanes starts as many at the same time.
func startLanes(t *testing.T, server *devserver.Server, count int) []*lane {
	t.Helper()
	team, failures := make([]*lane, count), make([]error, count)
	folder := t.TempDir()
	var group sync.WaitGroup
	for i := range team {
		group.Go(func() { team[i], failures[i] = newLane(t.Context(), server, folder) })
	}
	group.Wait()
	for _, err := range failures {
		if err != nil {
			t.Fatal(err)
		}
	}
	return team
}

// runAll hands the trials out to the lanes.
func runAll(t *testing.T, team []*lane, trials []trial) {
	queue := make(chan trial, len(trials))
	for _, each := range trials {
		queue <- each
	}
	close(queue)
	stop := report.tellProgress(os.Stderr, func() int { return len(queue) })
	defer stop()
	var group sync.WaitGroup
	for _, l := range team {
		group.Go(func() {
			for each := range queue {
				note(t, each, l.try(t.Context(), each))
			}
		})
	}
	group.Wait()
}

// note puts a case into the report.
func note(t *testing.T, each trial, end ending) {
	report.add(each, end)
	if len(end.broken) > 0 {
		t.Errorf("%s\nended %q, and the promise is broken:\n%s\nthe run says: %s", each, end.state, strings.Join(end.broken, "\n"), end.says)
	}
}

// runRestarts runs as many trials at the same time as there are lanes, and restarts their server when all are under way.
func runRestarts(t *testing.T, trials []trial, count int) {
	if len(trials) == 0 {
		return
	}
	options := devserver.Options{DBFilename: filepath.Join(t.TempDir(), "temporal.db")}
	r, err := newRestarter(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer r.stop()
	team := startLanes(t, r.server, min(count, len(trials)))
	defer func() {
		for _, l := range team {
			l.Close()
		}
	}()
	for batch := range slices.Chunk(trials, len(team)) {
		waiting := r.expect(len(batch))
		var group sync.WaitGroup
		for i, each := range batch {
			group.Go(func() {
				arrived := sync.OnceFunc(waiting.arrive)
				defer arrived()
				team[i].restart = func(ctx context.Context) error { arrived(); return waiting.wait(ctx) }
				note(t, each, team[i].try(t.Context(), each))
			})
		}
		if err := r.restartWhen(t.Context(), waiting); err != nil {
			t.Fatal(fmt.Errorf("restart Temporal: %w", err))
		}
		group.Wait()
	}
}

package histories

import (
	"context"
	"slices"
	"time"

	"go.temporal.io/sdk/client"
	"pgregory.net/rapid"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// What the worker is told of late answers and of lists is in rig.Quick; these are just below it.
const (
	latest   = 2300 * time.Millisecond
	furthest = 900 * time.Millisecond
)

// lateness draws a request that is carried out later, whether the worker still waits for the answer or not.
func lateness(t *rapid.T) kit.Fault {
	delay := rapid.SampledFrom([]time.Duration{100 * time.Millisecond, 800 * time.Millisecond, latest}).Draw(t, "done after")
	return kit.Fault{Kind: kit.KindLate, Delay: kit.Duration(delay), Cut: rapid.Bool().Draw(t, "cut"), Count: 1}
}

// listing draws how the lists of both sides are shown.
func listing(t *rapid.T) kit.Fault {
	return rapid.SampledFrom([]kit.Fault{
		{Kind: kit.KindLag, Delay: kit.Duration(furthest)},
		{Kind: kit.KindLag, Delay: kit.Duration(furthest), After: []string{kit.AfterCreate}},
		{Kind: kit.KindLag, Delay: kit.Duration(furthest), After: []string{kit.AfterDelete}},
		{Kind: kit.KindPages, PageSize: 1},
		{Kind: kit.KindPages, PageSize: 2, Shift: 1, Count: 3},
		{Kind: kit.KindPages, PageSize: 2, Shift: -1, Count: 3},
	}).Draw(t, "lists")
}

// shown carries something out while lists are shown so.
func (w *world) shown(fault kit.Fault, runs func()) {
	for _, side := range w.sides() {
		side.Inject(fault)
		defer side.ClearFaults()
	}
	runs()
}

// hidden is how lists leave the connection's own things out. What it made must still be known by its id.
func (w *world) hidden() (kit.Fault, bool) {
	own := []string{w.model.app, w.model.identityProvider, w.model.policy}
	return kit.Fault{Kind: kit.KindFiltered, Hide: own}, !slices.Contains(own, "") && !w.conflict() && !w.theirsRefer(w.things())
}

// undisturbed reports whether nothing of others stands in the way of a run.
func (w *world) undisturbed() bool {
	return !w.conflict() && !w.theirsRefer(w.things()) && !w.usedByOthers()
}

// terminate carries out a run of Connect that someone terminates at a change, and starts another one at once.
func (w *world) terminate(side int, fault kit.Fault, next string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	server := w.sides()[side]
	server.Inject(fault)
	run := w.start(ctx, connection.ConnectWorkflow)
	if w.until(ctx, run, func() bool { return len(server.Faults()) == 0 }) {
		_ = w.Client.TerminateWorkflow(ctx, run.GetID(), run.GetRunID(), "a history") // it may be over
	}
	_ = run.Get(ctx, nil)
	server.ClearFaults()
	w.model.app, w.model.identityProvider, w.model.policy = "", "", ""
	end := w.run(next, none)
	switch {
	case next == connection.ConnectWorkflow && end.state == connection.RunConnected:
		w.connected(end, false)
	case next == connection.DisconnectWorkflow && end.state == connection.RunDisconnected:
	default:
		w.t.Logf("failure: %+v", end.result.Failure)
		w.t.Fatalf("after a run that was terminated, %s ended %s", next, end.state)
	}
	w.holds()
}

// resetEarlier resets a run after which another one came: that changes nothing.
func (w *world) resetEarlier(run client.WorkflowRun, task int) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	before := leaves(w.state())
	tasks, err := w.TasksOf(ctx, run)
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	again, err := w.ResetTo(ctx, run, tasks[task%len(tasks)])
	if err != nil {
		w.t.Fatalf("%v", err)
	}
	end := w.settle(ctx, again, connection.ResumeUpdate)
	if paths := differing(before, leaves(w.state())); len(paths) > 0 {
		w.t.Logf("it ended %s, failure %+v\n%s", end.state, end.result.Failure, changes(before, leaves(w.state()), paths))
		w.t.Fatalf("a run that was reset after a later one changed something")
	}
}

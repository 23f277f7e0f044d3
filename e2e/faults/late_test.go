package faults

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// What the worker is told of late answers and lists, and what that stands for: the defaults are a minute and half a minute.
const (
	lateAnswer = 2500 * time.Millisecond
	listLag    = time.Second
)

// afterDefault is how long a time is here that would be so long with the default of late_answer; behindDefault likewise for list_lag.
// What is as long as allowed ends a little earlier: a busy machine must not make it longer.
func afterDefault(seconds int) kit.Duration {
	return kit.Duration(min(lateAnswer*time.Duration(seconds)/60, lateAnswer-300*time.Millisecond))
}

func behindDefault(seconds int) time.Duration {
	return min(listLag*time.Duration(seconds)/30, listLag-100*time.Millisecond)
}

var scale = fmt.Sprintf("Times are those of the defaults (late_answer 1m, list_lag 30s). Here late_answer is %s and list_lag %s: "+
	"60 s of a late answer are %s, 30 s of a list that is behind are %s.", lateAnswer, listLag, time.Duration(afterDefault(60)), behindDefault(30))

// late is a request that is carried out later, whether the client is still there or not.
func late(seconds int, cut bool) kit.Fault {
	return kit.Fault{Kind: kit.KindLate, Delay: afterDefault(seconds), Cut: cut, Count: 1}
}

// lateAnswers are answers that are lost, to requests that are carried out all the same.
var lateAnswers = group{
	name: "Carried out late, whether the worker still waits for the answer or not",
	note: scale,
	kinds: []kind{
		{name: "cut, done after 3 s", fault: late(3, true), mends: true, strikes: onChanges},
		{name: "cut, done after 20 s", fault: late(20, true), mends: true, strikes: onChanges},
		{name: "cut, done after 60 s", fault: late(60, true), mends: true, strikes: onChanges},
		{name: "done after 3 s", fault: late(3, false), mends: true, strikes: onChanges},
		{name: "done after 20 s", fault: late(20, false), mends: true, strikes: onChanges},
		{name: "done after 60 s", fault: late(60, false), mends: true, strikes: onChanges},
		{name: "answer lost, lists 5 s behind", fault: kit.Fault{Kind: kit.KindDropAfter, Count: 1}, behind: behindDefault(5), mends: true, strikes: onChanges},
		{name: "answer lost, lists 30 s behind", fault: kit.Fault{Kind: kit.KindDropAfter, Count: 1}, behind: behindDefault(30), mends: true, strikes: onChanges},
		{name: "cut, done after 20 s, lists 30 s behind", fault: late(20, true), behind: behindDefault(30), mends: true, strikes: onChanges},
		{name: "cut, done after 60 s, lists 30 s behind", fault: late(60, true), behind: behindDefault(30), mends: true, strikes: onChanges},
		{name: "cut, done after 20 s, worker killed", fault: late(20, true), mends: true, during: killWorker, strikes: onChanges},
		{name: "done after 60 s, worker killed", fault: late(60, false), mends: true, during: killWorker, strikes: onChanges},
	},
}

// slow are changes that take long, in a run that is cancelled or runs out of its time meanwhile.
var slow = group{
	name: "Slow, and the run is cancelled or out of its budget meanwhile",
	note: scale,
	kinds: []kind{
		{name: "done after 3 s, cancelled", fault: late(3, false), during: cancelRun, strikes: onChanges},
		{name: "done after 20 s, cancelled", fault: late(20, false), during: cancelRun, strikes: onChanges},
		{name: "done after 60 s, cancelled", fault: late(60, false), during: cancelRun, strikes: onChanges},
		{name: "cut, done after 20 s, cancelled", fault: late(20, true), during: cancelRun, strikes: onChanges},
		{name: "cut, done after 60 s, cancelled", fault: late(60, true), during: cancelRun, strikes: onChanges},
		{name: "done after 20 s, lists 30 s behind, cancelled", fault: late(20, false), behind: behindDefault(30), during: cancelRun, strikes: onChanges},
		{name: "cut, done after 60 s, lists 30 s behind, cancelled", fault: late(60, true), behind: behindDefault(30), during: cancelRun, strikes: onChanges},
		{name: "done after 20 s, out of budget", fault: unavailable, doing: slowAtTheEnd(20), strikes: onCreates, budget: true},
		{name: "done after 60 s, out of budget", fault: unavailable, doing: slowAtTheEnd(60), strikes: onCreates, budget: true},
	},
}

var unavailable = kit.Fault{Kind: kit.KindStatus, Status: 503, Count: 1}

// onCreates is about the calls of a connect that make a thing.
func onCreates(s scenario, c call) bool {
	return onChanges(s, c) && s.refused == nil && s.workflow == connection.ConnectWorkflow && c.method == "POST" && made[c.path] != ""
}

// slowAtTheEnd has a call be refused until just before the step's budget is over, and slow then.
func slowAtTheEnd(seconds int) func(call) deed {
	return func(c call) deed {
		return func(ctx context.Context, l *lane, _ client.WorkflowRun) error {
			side := l.server(c.provider)
			side.Inject(kit.Fault{Method: c.method, Path: c.glob, Kind: kit.KindStatus, Status: 503})
			const before = 600 * time.Millisecond
			select {
			case <-time.After(connection.MinTimeBudget - before):
			case <-ctx.Done():
				return ctx.Err()
			}
			side.ClearFaults()
			fault := late(seconds, false)
			fault.Method, fault.Path = c.method, c.glob
			side.Inject(fault)
			return nil
		}
	}
}

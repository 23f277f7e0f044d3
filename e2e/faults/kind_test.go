package faults

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// kind is a way in which a call breaks.
type kind struct {
	name string
	// fault is what is injected at the call.
	fault kit.Fault
	// status is one that not every call can be answered with; absence means that it says for good that a thing isn't there.
	status  int
	absence bool
	// mends means that the run must get over it without a person and reach what was asked for.
	mends bool
	// endless means that the run goes on only after someone ended the fault.
	endless bool
	// strikes reports whether a call can break so; nil is every call.
	strikes func(scenario, call) bool
	// early means that the fault is there before what the scenario finds is made, and for all calls of the kind.
	early bool
	// behind is how far the lists of both sides are behind meanwhile; 0 is not at all.
	behind time.Duration
	// during is done when the fault has struck, afterwards when the run has ended.
	during, afterwards deed
	// doing is during, where that depends on the call.
	doing func(call) deed
	// budget means that the run has the shortest time budget.
	budget bool
	// freezes means that the worker is frozen as soon as its request comes in.
	freezes bool
	// hand is what someone changes at the call.
	hand *hand
	// then is the workflow that is started at once when the run was terminated during the call.
	then string
	// play is the whole case, where it isn't one run that is broken at a call.
	play func(ctx context.Context, l *lane, t trial) (ending, error)
}

// group is kinds that are shown in one table.
type group struct {
	name string
	// note is what a reader must know of them, such as what a time stands for.
	note  string
	kinds []kind
}

// groups are all ways in which a run is broken.
var groups = []group{
	{name: "refused, cut, answered with nonsense, late; killed, cancelled, restarted", kinds: kinds},
	lateAnswers,
	slow,
	terminated,
	resets,
	stepsTouched,
	workers,
	meddled,
	lists,
}

// deed is what someone does while a run is under way.
type deed func(ctx context.Context, l *lane, run client.WorkflowRun) error

// The time-outs that the worker is configured with, and delays past them.
const (
	requestTimeout = time.Second
	heartbeat      = 2 * time.Second
	pastTimeout    = requestTimeout + time.Second
	// untilBroken is a delay that something else ends.
	untilBroken = kit.Duration(time.Minute)
)

// restarted is the kind of case that needs a Temporal server of its own.
const restarted = "Temporal restarted"

// kinds are the ways in which any call breaks.
var kinds = []kind{
	{name: "503 once", fault: kit.Fault{Kind: kit.KindStatus, Status: 503, Count: 1}, mends: true},
	{name: "503 for ever", fault: kit.Fault{Kind: kit.KindStatus, Status: 503}, endless: true},
	{name: "503 after it was done", fault: kit.Fault{Kind: kit.KindStatusAfter, Status: 503, Count: 1}, mends: true},
	{name: "429", fault: kit.Fault{Kind: kit.KindStatus, Status: 429, Count: 1}, mends: true},
	{name: "401", fault: kit.Fault{Kind: kit.KindStatus, Status: 401}},
	{name: "403", fault: kit.Fault{Kind: kit.KindStatus, Status: 403}},
	{name: "404 once", fault: kit.Fault{Kind: kit.KindStatus, Status: 404, Count: 1}, status: 404},
	{name: "404 for ever", fault: kit.Fault{Kind: kit.KindStatus, Status: 404}, status: 404, absence: true},
	{name: "409", fault: kit.Fault{Kind: kit.KindStatus, Status: 409}, status: 409},
	{name: "drop_before", fault: kit.Fault{Kind: kit.KindDropBefore, Count: 1}, mends: true},
	{name: "drop_after", fault: kit.Fault{Kind: kit.KindDropAfter, Count: 1}, mends: true},
	{name: "garbage", fault: kit.Fault{Kind: kit.KindGarbage, Count: 1}, mends: true},
	{name: "garbage after it was done", fault: kit.Fault{Kind: kit.KindStatusAfter, Status: 200, Body: "<html>", Count: 1}, mends: true},
	{name: "late, not done", fault: kit.Fault{Kind: kit.KindDelay, Delay: kit.Duration(pastTimeout), Count: 1}, mends: true},
	{name: "late, but done", fault: kit.Fault{Kind: kit.KindDelayAfter, Delay: kit.Duration(pastTimeout), Count: 1}, mends: true},
	{name: "worker killed", fault: kit.Fault{Kind: kit.KindDelayAfter, Delay: untilBroken, Count: 1}, mends: true, during: killWorker},
	{name: "run cancelled", fault: kit.Fault{Kind: kit.KindDelayAfter, Delay: untilBroken, Count: 1}, during: cancelRun},
	{name: restarted, fault: kit.Fault{Kind: kit.KindDelayAfter, Delay: untilBroken, Count: 1}, mends: true, during: restartTemporal},
}

// fits reports whether the call can break in this way.
func (k kind) fits(s scenario, c call) bool {
	if k.strikes != nil {
		return k.strikes(s, c)
	}
	if s.onlyLists || c.provider == temporalItself {
		return false
	}
	// What is gone for good a rollback can't put back: to say so of what is there would be no fault, but a lie.
	putsBack := c.method == "PUT" && (strings.HasSuffix(c.path, "/groups/{id}") || strings.HasSuffix(c.path, "/access/apps/{id}"))
	lie := c.provesAbsence() || s.changes() && putsBack || s.refused != nil && strings.HasSuffix(c.path, "{id}")
	return (k.status == 0 || c.answers(k.status)) && !(k.absence && lie)
}

// stops tells whether a run that pauses is there to be broken so: what it gets over by itself no pause comes of.
func (k kind) stops(s scenario) bool { return !s.pauses || !k.mends }

// meanwhile is what is done when the fault has struck the call; nil where nothing is.
func (k kind) meanwhile(c call) deed {
	if k.doing != nil {
		return k.doing(c)
	}
	return k.during
}

// at is the fault at the call.
func (k kind) at(c call) kit.Fault {
	fault := k.fault
	fault.Method, fault.Path, fault.Skip = c.method, c.glob, c.occurrence-1
	if k.early {
		fault.Skip = 0
	}
	if fault.Status != http.StatusTooManyRequests {
		return fault
	}
	const ahead = 2 // seconds
	fault.Headers = map[string]string{"Retry-After": strconv.Itoa(ahead)}
	if c.provider == okta {
		fault.Headers = map[string]string{
			"X-Rate-Limit-Limit": "100", "X-Rate-Limit-Remaining": "0",
			"X-Rate-Limit-Reset": strconv.FormatInt(time.Now().Unix()+ahead, 10),
		}
	}
	return fault
}

// onChanges is about the calls that change something, of runs that don't pause.
func onChanges(s scenario, c call) bool { return !s.pauses && !s.onlyLists && c.changes() }

func killWorker(ctx context.Context, l *lane, _ client.WorkflowRun) error {
	if err := l.Worker.Kill(); err != nil {
		return err
	}
	return l.StartWorker(ctx)
}

func cancelRun(ctx context.Context, l *lane, run client.WorkflowRun) error {
	return l.Client.CancelWorkflow(ctx, run.GetID(), run.GetRunID())
}

func restartTemporal(ctx context.Context, l *lane, _ client.WorkflowRun) error {
	return l.restart(ctx)
}

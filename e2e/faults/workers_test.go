package faults

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// freezing stops the worker where it is as soon as its request comes in; the answer finds nobody.
var freezing = kit.Fault{Kind: kit.KindHand, Count: 1}

// workers are what happens to workers: one is frozen, as a paused machine is, while another takes over, and goes on later; or one is
// configured otherwise than the one that began.
var workers = group{
	name: "A frozen worker that goes on later, and workers that are configured differently",
	note: "The heartbeat time-out, after which another worker takes a step over, is " + heartbeat.String() + ".",
	kinds: []kind{
		{name: "frozen, goes on when another has taken over", fault: freezing, mends: true, freezes: true, during: replaceAndThaw, afterwards: thaw, strikes: onSteady},
		{name: "frozen, goes on when the run is over", fault: freezing, mends: true, freezes: true, during: replace, afterwards: thaw, strikes: onSteady},
		{name: "replaced for a while by one for another org", fault: held, mends: true, during: misplace(anotherOrg), strikes: onChanges},
		{name: "replaced for a while by one for another account", fault: held, mends: true, during: misplace(anotherAccount), strikes: onChanges},
		{name: "beside one for another org", fault: held, mends: true, during: beside(anotherOrg), afterwards: endOther, strikes: onChanges},
		{name: "beside one for another account", fault: held, mends: true, during: beside(anotherAccount), afterwards: endOther, strikes: onChanges},
	},
}

// onSteady is about all calls of runs that don't pause.
func onSteady(s scenario, c call) bool {
	return !s.pauses && !s.onlyLists && c.provider != temporalItself
}

// freeze stops the lane's worker.
func (l *lane) freeze() {
	if err := l.Worker.Freeze(); err == nil {
		l.frozen = l.Worker
	}
}

// replace starts another worker for the one that is frozen.
func replace(ctx context.Context, l *lane, _ client.WorkflowRun) error { return l.StartWorker(ctx) }

// replaceAndThaw has the frozen worker go on as soon as the other asks a provider for something, or the run is over.
func replaceAndThaw(ctx context.Context, l *lane, run client.WorkflowRun) error {
	asked := l.asked()
	if err := l.StartWorker(ctx); err != nil {
		return err
	}
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for l.asked() == asked && !ended(l.stateOf(ctx, run)) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until another worker takes over: %w", ctx.Err())
		case <-look.C:
		}
	}
	return l.frozen.Thaw()
}

// asked is how many requests there were.
func (l *lane) asked() (count int) {
	for _, requests := range l.journals() {
		count += len(requests)
	}
	return count
}

// ended reports whether a run in the state is over.
func ended(state connection.RunState) bool {
	return state != "" && state != connection.RunRunning && state != connection.RunRollingBack && state != connection.RunNeedsOperator
}

// thaw has the frozen worker go on, and waits until it has ended what it was at.
func thaw(_ context.Context, l *lane, _ client.WorkflowRun) error {
	if l.frozen == nil {
		return nil
	}
	thawed := l.frozen
	l.frozen = nil
	if err := thawed.Thaw(); err != nil {
		return err
	}
	return thawed.Stop()
}

// anotherOrg and anotherAccount are settings under which the connection's names mean something else.
func anotherOrg(l *lane) map[string]any {
	other := l.Sandbox.Orgs["globex"]
	return map[string]any{"okta.orgs." + org: map[string]any{"url": other.URL, "api_token": other.Token}}
}

func anotherAccount(l *lane) map[string]any {
	other := l.Sandbox.Accounts["globex"]
	return map[string]any{"cloudflare.accounts." + org: map[string]any{"account_id": other.ID, "api_token": other.Token}}
}

// misplace kills the worker, has one that is configured otherwise take its place until the run says so, and puts a good one back.
func misplace(settings func(*lane) map[string]any) deed {
	return func(ctx context.Context, l *lane, run client.WorkflowRun) error {
		if err := l.Worker.Kill(); err != nil {
			return err
		}
		var err error
		if l.other, err = l.StartOtherWorker(ctx, settings(l)); err != nil {
			return err
		}
		if err := l.untilRefused(ctx, run); err != nil {
			return err
		}
		if err := endOther(ctx, l, run); err != nil {
			return err
		}
		return l.StartWorker(ctx)
	}
}

// untilRefused waits until a step says that its worker is configured otherwise, or the run is over.
func (l *lane) untilRefused(ctx context.Context, run client.WorkflowRun) error {
	look := time.NewTicker(askEvery)
	defer look.Stop()
	for !ended(l.stateOf(ctx, run)) {
		steps, err := l.pending(ctx, run)
		if err != nil {
			return err
		}
		for _, step := range steps {
			if strings.Contains(step.GetLastFailure().GetMessage(), "but the run surveyed") {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until a step is refused: %w", ctx.Err())
		case <-look.C:
		}
	}
	return nil
}

// beside starts one that is configured otherwise, which shares the work.
func beside(settings func(*lane) map[string]any) deed {
	return func(ctx context.Context, l *lane, _ client.WorkflowRun) (err error) {
		l.other, err = l.StartOtherWorker(ctx, settings(l))
		return err
	}
}

// endOther ends the worker that was started beside the lane's.
func endOther(_ context.Context, l *lane, _ client.WorkflowRun) error {
	other := l.other
	l.other = nil
	return other.Kill()
}

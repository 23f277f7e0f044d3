package faults

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// driver follows a run to its end, and does what others do to it meanwhile: kill, cancel, restart, end an outage, resume.
type driver struct {
	lane  *lane
	trial trial
	run   client.WorkflowRun

	// done are the breakages whose during was done.
	done int
	// outageAt counts the endless fault's strikes when the run first couldn't do without the call; 0 before.
	outageAt int
	// paused tells that what happens to the run while it is paused has happened.
	paused bool
	end    ending
}

// How often it is looked whether the call is under way, and whether the run needs somebody.
const (
	lookEvery = 5 * time.Millisecond
	askEvery  = 150 * time.Millisecond
)

// drive returns how the run ended.
func (d *driver) drive(ctx context.Context) (ending, connection.Result, error) {
	var result connection.Result
	ended := make(chan error, 1)
	go func() { ended <- d.run.Get(ctx, &result) }()
	look, ask := time.NewTicker(lookEvery), time.NewTicker(askEvery)
	defer look.Stop()
	defer ask.Stop()
	for {
		var err error
		select {
		case err := <-ended:
			if ctx.Err() != nil {
				return d.end, result, fmt.Errorf("the run is still open after %s, in state %q; %s", d.trial.patience(), d.lane.stateOf(background, d.run), d.lane.doing(d.run))
			}
			result, err := resultOf(err, result)
			d.end.state = result.State
			return d.end, result, err
		case <-look.C:
			err = d.meanwhile(ctx)
		case <-ask.C:
			err = d.help(ctx)
		}
		if err != nil {
			return d.end, result, err
		}
	}
}

// meanwhile does what is to be done while a call waits, once it does.
func (d *driver) meanwhile(ctx context.Context) error {
	var waiting []breakage
	for _, each := range d.trial.breakages {
		if each.kind.meanwhile(each.call) != nil {
			waiting = append(waiting, each)
		}
	}
	if d.done >= len(waiting) {
		return nil
	}
	next := waiting[d.done]
	fault := next.kind.at(next.call)
	armed := slices.ContainsFunc(d.lane.server(next.call.provider).Faults(), func(other kit.Fault) bool {
		return other.Kind == fault.Kind && other.Method == fault.Method && other.Path == fault.Path && other.Skip == fault.Skip && other.Delay == fault.Delay
	})
	if armed {
		return nil
	}
	d.done++
	return next.kind.meanwhile(next.call)(ctx, d.lane, d.run)
}

// help mends what a person would: it ends an outage that the run can't do without, and says resume to a run that waits.
// What happens to a paused run comes before that, while what broke it goes on.
func (d *driver) help(ctx context.Context) error {
	state := d.lane.stateOf(ctx, d.run)
	if state != connection.RunNeedsOperator {
		return d.endOutage(ctx, state)
	}
	d.end.waited = true
	if d.lane.meddling != nil {
		return d.clearUp(ctx)
	}
	if first := d.trial.scenario.whilePaused; first != nil && !d.paused {
		d.paused = true
		return first(ctx, d.lane, d.run)
	}
	d.end.person = true
	return mend(ctx, d.lane, d.run)
}

// clearUp takes away what someone changed by hand, and says resume to the run that waits because of it.
func (d *driver) clearUp(ctx context.Context) error {
	progress, err := d.lane.progress(ctx, d.run)
	if err == nil && progress.State == connection.RunNeedsOperator && (progress.Needs == nil || progress.Needs.Message == "") {
		return errors.New("the run waits for a person, and doesn't say for what")
	}
	d.end.person = true
	d.lane.meddling.clearUp()
	return mend(ctx, d.lane, d.run)
}

// strikes are how many calls an outage must have struck that the run can't do without, before it ends.
const strikes = 3

// endOutage ends an endless fault when the run has been at it for a while and never gives up: in a rollback, and in a
// disconnect that has begun.
func (d *driver) endOutage(ctx context.Context, state connection.RunState) error {
	struck := d.struck()
	if struck == 0 {
		return nil
	}
	if d.outageAt == 0 && (state == connection.RunRollingBack || d.isTakingAway(ctx)) {
		d.outageAt = struck
	}
	if d.outageAt > 0 && struck >= d.outageAt+strikes {
		d.lane.clearFaults()
	}
	return nil
}

// struck counts the calls that met an endless fault.
func (d *driver) struck() (count int) {
	journals := d.lane.journals()
	for _, each := range d.trial.breakages {
		for _, request := range journals[each.call.provider] {
			if each.kind.endless && request.Status == 503 && each.call.is(request) {
				count++
			}
		}
	}
	return count
}

// isTakingAway tells whether a disconnect has begun to delete.
func (d *driver) isTakingAway(ctx context.Context) bool {
	if d.trial.scenario.workflow != connection.DisconnectWorkflow {
		return false
	}
	progress, err := d.lane.progress(ctx, d.run)
	return err == nil && len(progress.Steps) > 1
}

func (l *lane) progress(ctx context.Context, run client.WorkflowRun) (connection.Progress, error) {
	var progress connection.Progress
	answer, err := l.Client.QueryWorkflow(ctx, run.GetID(), run.GetRunID(), connection.ProgressQuery)
	if err == nil {
		err = answer.Get(&progress)
	}
	return progress, err
}

// doing says what an open run is doing, as Temporal and the run itself have it.
func (l *lane) doing(run client.WorkflowRun) string {
	ctx, cancel := context.WithTimeout(background, 5*time.Second)
	defer cancel()
	var text strings.Builder
	described, err := l.Client.DescribeWorkflowExecution(ctx, run.GetID(), run.GetRunID())
	if err != nil {
		return err.Error()
	}
	fmt.Fprintf(&text, "%d events", described.GetWorkflowExecutionInfo().GetHistoryLength())
	if task := described.GetPendingWorkflowTask(); task != nil {
		fmt.Fprintf(&text, "; workflow task %s, attempt %d", task.GetState(), task.GetAttempt())
	}
	for _, pending := range described.GetPendingActivities() {
		fmt.Fprintf(&text, "; %s %s, attempt %d, on %s, last failure %q", pending.GetActivityId(), pending.GetState(), pending.GetAttempt(),
			pending.GetLastWorkerIdentity(), pending.GetLastFailure().GetMessage())
	}
	if progress, err := l.progress(ctx, run); err != nil {
		fmt.Fprintf(&text, "; no progress: %v", err)
	} else if len(progress.Steps) > 0 {
		fmt.Fprintf(&text, "; last step %+v", progress.Steps[len(progress.Steps)-1])
	}
	return text.String()
}

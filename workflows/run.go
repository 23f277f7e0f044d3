package workflows

import (
	"errors"
	"fmt"
	"strings"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// run is one execution of a workflow for a connection: what it tells of itself, and what it has to undo.
type run struct {
	options  Options
	spec     connection.Spec
	progress connection.Progress
	result   connection.Result
	undo     []undo
	operator operator
	// fence says for whom the steps are.
	fence activities.Fence
	// turns are the turns that the run took, by their workflow IDs: the last one of each.
	turns map[string]workflow.ChildWorkflowFuture
	// expected are how many steps of each kind there will be, where there are many.
	expected map[string]int
	// surveys is how often both sides were surveyed again, because the survey had not seen something.
	surveys int
}

// begin checks the document and makes the run visible: by its query, its memo and its details in Temporal UI.
func begin(ctx workflow.Context, options Options, operation string, spec connection.Spec) (*run, error) {
	spec = spec.WithDefaults()
	r := &run{options: options, spec: spec}
	r.progress = connection.Progress{Connection: spec.Name, Operation: operation, StartedAt: workflow.Now(ctx), Steps: []connection.Step{}}
	r.result = connection.Result{Connection: spec.Name, Operation: operation, Changes: []connection.Change{}}
	if err := workflow.SetQueryHandler(ctx, connection.ProgressQuery, func() (connection.Progress, error) { return answer(r.progress), nil }); err != nil {
		return nil, fmt.Errorf("offer the query %q: %w", connection.ProgressQuery, err)
	}
	if err := r.offerUpdates(ctx); err != nil {
		return nil, err
	}
	r.hearRetries(ctx)
	r.enter(ctx, connection.RunRunning)
	if err := spec.Validate(); err != nil {
		return r, r.refused(ctx, connection.Failure{Step: "the document", Message: err.Error(), Advice: "correct the document"})
	}
	if id := workflow.GetInfo(ctx).WorkflowExecution.ID; id != lock(operation, spec.Name) {
		return r, r.refused(ctx, connection.Failure{
			Step: "the document", Message: fmt.Sprintf("the workflow ID is %q, but must be %q: it keeps two runs for a connection apart", id, lock(operation, spec.Name)),
			Advice: "start the workflow with that ID",
		})
	}
	return r, nil
}

// lock is the workflow ID that a run must have.
func lock(operation, name string) string {
	if operation == connection.PlanWorkflow {
		return connection.PlanWorkflowID(name)
	}
	return connection.WorkflowID(name)
}

// enter notes the run's state everywhere a person looks for it.
func (r *run) enter(ctx workflow.Context, state connection.RunState) {
	r.progress.State, r.result.State = state, state
	memo := map[string]any{
		connection.MemoConnection: r.progress.Connection, connection.MemoOperation: r.progress.Operation, connection.MemoState: string(state),
		connection.MemoNeeds: r.progress.Needs,
	}
	if err := workflow.UpsertMemo(ctx, memo); err != nil {
		workflow.GetLogger(ctx).Error("upsert memo", "error", err)
	}
	workflow.SetCurrentDetails(ctx, details(r.progress))
	r.measure(ctx, state)
}

// The counters of runs, in the terms of Temporal's SDK. A replay counts nothing.
const (
	runsEndedCounter         = "accessbridge.runs.ended"
	runsNeedsOperatorCounter = "accessbridge.runs.needed_operator"
)

// measure counts runs that end, by how, and those that begin to wait for an operator.
func (r *run) measure(ctx workflow.Context, state connection.RunState) {
	tags := map[string]string{"operation": r.progress.Operation}
	switch {
	case state.Ended():
		tags["outcome"] = string(state)
		workflow.GetMetricsHandler(ctx).WithTags(tags).Counter(runsEndedCounter).Inc(1)
	case state == connection.RunNeedsOperator:
		workflow.GetMetricsHandler(ctx).WithTags(tags).Counter(runsNeedsOperatorCounter).Inc(1)
	}
}

// step carries out one documented step. Where the document says pause, a step that failed for good waits for a person, and is
// tried again when that person says resume. The input is asked for at each try: it can have learned from the one before, by the
// doubts, which are told of answers that were lost.
func step[In any, Out outcome](ctx workflow.Context, r *run, id, title string, activity activityOf[In, Out], input func() In, doubts ...*activities.Uncertain) (Out, error) {
	for try := 1; ; try++ {
		step := connection.Step{ID: numbered(id, try+r.surveys), Title: title}
		out, err := execute(r.options.forward(ctx, step.ID, title, r.budget()), r, step, activity, input())
		r.learn(ctx, out, err, doubts)
		if err == nil || temporal.IsCanceledError(err) || !r.pauses(err) {
			return out, err
		}
		if resumed, cancelled := r.pause(ctx, failureOf(step.ID, err)); cancelled != nil {
			return out, cancelled
		} else if !resumed {
			return out, err
		}
	}
}

// pauses reports whether a step that failed waits for an operator: where the document says so, and where trying it again can help. A run
// that a later one has overtaken ends, and one whose survey had not seen something surveys again.
func (r *run) pauses(err error) bool {
	return r.spec.OnFailure == connection.OnFailurePause && !superseded(err) && unseen(err) == ""
}

// learn takes in what a step tells of answers that were lost.
func (r *run) learn(ctx workflow.Context, out outcome, err error, doubts []*activities.Uncertain) {
	until := out.Unanswered()
	isLost := out.Attempts() > 1 || len(until) > 0
	if err != nil {
		isLost, until = r.options.lost(err, workflow.Now(ctx))
	}
	if !isLost {
		return
	}
	for _, doubt := range doubts {
		doubt.MarkLost(until...)
	}
	for _, each := range until {
		if last := r.result.UnsettledUntil; last == nil || each.After(*last) {
			r.result.UnsettledUntil = &each
		}
	}
}

// fixed is an input that stays the same from try to try.
func fixed[In any](input In) func() In { return func() In { return input } }

// numbered tells the tries of a step apart: an activity ID is used once in a run.
func numbered(id string, try int) string {
	if try == 1 {
		return id
	}
	return fmt.Sprintf("%s (%d)", id, try)
}

// note adds what came of the last try of a step.
func (r *run) note(id, format string, values ...any) {
	for i := len(r.progress.Steps) - 1; i >= 0; i-- {
		if told := r.progress.Steps[i].ID; told == id || strings.HasPrefix(told, id+" (") {
			r.progress.Steps[i].Note = fmt.Sprintf(format, values...)
			return
		}
	}
}

// refused ends a run that found a reason not to start; nothing was changed.
func (r *run) refused(ctx workflow.Context, failure connection.Failure) error {
	r.progress.Failure, r.result.Failure = &failure, &failure
	r.enter(ctx, connection.RunRefused)
	return temporal.NewApplicationErrorWithOptions("nothing was changed: "+failure.Message, connection.ErrorRefused,
		temporal.ApplicationErrorOptions{NonRetryable: true, Details: []any{r.result}})
}

// refusedFor ends a run for what the survey found, all of it at once.
func (r *run) refusedFor(ctx workflow.Context, problems []planner.Problem) error {
	lines := make([]string, len(problems))
	for i, problem := range problems {
		lines[i] = problem.String()
	}
	return r.refused(ctx, connection.Failure{Step: stepSurvey, Message: strings.Join(lines, "\n"), Advice: problems[0].Advice, Problems: problems})
}

// surveyFailed ends a run whose survey failed or was cancelled; nothing was changed.
func (r *run) surveyFailed(ctx workflow.Context, err error) error {
	if temporal.IsCanceledError(err) {
		return r.cancelled(ctx)
	}
	return r.refused(ctx, failureOf(stepSurvey, err))
}

// cancelled ends a cancelled run that has nothing left to undo.
func (r *run) cancelled(ctx workflow.Context) error {
	r.enter(ctx, connection.RunCancelled)
	return temporal.NewCanceledError(r.result)
}

// mostAtOnce is how many steps run at the same time at most: Temporal refuses a run more than 2,000 pending activities, and one that
// asks for more is stuck.
const mostAtOnce = 200

// together runs steps that don't depend on each other at the same time, many of them in turns, and returns when all have settled:
// with the first error, in the order given, that says more than that the run was cancelled. A step whose turn comes after another
// one failed, or after the run was cancelled, isn't begun; but in a run that was reset it is, so that it is noted how to undo it:
// the run may have done it before.
func together(ctx workflow.Context, steps ...func(workflow.Context) error) error {
	failures := make([]error, len(steps))
	group := workflow.NewWaitGroup(ctx)
	next, failed := 0, false
	for range lanes(ctx, len(steps)) {
		group.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer group.Done()
			for first := true; next < len(steps) && (first || wasReset(ctx) || !failed && ctx.Err() == nil); first = false {
				at := next
				next++
				failures[at] = steps[at](ctx)
				failed = failed || failures[at] != nil
			}
		})
	}
	group.Wait(ctx)
	if next < len(steps) {
		failures = append(failures, ctx.Err())
	}
	var cancelled error
	for _, err := range failures {
		if err != nil && !temporal.IsCanceledError(err) {
			return err
		}
		cancelled = errors.Join(cancelled, err)
	}
	return cancelled
}

// lanes is how many steps go at the same time. Runs that began before there was a bound go on without.
func lanes(ctx workflow.Context, steps int) int {
	if steps <= mostAtOnce || workflow.GetVersion(ctx, "bounded steps", workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return steps
	}
	return mostAtOnce
}

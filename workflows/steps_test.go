package workflows

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
	quiet "github.com/accessbridge/accessbridge/internal/temporal"
)

func TestTitles(t *testing.T) {
	t.Parallel()
	for action, want := range map[connection.Action][2]string{
		connection.ActionCreate: {"Create the app", "Delete the app"}, connection.ActionUpdate: {"Update the app", "Put the app back"}, connection.ActionUnchanged: {}, connection.ActionDelete: {},
	} {
		title, back, moves := titles(connection.Change{Action: action}, "the app")
		if title != want[0] || back != want[1] || moves != (want[0] != "") {
			t.Errorf("%s: %q, %q, %v", action, title, back, moves)
		}
	}
}

// TestAttachmentOf: what is taken away goes back to its place, what is new to the end.
func TestAttachmentOf(t *testing.T) {
	t.Parallel()
	place := planner.Place{Position: 2, Before: []string{"p1"}}
	other := planner.Application{ID: "other", Domain: "other.example", Place: planner.Place{Position: 7}}
	have := planner.State{Applications: []planner.Application{other, {ID: "wiki", Domain: "wiki.example", Place: place, UsesPolicy: true}, other}}
	spec := connection.Spec{Cloudflare: connection.CloudflareSpec{Account: "acme"}}
	for action, want := range map[connection.Action]planner.Place{connection.ActionCreate: planner.AtTheEnd, connection.ActionDelete: place} {
		got := attachmentOf(activities.Fence{Run: "r"}, spec, have, "wiki", "policy1", "idp1", action)
		whole := activities.Attachment{Fence: activities.Fence{Run: "r"}, Account: "acme", ApplicationID: "wiki", PolicyID: "policy1", Application: "wiki.example", Place: want}
		if diff := cmp.Diff(whole, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", action, diff)
		}
	}
}

func TestFailedStep(t *testing.T) {
	t.Parallel()
	r := &run{progress: connection.Progress{Steps: []connection.Step{{ID: "first", Status: connection.StepFailed}, {ID: "second", Status: connection.StepFailed}, {ID: "third", Status: connection.StepDone}}}}
	if got := r.failedStep(errors.New("not of an activity")); got != "second" {
		t.Errorf("the failed step is %q", got)
	}
	if got := (&run{progress: connection.Progress{Steps: r.progress.Steps[2:]}}).failedStep(errors.New("x")); got != "" {
		t.Errorf("the failed step is %q, though none failed", got)
	}
}

func TestNote_OfTheLastTryOfTheStepItself(t *testing.T) {
	t.Parallel()
	r := &run{progress: connection.Progress{Steps: []connection.Step{{ID: "AssignGroup 1"}, {ID: "AssignGroup 1 (2)"}, {ID: "AssignGroup 10"}, {ID: "AssignGroup 2"}}}}
	r.note("AssignGroup 1", "%s", "it")
	for i, want := range []string{"", "it", "", ""} {
		if got := r.progress.Steps[i].Note; got != want {
			t.Errorf("%s: %q", r.progress.Steps[i].ID, got)
		}
	}
	r.note("never tried", "x")
	if numbered("Step", 1) != "Step" || numbered("Step", 2) != "Step (2)" {
		t.Error("a first try has no number, a second one has")
	}
}

// tried is an outcome that a step returned.
func tried(attempt int, until ...time.Time) activities.Done {
	return activities.Done{Tried: activities.Tried{Attempt: attempt, Until: until}}
}

// inWorkflow runs something in a workflow, which has the ID of a connection's.
func inWorkflow(t *testing.T, register func(*testsuite.TestWorkflowEnvironment), run func(workflow.Context) error) error {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet.Quiet{})
	env := suite.NewTestWorkflowEnvironment()
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}).SetTestTimeout(time.Minute) // for a busy machine
	if register != nil {
		register(env)
	}
	env.ExecuteWorkflow(run)
	return env.GetWorkflowError()
}

// TestLearn: what a step tells of answers that were lost reaches its undoing and the run's result.
func TestLearn(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)
	sooner, later := noon.Add(time.Second), noon.Add(time.Minute)
	for name, test := range map[string]struct {
		out       activities.Done
		err       error
		lost      bool
		until     []time.Time
		unsettled *time.Time
	}{
		"at the first attempt":   {out: tried(1)},
		"at the second":          {out: tried(2), lost: true},
		"an answer lost":         {out: tried(1, later, sooner), lost: true, until: []time.Time{later, sooner}, unsettled: &later},
		"in another order":       {out: tried(1, sooner, later), lost: true, until: []time.Time{sooner, later}, unsettled: &later},
		"refused":                {err: said(activities.Detail{})},
		"refused after all that": {out: tried(2, sooner), err: said(activities.Detail{Lost: true, Until: []time.Time{later}}), lost: true, until: []time.Time{later}, unsettled: &later},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, doubt := &run{}, activities.Uncertain{}
			err := inWorkflow(t, nil, func(ctx workflow.Context) error {
				r.learn(ctx, test.out, test.err, []*activities.Uncertain{&doubt})
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(activities.Uncertain{Lost: test.lost, Until: test.until}, doubt); diff != "" {
				t.Errorf("doubts (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.unsettled, r.result.UnsettledUntil); diff != "" {
				t.Errorf("unsettled until (-want +got):\n%s", diff)
			}
		})
	}
}

// TestStep_PauseIsDecided: resumed, the step is tried again under another ID; else it has failed.
func TestStep_PauseIsDecided(t *testing.T) {
	t.Parallel()
	fail := func(_ context.Context, how string) (activities.Done, error) {
		if how == "cancelled" {
			return activities.Done{}, temporal.NewCanceledError()
		}
		return activities.Done{}, temporal.NewNonRetryableApplicationError("refused", "x", nil, activities.Detail{Message: "refused"})
	}
	for name, test := range map[string]struct {
		onFailure connection.OnFailure
		decide    func(env *testsuite.TestWorkflowEnvironment, r *run)
		tries     []string
		cancelled bool
	}{
		"cancelled":     {connection.OnFailurePause, func(_ *testsuite.TestWorkflowEnvironment, r *run) { r.operator.resumed++ }, []string{"Step"}, true},
		"not paused":    {connection.OnFailureRollback, nil, []string{"Step"}, false},
		"nobody comes":  {connection.OnFailurePause, nil, []string{"Step"}, false},
		"given up":      {connection.OnFailurePause, func(_ *testsuite.TestWorkflowEnvironment, r *run) { r.operator.gaveUp = true }, []string{"Step"}, false},
		"resumed once":  {connection.OnFailurePause, func(_ *testsuite.TestWorkflowEnvironment, r *run) { r.operator.resumed++ }, []string{"Step", "Step (2)"}, false},
		"run cancelled": {connection.OnFailurePause, func(env *testsuite.TestWorkflowEnvironment, _ *run) { env.CancelWorkflow() }, []string{"Step"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &run{spec: connection.Spec{OnFailure: test.onFailure, PauseTimeout: connection.Duration(time.Hour), TimeBudget: connection.Duration(time.Hour)}, options: Options{Attempt: time.Minute}}
			err := inWorkflow(t, func(env *testsuite.TestWorkflowEnvironment) {
				env.RegisterActivityWithOptions(fail, activity.RegisterOptions{Name: "fail"})
				if test.decide != nil {
					env.RegisterDelayedCallback(func() { test.decide(env, r) }, time.Minute)
				}
			}, func(ctx workflow.Context) error {
				_, err := step(ctx, r, "Step", "a step", fail, fixed(name))
				return err
			})
			var tries []string
			for _, step := range r.progress.Steps {
				tries = append(tries, step.ID)
			}
			if diff := cmp.Diff(test.tries, tries); diff != "" {
				t.Errorf("tries (-want +got):\n%s", diff)
			}
			if err == nil || temporal.IsCanceledError(err) != test.cancelled {
				t.Errorf("the step ended with %v", err)
			}
		})
	}
}

// TestAttachmentOf_SignIn: who takes an application away takes the sign-in back too, even where someone detached the policy already.
func TestAttachmentOf_SignIn(t *testing.T) {
	t.Parallel()
	offering := planner.SignIn{IdentityProviders: []string{"theirs", "idp1"}}
	memory := &planner.Memory{IdentityProvider: "idp1", Offered: []planner.Offering{{Application: "wiki", Added: true}}}
	have := planner.State{
		App: &planner.App{Applications: []string{"wiki"}, Memory: memory}, IdentityProvider: &planner.IdentityProvider{ID: "idp1"},
		Applications: []planner.Application{{ID: "wiki", UsesIdentityProvider: true, SignIn: offering}},
	}
	got := attachmentOf(activities.Fence{}, connection.Spec{}, have, "wiki", "policy1", "idp1", connection.ActionDelete)
	want := &planner.SignInMove{From: offering, To: planner.SignIn{IdentityProviders: []string{"theirs"}}}
	if diff := cmp.Diff(want, got.SignIn); diff != "" || got.PolicyID != "" {
		t.Errorf("policy %q, sign-in (-want +got):\n%s", got.PolicyID, diff)
	}
	back := attachedBefore(got, connection.ActionDelete)
	if back.PolicyID != "" || !back.Undo || cmp.Diff(want.Back(), *back.SignIn) != "" {
		t.Errorf("undone by %+v", back)
	}
	got.PolicyID = "policy1"
	if back := attachedBefore(got, connection.ActionUpdate); back.PolicyID != "" {
		t.Errorf("a changed sign-in is undone by a change of the policy %s", back.PolicyID)
	}
	if back := attachedBefore(got, connection.ActionCreate); back.PolicyID != "policy1" {
		t.Errorf("an attachment is undone for the policy %q", back.PolicyID)
	}
}

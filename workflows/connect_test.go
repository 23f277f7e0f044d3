package workflows_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/workflows"
)

// script is what the providers do in a test: how each step ends. It writes down the steps in the order of their ends.
type script struct {
	mu    sync.Mutex
	ends  []string
	fails map[string]error
	have  planner.State
	moves map[string]any
	// then happens when a step has ended; nil is nothing.
	then func(name string)
}

// end notes that a step ended, as the script says.
func (s *script) end(ctx context.Context, move any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := activity.GetInfo(ctx).ActivityType.Name
	s.ends = append(s.ends, activity.GetInfo(ctx).ActivityID)
	s.moves[name] = move
	if s.then != nil {
		s.then(name)
	}
	return s.fails[name]
}

func refusal() error {
	return temporal.NewNonRetryableApplicationError("refused", "cloudflare.forbidden", nil, activities.Detail{Message: "refused", Provider: "cloudflare", Advice: "mend it"})
}

func acme() connection.Spec {
	return connection.Spec{Name: "acme", Okta: connection.OktaSpec{AssignGroups: []string{"Engineering"}}}.WithDefaults()
}

func nothing() planner.State {
	return planner.State{
		OktaURL: "https://acme.okta.com", AuthDomain: "acme.cloudflareaccess.com",
		Groups: []planner.FoundGroup{{Name: "Engineering", IDs: []string{"00g1"}}},
	}
}

// newRun gives a test the workflows on Temporal's test environment, with steps that end as the script says.
func newRun(t *testing.T, s *script) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	s.moves = map[string]any{}
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	// The defaults, 1 and 3 seconds on the wall's clock, are too short for a machine with other things to do.
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute}).SetTestTimeout(time.Minute)
	env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: connection.WorkflowID("acme"), TaskQueue: connection.TaskQueue})
	workflows.Register(env, &workflows.Workflows{Options: workflows.Options{Attempt: time.Minute, InitialInterval: time.Second, MaximumInterval: time.Minute}}, &activities.Activities{})
	var steps *activities.Activities
	env.OnActivity(steps.Survey, mock.Anything, mock.Anything).Return(func(ctx context.Context, _ activities.SurveyRequest) (activities.Surveyed, error) {
		return activities.Surveyed{State: s.have}, s.end(ctx, nil)
	})
	made := func(id string) activities.Made { return activities.Made{ID: id} }
	env.OnActivity(steps.CreateOktaApp, mock.Anything, mock.Anything).Return(func(ctx context.Context, move activities.AppMove) (activities.Made, error) {
		return made("0oa1"), s.end(ctx, move)
	})
	env.OnActivity(steps.ReadClientCredentials, mock.Anything, mock.Anything).Return(func(ctx context.Context, _ activities.AppRef) (activities.ClientCredentials, error) {
		return activities.ClientCredentials{SecretID: "ocs1"}, s.end(ctx, nil)
	})
	env.OnActivity(steps.RegisterIdentityProvider, mock.Anything, mock.Anything).Return(func(ctx context.Context, move activities.IdentityProviderMove) (activities.Made, error) {
		return made("idp1"), s.end(ctx, move)
	})
	env.OnActivity(steps.CreateAccessPolicy, mock.Anything, mock.Anything).Return(func(ctx context.Context, move activities.PolicyMove) (activities.Made, error) {
		return made("policy1"), s.end(ctx, move)
	})
	env.OnActivity(steps.TestConnection, mock.Anything, mock.Anything).Return(func(ctx context.Context, _ activities.ConnectionTest) (activities.Tested, error) {
		return activities.Tested{Checks: []connection.Check{{Name: "all", Passed: true}}}, s.end(ctx, nil)
	})
	env.OnActivity(steps.WriteMemory, mock.Anything, mock.Anything).Return(func(ctx context.Context, move activities.MemoryMove) (activities.Done, error) {
		return activities.Done{}, s.end(ctx, move)
	})
	env.OnActivity(steps.RevertMemory, mock.Anything, mock.Anything).Return(func(ctx context.Context, move activities.MemoryMove) (activities.Reverted, error) {
		return activities.Reverted{}, s.end(ctx, move)
	})
	env.OnActivity(steps.SetGroupsClaim, mock.Anything, mock.Anything).Return(func(ctx context.Context, move activities.ClaimMove) (activities.Done, error) {
		return activities.Done{}, s.end(ctx, move)
	})
	env.OnActivity(steps.AssignGroup, mock.Anything, mock.Anything).Return(func(ctx context.Context, a activities.Assignment) (activities.Reverted, error) {
		return activities.Reverted{}, s.end(ctx, a)
	})
	env.OnActivity(steps.UnassignGroup, mock.Anything, mock.Anything).Return(func(ctx context.Context, a activities.Assignment) (activities.Reverted, error) {
		return activities.Reverted{}, s.end(ctx, a)
	})
	env.OnActivity(steps.RevertOktaApp, mock.Anything, mock.Anything).Return(func(ctx context.Context, move activities.AppMove) (activities.Reverted, error) {
		return activities.Reverted{}, s.end(ctx, move)
	})
	env.OnActivity(steps.RevertIdentityProvider, mock.Anything, mock.Anything).Return(func(ctx context.Context, move activities.IdentityProviderMove) (activities.Reverted, error) {
		return activities.Reverted{}, s.end(ctx, move)
	})
	env.OnActivity(steps.RevertAccessPolicy, mock.Anything, mock.Anything).Return(func(ctx context.Context, move activities.PolicyMove) (activities.Reverted, error) {
		return activities.Reverted{}, s.end(ctx, move)
	})
	env.OnActivity(steps.RevertMemory, mock.Anything, mock.Anything).Return(func(ctx context.Context, move activities.MemoryMove) (activities.Reverted, error) {
		return activities.Reverted{}, s.end(ctx, move)
	})
	env.OnActivity(steps.DetachPolicy, mock.Anything, mock.Anything).Return(func(ctx context.Context, a activities.Attachment) (activities.Reverted, error) {
		return activities.Reverted{}, s.end(ctx, a)
	})
	env.OnActivity(steps.RevertGroupsClaim, mock.Anything, mock.Anything).Return(func(ctx context.Context, move activities.ClaimMove) (activities.Reverted, error) {
		return activities.Reverted{}, s.end(ctx, move)
	})
	return env
}

// moved is what a step was told to move; the test ends when the run never came to that step.
func moved[Move any](t *testing.T, s *script, step string) Move {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	move, is := s.moves[step].(Move)
	if !is {
		t.Fatalf("the run never came to %s: %v", step, s.ends)
	}
	return move
}

func TestConnect_StepFails_WaitsForTheOthersThenUndoesInReverse(t *testing.T) {
	t.Parallel()
	s := &script{have: nothing(), fails: map[string]error{"RegisterIdentityProvider": refusal()}}
	env := newRun(t, s)
	env.ExecuteWorkflow(connection.ConnectWorkflow, acme())
	var failed *temporal.ApplicationError
	if err := env.GetWorkflowError(); !errors.As(err, &failed) || failed.Type() != connection.ErrorRolledBack {
		t.Fatalf("the run ended with %v", err)
	}
	undoing := slices.IndexFunc(s.ends, func(id string) bool { return strings.HasPrefix(id, connection.UndoPrefix) })
	if undoing < 0 {
		t.Fatalf("nothing was undone: %v", s.ends)
	}
	for _, forward := range []string{"SetGroupsClaim", "AssignGroup 00g1"} {
		if at := slices.Index(s.ends, forward); at < 0 || at > undoing {
			t.Errorf("%s had not settled when the undoing began: %v", forward, s.ends)
		}
	}
	if diff := cmp.Diff([]string{"undo RegisterIdentityProvider", "undo CreateOktaApp"}, s.ends[undoing:]); diff != "" {
		t.Errorf("the undoing (-want +got):\n%s", diff)
	}
	if move := moved[activities.AppMove](t, s, "RevertOktaApp"); move.Want.ID != "0oa1" || move.Have != nil {
		t.Errorf("the app is undone by %+v", move)
	}
}

func TestConnect_StepsFailAtTheSameTime_TheFailureNamesItsOwnStep(t *testing.T) {
	t.Parallel()
	words := func(words string) error {
		return temporal.NewNonRetryableApplicationError(words, "okta.forbidden", nil, activities.Detail{Message: words})
	}
	s := &script{have: nothing(), fails: map[string]error{"SetGroupsClaim": words("the claim"), "AssignGroup": words("the group")}}
	env := newRun(t, s)
	env.ExecuteWorkflow(connection.ConnectWorkflow, acme())
	var failed *temporal.ApplicationError
	var result connection.Result
	if err := env.GetWorkflowError(); !errors.As(err, &failed) || failed.Details(&result) != nil {
		t.Fatalf("the run ended with %v", err)
	}
	if got := result.Failure; got.Step != "SetGroupsClaim" || got.Message != "the claim" {
		t.Errorf("step %q is said to have failed for %q", got.Step, got.Message)
	}
}

func TestPlan_SurveyFails_WaitsForNobody(t *testing.T) {
	t.Parallel()
	s := &script{have: nothing(), fails: map[string]error{"Survey": refusal()}}
	env := newRun(t, s)
	env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: connection.PlanWorkflowID("acme"), TaskQueue: connection.TaskQueue})
	spec := acme()
	spec.OnFailure = connection.OnFailurePause
	began := env.Now()
	env.ExecuteWorkflow(connection.PlanWorkflow, spec)
	var failed *temporal.ApplicationError
	if err := env.GetWorkflowError(); !errors.As(err, &failed) || failed.Type() != connection.ErrorRefused {
		t.Errorf("the plan ended with %v", err)
	}
	if took := env.Now().Sub(began); took > time.Minute {
		t.Errorf("the plan took %s", took)
	}
}

func TestConnect_AppExistedBefore_EachChangeIsUndoneByItself(t *testing.T) {
	t.Parallel()
	have := nothing()
	app := planner.WantApp(acme(), have, "accessbridge-acme-0123abcd")
	app.ID, app.Claim, app.Groups = "0oa1", nil, []planner.Group{{ID: "00g9", Name: "Sales"}}
	have.App = &app
	s := &script{have: have, fails: map[string]error{"TestConnection": refusal()}}
	env := newRun(t, s)
	env.ExecuteWorkflow(connection.ConnectWorkflow, acme())
	var undone []string
	for _, id := range s.ends {
		if strings.HasPrefix(id, connection.UndoPrefix) {
			undone = append(undone, strings.TrimPrefix(id, connection.UndoPrefix))
		}
	}
	want := []string{"AssignGroup 00g1", "CreateAccessPolicy", "RegisterIdentityProvider", "SetGroupsClaim", "UnassignGroup 00g9", "WriteMemory"}
	slices.Sort(undone)
	if diff := cmp.Diff(want, undone); diff != "" {
		t.Errorf("undone (-want +got):\n%s", diff)
	}
}

func TestConnect_FailureWithoutWords_IsTakenForLost(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		lost bool
	}{
		"refused at once":            {refusal(), false},
		"an earlier answer was lost": {temporal.NewNonRetryableApplicationError("refused", "x", nil, activities.Detail{Message: "refused", Lost: true}), true},
		"an error that says nothing": {temporal.NewNonRetryableApplicationError("panic", "PanicError", nil), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &script{have: nothing(), fails: map[string]error{"CreateOktaApp": test.err}}
			env := newRun(t, s)
			env.ExecuteWorkflow(connection.ConnectWorkflow, acme())
			if move := moved[activities.AppMove](t, s, "RevertOktaApp"); move.Lost != test.lost {
				t.Errorf("the undoing is told lost: %v, want %v", move.Lost, test.lost)
			}
		})
	}
}

func TestConnect_ProblemsInTheSurvey_AreAllTold(t *testing.T) {
	t.Parallel()
	have := nothing()
	have.Groups = []planner.FoundGroup{{Name: "Engineering"}}
	have.Strangers = []planner.Stranger{{Resource: connection.ResourcePolicy, ID: "1", Name: "P"}}
	s := &script{have: have}
	env := newRun(t, s)
	env.ExecuteWorkflow(connection.ConnectWorkflow, acme())
	err := env.GetWorkflowError()
	for _, want := range []string{`no group "Engineering"`, `Access policy named "P"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error doesn't say %q: %v", want, err)
		}
	}
	if len(s.ends) != 1 {
		t.Errorf("steps were carried out: %v", s.ends)
	}
}

package onboarding_test

import (
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/examples/onboarding/onboarding"
)

const module = "github.com/accessbridge/accessbridge/"

// dependencies are all packages that a package needs, itself not included.
func dependencies(t *testing.T, of string) []string {
	t.Helper()
	output, err := exec.CommandContext(t.Context(), "go", "list", "-deps", of).CombinedOutput()
	if err != nil {
		t.Fatalf("list what %s imports: %v: %s", of, err, output)
	}
	packages := strings.Fields(string(output))
	return packages[:len(packages)-1] // dependencies come before what needs them
}

func TestImports_OfAccessbridge_AreTheDomainAlone(t *testing.T) {
	t.Parallel()
	for _, each := range dependencies(t, module+"examples/onboarding/onboarding") {
		if strings.HasPrefix(each, module) && each != module+"connection" {
			t.Errorf("the workflow of another team needs %s", each)
		}
	}
	// Packages outside the standard library have a domain in front.
	outside := func(path string) bool { return strings.Contains(strings.Split(path, "/")[0], ".") }
	if heavy := slices.DeleteFunc(dependencies(t, module+"connection"), func(path string) bool { return !outside(path) }); len(heavy) > 0 {
		t.Errorf("package connection needs more than the standard library: %v", heavy)
	}
}

// environment runs Onboard where accessbridge connects at once, and the welcome fails for good.
func environment(t *testing.T) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	environment := suite.NewTestWorkflowEnvironment()
	services := &onboarding.Services{Records: &onboarding.Records{}}
	environment.RegisterWorkflow(onboarding.Onboard)
	environment.RegisterActivity(services)
	for _, name := range []string{connection.ConnectWorkflow, connection.DisconnectWorkflow} {
		environment.RegisterWorkflowWithOptions(func(workflow.Context, connection.Spec) (connection.Result, error) {
			return connection.Result{}, errors.New("not mocked")
		}, workflow.RegisterOptions{Name: name})
	}
	made := connection.Change{Resource: connection.ResourceIdentityProvider, Action: connection.ActionCreate}
	environment.OnWorkflow(connection.ConnectWorkflow, mock.Anything, mock.Anything).
		Return(connection.Result{State: connection.RunConnected, Changes: []connection.Change{made}}, nil)
	environment.OnActivity(services.SendWelcome, mock.Anything, mock.Anything).
		Return(temporal.NewNonRetryableApplicationError("no such mailbox", "Mail", nil))
	return environment
}

var order = onboarding.Order{Customer: "Acme", Target: onboarding.Target{Connection: connection.Spec{Name: "acme"}}}

// ended is the error that the workflow ended with.
func ended(t *testing.T, environment *testsuite.TestWorkflowEnvironment) *temporal.ApplicationError {
	t.Helper()
	var failed *temporal.ApplicationError
	if err := environment.GetWorkflowError(); !errors.As(err, &failed) {
		t.Fatalf("the run ended with %v", err)
	}
	return failed
}

func TestOnboard_SomebodyElseHoldsTheLock_WaitsToDisconnect(t *testing.T) {
	t.Parallel()
	environment := environment(t)
	var waited []time.Duration
	environment.SetOnTimerScheduledListener(func(_ string, duration time.Duration) { waited = append(waited, duration) })
	environment.OnWorkflow(connection.DisconnectWorkflow, mock.Anything, mock.Anything).
		Return(connection.Result{}, &temporal.ChildWorkflowExecutionAlreadyStartedError{}).Times(3)
	environment.OnWorkflow(connection.DisconnectWorkflow, mock.Anything, mock.Anything).
		Return(connection.Result{State: connection.RunDisconnected}, nil).Once()
	environment.ExecuteWorkflow(onboarding.Onboard, order)
	if failed := ended(t, environment); failed.Message() != "no such mailbox" {
		t.Errorf("the run ended with %v", failed)
	}
	if want := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}; !slices.Equal(waited, want) {
		t.Errorf("it waited %v, want %v", waited, want)
	}
}

func TestOnboard_CanNotDisconnect_SaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	environment := environment(t)
	environment.OnWorkflow(connection.DisconnectWorkflow, mock.Anything, mock.Anything).
		Return(connection.Result{}, temporal.NewNonRetryableApplicationError("nothing was changed: wiki.acme.example still uses it", connection.ErrorRefused, nil))
	environment.ExecuteWorkflow(onboarding.Onboard, order)
	failed := ended(t, environment)
	if failed.Type() != onboarding.ErrorLeftBehind {
		t.Errorf("the run ended with %v", failed)
	}
	for _, part := range []string{"no such mailbox", "wiki.acme.example still uses it"} {
		if !strings.Contains(failed.Message(), part) {
			t.Errorf("%q doesn't tell %q", failed.Message(), part)
		}
	}
}

func TestOnboard_UnusableOrder_DoesNothing(t *testing.T) {
	t.Parallel()
	for _, bad := range []onboarding.Order{{}, {Customer: "Acme", OnFailure: "panic"}} {
		var suite testsuite.WorkflowTestSuite
		environment := suite.NewTestWorkflowEnvironment()
		environment.ExecuteWorkflow(onboarding.Onboard, bad)
		if failed := ended(t, environment); failed.Type() != onboarding.ErrorOrder {
			t.Errorf("the run ended with %v", failed)
		}
	}
}

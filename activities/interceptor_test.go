package activities_test

import (
	"context"
	"errors"
	"testing"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/internal/devserver/devservertest"
	quiet "github.com/accessbridge/accessbridge/internal/temporal"
)

// atOnce is how many events a workflow task may bring: few enough to be made in time on a machine with other things to do.
const atOnce = 500

// stubborn is a run with a history of some length, of a step that succeeds at the third attempt.
func stubborn(ctx workflow.Context, length int) error {
	for length > 0 {
		for range min(atOnce, length) {
			workflow.SideEffect(ctx, func(workflow.Context) any { return nil })
		}
		length -= atOnce
		if err := workflow.Sleep(ctx, time.Millisecond); err != nil { // so that the history is kept before it goes on
			return err
		}
	}
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute, HeartbeatTimeout: time.Minute, RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Millisecond},
	})
	return workflow.ExecuteActivity(ctx, "Third").Get(ctx, nil)
}

// third succeeds at the third attempt.
func third(ctx context.Context) error {
	if activity.GetInfo(ctx).Attempt < 3 {
		return errors.New("not yet")
	}
	return nil
}

func TestStepInterceptor_TellsOfRetries_UntilTheHistoryIsLong(t *testing.T) {
	t.Parallel()
	server := devservertest.Start(t.Context(), t, devserver.Options{})
	dialled, err := client.Dial(client.Options{HostPort: server.Address, Logger: quiet.Quiet{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dialled.Close)
	work := worker.New(dialled, "tells", worker.Options{
		Interceptors:             []interceptor.WorkerInterceptor{&activities.StepInterceptor{}},
		DeadlockDetectionTimeout: time.Minute, // on a busy machine an honest task can take longer than the default, a second
	})
	work.RegisterWorkflowWithOptions(stubborn, workflow.RegisterOptions{Name: "Stubborn"})
	work.RegisterActivityWithOptions(third, activity.RegisterOptions{Name: "Third"})
	if err := work.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(work.Stop)
	for length, want := range map[int]int{10: 2, 10_001: 0} {
		run, err := dialled.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{TaskQueue: "tells"}, "Stubborn", length)
		if err == nil {
			err = run.Get(t.Context(), nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		told := 0
		events := dialled.GetWorkflowHistory(t.Context(), run.GetID(), run.GetRunID(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			event, err := events.Next()
			if err != nil {
				t.Fatal(err)
			}
			if event.GetWorkflowExecutionSignaledEventAttributes().GetSignalName() == connection.RetrySignal {
				told++
			}
		}
		if told != want {
			t.Errorf("with %d events before, the run is told of %d retries, want %d", length, told, want)
		}
	}
}

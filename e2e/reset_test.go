package e2e

import (
	"strings"
	"testing"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
)

// resetAfter resets a run, as Temporal UI does, to where the activity had just been completed, and returns the run that goes on.
func (b *bench) resetAfter(run client.WorkflowRun, activityID string) client.WorkflowRun {
	b.t.Helper()
	var scheduled, point int64
	done := false
	for _, event := range b.events(run) {
		if event.GetActivityTaskScheduledEventAttributes().GetActivityId() == activityID {
			scheduled = event.GetEventId()
		}
		if completed := event.GetActivityTaskCompletedEventAttributes(); completed != nil && completed.GetScheduledEventId() == scheduled && scheduled > 0 {
			done = true
		}
		if done && event.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
			point = event.GetEventId()
			break
		}
	}
	reset, err := b.Client.ResetWorkflowExecution(b.ctx, &workflowservice.ResetWorkflowExecutionRequest{
		Namespace: "default", RequestId: "reset-" + b.name, Reason: "a test", WorkflowTaskFinishEventId: point,
		WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: run.GetID(), RunId: run.GetRunID()},
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return b.Client.GetWorkflow(b.ctx, run.GetID(), reset.GetRunId())
}

func TestConnect_RunIsReset_FindsWhatItMadeBefore(t *testing.T) {
	for _, after := range []string{"Survey", "CreateOktaApp", "RegisterIdentityProvider", "CreateAccessPolicy"} {
		t.Run(after, func(t *testing.T) {
			b := setUp(t, nil)
			first := b.start(connection.ConnectWorkflow, b.spec())
			made := b.result(first)
			before := b.state()
			again := b.result(b.resetAfter(first, after))
			if again.AppID != made.AppID || again.IdentityProviderID != made.IdentityProviderID || again.PolicyID != made.PolicyID {
				t.Errorf("the run made %+v, and after the reset %+v", made, again)
			}
			b.unchanged(before)
		})
	}
}

// TestConnect_RunIsResetAfterALaterOne_ChangesNothing has another run change the connection, or take it away, before the first one is
// reset: what that surveyed is long gone.
func TestConnect_RunIsResetAfterALaterOne_ChangesNothing(t *testing.T) {
	later := map[string]func(*bench){
		"an edited document": func(b *bench) {
			edited := b.spec()
			edited.Cloudflare.IDPName, edited.Policy.Name = "Sign in", "Staff"
			b.connect(edited)
		},
		"a disconnect": func(b *bench) { b.result(b.start(connection.DisconnectWorkflow, b.spec())) },
	}
	for name, change := range later {
		for _, after := range []string{"Survey", "CreateOktaApp", "CreateAccessPolicy"} {
			t.Run(name+" after "+after, func(t *testing.T) {
				b := setUp(t, nil)
				first := b.start(connection.ConnectWorkflow, b.spec())
				b.result(first)
				change(b)
				before := b.state()
				result := b.failure(b.resetAfter(first, after), connection.ErrorSuperseded)
				if result.State != connection.RunSuperseded || result.Failure == nil || !strings.Contains(result.Failure.Message, "began after this run did") {
					t.Errorf("the run ended with %+v", result)
				}
				b.unchanged(before)
				if status := b.Starter(b.ctx, "status", b.name); !strings.Contains(status.Stdout, "superseded") {
					t.Errorf("the status doesn't say it: %s", status.Stdout)
				}
				if advice := result.Failure.Advice; !strings.HasPrefix(advice, "start a new run") {
					t.Errorf("the advice is %q", advice)
				}
				b.connect(b.spec())
			})
		}
	}
}

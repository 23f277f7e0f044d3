package contract_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	failurepb "go.temporal.io/api/failure/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/contract"
)

// saved is a run whose history was saved, as the contract sees it.
type saved struct {
	t       *testing.T
	schemas contract.Schemas
	// workflows are the rows of the contract's page, kind is the run's workflow type.
	workflows map[string]contract.Row
	kind      string
	// seen counts the messages of each kind.
	seen map[string]int
}

// TestSavedHistories_HaveMessagesOfTheContract checks whatever a run of any outcome took, said and returned, today's and those of
// earlier versions.
func TestSavedHistories_HaveMessagesOfTheContract(t *testing.T) {
	t.Parallel()
	schemas, err := contract.Load("../../docs/contract.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	workflows, seen := map[string]contract.Row{}, map[string]int{}
	for _, row := range page(t)["workflow type"] {
		workflows[contract.Names(row["workflow type"])[0]] = row
	}
	for _, pattern := range []string{"*.json", "earlier/*.json"} {
		files, err := filepath.Glob("../../workflows/testdata/histories/" + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) {
				run := saved{t: t, schemas: schemas, workflows: workflows, seen: seen}
				run.check(read(t, file))
			})
		}
	}
	for _, each := range []string{"Spec", "InventoryRequest", "Plan", "Inventory", "Result", "Failure", "Retry", "Refused", "RolledBack", "cancelled"} {
		if seen[each] == 0 {
			t.Errorf("no saved history has a %s: this proves nothing about it", each)
		}
	}
}

func read(t *testing.T, file string) *historypb.History {
	t.Helper()
	content, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	history, err := client.HistoryFromJSON(content, client.HistoryJSONOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return history
}

func (s *saved) check(history *historypb.History) {
	for _, event := range history.GetEvents() {
		switch event.GetEventType() {
		case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
			started := event.GetWorkflowExecutionStartedEventAttributes()
			s.kind = started.GetWorkflowType().GetName()
			if strings.HasPrefix(started.GetWorkflowId(), connection.WorkflowIDPrefix+"application/") {
				return // a turn, which is no caller's business
			}
			s.each(s.message("input"), started.GetInput())
		case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
			if signal := event.GetWorkflowExecutionSignaledEventAttributes(); signal.GetSignalName() == connection.RetrySignal {
				s.each("Retry", signal.GetInput())
			}
		case enumspb.EVENT_TYPE_WORKFLOW_PROPERTIES_MODIFIED:
			memo := event.GetWorkflowPropertiesModifiedEventAttributes().GetUpsertedMemo().GetFields()
			if needs, told := memo[connection.MemoNeeds]; told && string(needs.GetData()) != "null" && len(needs.GetData()) > 0 {
				s.is("Failure", needs)
			}
		case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
			s.each(s.message("result"), event.GetWorkflowExecutionCompletedEventAttributes().GetResult())
		case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
			s.failed(event.GetWorkflowExecutionFailedEventAttributes().GetFailure())
		case enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED:
			s.seen["cancelled"]++
			s.each("Result", event.GetWorkflowExecutionCanceledEventAttributes().GetDetails())
		}
	}
}

// message is the message that the page calls the workflow's input or result.
func (s *saved) message(column string) string {
	return strings.Join(contract.Names(s.workflows[s.kind][column]), ", ")
}

// failed checks how a run failed: with an error that the contract names, whose detail is a Result.
func (s *saved) failed(failure *failurepb.Failure) {
	kind := failure.GetApplicationFailureInfo().GetType()
	switch kind {
	case connection.ErrorRefused, connection.ErrorRolledBack, connection.ErrorSuperseded:
	default:
		s.t.Errorf("the run failed with an error of type %q: %s", kind, failure.GetMessage())
	}
	s.seen[kind]++
	if !failure.GetApplicationFailureInfo().GetNonRetryable() {
		s.t.Errorf("an error of type %s is worth a retry", kind)
	}
	s.each("Result", failure.GetApplicationFailureInfo().GetDetails())
}

// each checks the one payload that there is.
func (s *saved) each(message string, payloads *commonpb.Payloads) {
	if len(payloads.GetPayloads()) != 1 {
		if message == "InventoryRequest" {
			return // it may be left out
		}
		s.t.Errorf("%d payloads where there should be one %s", len(payloads.GetPayloads()), message)
		return
	}
	s.is(message, payloads.GetPayloads()[0])
}

func (s *saved) is(message string, payload *commonpb.Payload) {
	s.seen[message]++
	if encoding := string(payload.GetMetadata()["encoding"]); encoding != "json/plain" {
		s.t.Errorf("a %s is encoded as %s", message, encoding)
	}
	if err := s.schemas.Check(message, payload.GetData()); err != nil {
		s.t.Error(err)
	}
}

package activities_test

import (
	"cmp"
	"context"
	"encoding/json"
	"sync"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/types/known/timestamppb"

	commonpb "go.temporal.io/api/common/v1"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

// fakeServer answers what steps ask of Temporal's server. What they never ask panics.
type fakeServer struct {
	client.Client
	// runs are those of the connection, the newest first, as the server knows them. listed are fewer where the list is behind.
	runs []earlier
	// others are where the newest runs of other workflows stand, by workflow ID.
	others map[string]enumspb.WorkflowExecutionStatus
	// newest is the run that is meant where none is named, by workflow ID.
	newest map[string]string
	// refuses is the answer to what has its name: "list", "describe", "describe other", "history", "heartbeat", "signal".
	refuses map[string]error
	// length is the length of the run's history, began when this run started: where it was reset, that is when.
	length int64
	began  time.Time

	mutex sync.Mutex
	beats []any
	told  []connection.Retry
	// ended are the turns that were ended.
	ended []string
}

// earlier is a run before this one.
type earlier struct {
	id     string
	status enumspb.WorkflowExecutionStatus
	closed time.Time
	result connection.Result
	err    error
	// began is when it started, resetTo the run that it was reset to.
	began   time.Time
	resetTo string
	// parent is the workflow ID of the run that started it.
	parent string
	// untaken runs were never begun by a worker; resetFrom is the run that this one was reset from.
	untaken   bool
	resetFrom string
	// forgotten runs are listed still, but are gone.
	forgotten bool
}

func (f *fakeServer) ListWorkflow(_ context.Context, request *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	answer := &workflowservice.ListWorkflowExecutionsResponse{}
	if request.GetQuery() == `WorkflowId = "accessbridge/acme"` {
		for _, run := range f.runs {
			answer.Executions = append(answer.Executions, run.info())
		}
	}
	return answer, f.refuses["list"]
}

func (r earlier) info() *workflowpb.WorkflowExecutionInfo {
	return &workflowpb.WorkflowExecutionInfo{
		Execution: &commonpb.WorkflowExecution{WorkflowId: "accessbridge/acme", RunId: r.id}, Status: r.status,
		StartTime: timestamppb.New(r.began), CloseTime: timestamppb.New(r.closed), ParentExecution: &commonpb.WorkflowExecution{WorkflowId: r.parent},
	}
}

func (f *fakeServer) run(id string) *earlier {
	for _, run := range f.runs {
		if run.id == id && !run.forgotten {
			return &run
		}
	}
	return nil
}

func (f *fakeServer) DescribeWorkflowExecution(_ context.Context, workflowID, id string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	if status, there := f.others[workflowID]; there {
		info := &workflowpb.WorkflowExecutionInfo{Status: status}
		return &workflowservice.DescribeWorkflowExecutionResponse{WorkflowExecutionInfo: info}, f.refuses["describe other"]
	}
	id = cmp.Or(id, f.newest[workflowID])
	answer := &workflowservice.DescribeWorkflowExecutionResponse{
		WorkflowExecutionInfo: &workflowpb.WorkflowExecutionInfo{HistoryLength: f.length, StartTime: timestamppb.New(f.began)},
	}
	if id != "this" {
		run := f.run(id)
		if run == nil {
			return nil, serviceerror.NewNotFound("no such run")
		}
		answer.WorkflowExecutionInfo, answer.WorkflowExtendedInfo = run.info(), &workflowpb.WorkflowExecutionExtendedInfo{ResetRunId: run.resetTo}
	}
	return answer, f.refuses["describe"]
}

func (f *fakeServer) GetWorkflowHistory(_ context.Context, _, id string, _ bool, _ enumspb.HistoryEventFilterType) client.HistoryEventIterator {
	run := f.run(id)
	events := []*historypb.HistoryEvent{{EventType: enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED, Attributes: &historypb.HistoryEvent_WorkflowExecutionStartedEventAttributes{
		WorkflowExecutionStartedEventAttributes: &historypb.WorkflowExecutionStartedEventAttributes{OriginalExecutionRunId: cmp.Or(run.resetFrom, id)},
	}}, {EventType: enumspb.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED}}
	if !run.untaken {
		events = append(events, &historypb.HistoryEvent{EventType: enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED})
	}
	return &eventsOf{events: events, err: f.refuses["history"]}
}

// eventsOf are those of a run, one after the other.
type eventsOf struct {
	events []*historypb.HistoryEvent
	err    error
}

func (e *eventsOf) HasNext() bool { return len(e.events) > 0 }

func (e *eventsOf) Next() (*historypb.HistoryEvent, error) {
	next := e.events[0]
	e.events = e.events[1:]
	return next, e.err
}

func (f *fakeServer) GetWorkflow(_ context.Context, _, id string) client.WorkflowRun {
	return ended{run: *f.run(id)}
}

// ended is a run that is over.
type ended struct {
	client.WorkflowRun
	run earlier
}

func (e ended) Get(_ context.Context, into any) error {
	*into.(*connection.Result) = e.run.result
	return e.run.err
}

func (f *fakeServer) SignalWorkflow(_ context.Context, _, runID, signal string, told any) error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if signal == activities.TurnOver {
		f.ended = append(f.ended, runID)
		return f.refuses["signal"]
	}
	if f.refuses["signal"] == nil {
		f.told = append(f.told, told.(connection.Retry))
	}
	return f.refuses["signal"]
}

func (f *fakeServer) RecordActivityHeartbeat(ctx context.Context, _ []byte, details ...any) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.beats = append(f.beats, details...)
	return f.refuses["heartbeat"]
}

// answeredBy has the server answer an attempt.
func answeredBy(server *fakeServer) func(*attempt) {
	return func(a *attempt) { a.server = server }
}

// asked are the changes that each heartbeat which was waited for said got no answer.
func (f *fakeServer) asked() (asked [][]time.Time) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for _, each := range f.beats {
		asked = append(asked, readBeat(each).Until)
	}
	return asked
}

// read is a heartbeat as the next attempt reads it.
type read struct {
	Told      int32         `json:"told"`
	Until     []time.Time   `json:"until"`
	Held      time.Duration `json:"held"`
	HeldSince time.Time     `json:"held_since"`
}

func readBeat(details any) (beat read) {
	encoded, err := json.Marshal(details)
	if err == nil {
		err = json.Unmarshal(encoded, &beat)
	}
	if err != nil {
		panic(err)
	}
	return beat
}

package workflows

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	quiet "github.com/accessbridge/accessbridge/internal/temporal"
)

// resetFrom has a run be one that was reset: it had another ID before.
type resetFrom struct {
	interceptor.WorkerInterceptorBase
	original string
}

func (r *resetFrom) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &resetInbound{interceptor.WorkflowInboundInterceptorBase{Next: next}, r.original}
}

type resetInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	original string
}

func (r *resetInbound) Init(outbound interceptor.WorkflowOutboundInterceptor) error {
	return r.Next.Init(&resetOutbound{interceptor.WorkflowOutboundInterceptorBase{Next: outbound}, r.original})
}

type resetOutbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	original string
}

func (r *resetOutbound) GetInfo(ctx workflow.Context) *workflow.Info {
	info := *r.Next.GetInfo(ctx)
	if r.original != "" {
		info.OriginalRunID = r.original
	}
	return &info
}

// moving is a run of which one step is tried: a move of an app, whose steps write down what they are told.
type moving struct {
	*run
	mutex sync.Mutex
	told  map[string]activities.AppMove
	// attempt is the one that the step succeeds at, cancelled that the run is cancelled before.
	attempt   int
	reset     string
	cancelled bool
}

func (m *moving) note(name string, move activities.AppMove) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	m.told[name] = move
}

func (m *moving) do(_ context.Context, move activities.AppMove) (activities.Made, error) {
	m.note("do", move)
	return activities.Made{Tried: activities.Tried{Attempt: max(m.attempt, 1)}, ID: "0oa1"}, nil
}

func (m *moving) on(_ context.Context, move activities.AppMove) (activities.Reverted, error) {
	m.note("on", move)
	return activities.Reverted{Tried: activities.Tried{Attempt: max(m.attempt, 1)}}, nil
}

func (m *moving) off(_ context.Context, move activities.AppMove) (activities.Reverted, error) {
	m.note("off", move)
	return activities.Reverted{}, nil
}

// carryOut runs something of the run in a workflow, and then all undoings that it noted.
func (m *moving) carryOut(t *testing.T, what func(workflow.Context) error) error {
	t.Helper()
	m.told = map[string]activities.AppMove{}
	m.run.options, m.run.spec = Options{Attempt: time.Minute}, connection.Spec{TimeBudget: connection.Duration(time.Hour)}
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet.Quiet{})
	env := suite.NewTestWorkflowEnvironment()
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute, Interceptors: []interceptor.WorkerInterceptor{&resetFrom{original: m.reset}}}).SetTestTimeout(time.Minute)
	for name, step := range map[string]any{"do": m.do, "on": m.on, "off": m.off} {
		env.RegisterActivityWithOptions(step, activity.RegisterOptions{Name: name})
	}
	var failed error
	env.ExecuteWorkflow(func(ctx workflow.Context) error {
		forward := ctx
		if m.cancelled {
			var cancel workflow.CancelFunc
			forward, cancel = workflow.WithCancel(ctx)
			cancel()
		}
		failed = what(forward)
		for _, back := range slices.Backward(m.undo) {
			if err := m.backward(ctx, back); err != nil {
				return err
			}
		}
		return nil
	})
	if err := env.GetWorkflowError(); err != nil {
		t.Fatal(err)
	}
	return failed
}

func TestBring(t *testing.T) {
	t.Parallel()
	create := connection.Change{Action: connection.ActionCreate}
	for name, test := range map[string]struct {
		m       *moving
		change  connection.Change
		carried bool // the step is carried out
		undone  bool // it is noted how to undo it
		lost    bool // the step is told that it may have been done before
	}{
		"as declared":                    {&moving{run: &run{}}, connection.Change{Action: connection.ActionUnchanged}, false, false, false},
		"new":                            {&moving{run: &run{}}, create, true, true, false},
		"new, at the second attempt":     {&moving{run: &run{}, attempt: 2}, create, true, true, false},
		"cancelled before":               {&moving{run: &run{fence: activities.Fence{Run: "r"}}, cancelled: true}, create, false, false, false},
		"cancelled, of an old version":   {&moving{run: &run{}, cancelled: true}, create, false, true, false},
		"cancelled, but it was reset":    {&moving{run: &run{fence: activities.Fence{Run: "r"}}, cancelled: true, reset: "before"}, create, false, true, false},
		"reset: it may have done it yet": {&moving{run: &run{fence: activities.Fence{Run: "r"}}, reset: "before"}, create, true, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := test.m
			var made activities.Made
			err := m.carryOut(t, func(ctx workflow.Context) (err error) {
				made, err = bring(ctx, m.run, "Step", "the app", test.change, m.do, m.off, &activities.AppMove{})
				return err
			})
			done, carried := m.told["do"]
			back, undone := m.told["off"]
			if carried != test.carried || undone != test.undone || done.Lost != test.lost || m.cancelled != temporal.IsCanceledError(err) {
				t.Errorf("carried out: %v, undone: %v, told lost: %v, ended with %v", carried, undone, done.Lost, err)
			}
			if carried && (back.Want.ID != "0oa1" || made.ID != "0oa1" || back.Lost != (test.lost || m.attempt > 1)) {
				t.Errorf("made %q, and the undoing is told %+v", made.ID, back)
			}
		})
	}
}

func TestToggle(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		m         *moving
		action    connection.Action
		undo      *activities.AppMove
		told      []string
		lost      bool
		cancelled bool
	}{
		"made, and taken away again": {&moving{run: &run{}}, connection.ActionCreate, &activities.AppMove{Org: "undo"}, []string{"off", "on"}, false, false},
		"taken away, and made again": {&moving{run: &run{}}, connection.ActionDelete, &activities.AppMove{Org: "undo"}, []string{"off", "on"}, false, false},
		"made, gone with something":  {&moving{run: &run{}}, connection.ActionCreate, nil, []string{"on"}, false, false},
		"at the second attempt":      {&moving{run: &run{}, attempt: 2}, connection.ActionCreate, &activities.AppMove{Org: "undo"}, []string{"off", "on"}, true, false},
		"cancelled before":           {&moving{run: &run{fence: activities.Fence{Run: "r"}}, cancelled: true}, connection.ActionCreate, &activities.AppMove{}, nil, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := test.m
			on, off := transition[activities.AppMove]{"On", "turn on", m.on}, transition[activities.AppMove]{"Off", "turn off", m.off}
			err := m.carryOut(t, func(ctx workflow.Context) error {
				return toggle(ctx, m.run, on, off, test.action, activities.AppMove{Org: "do"}, test.undo)
			})
			var told, ids []string
			for name := range m.told {
				told = append(told, name)
			}
			for _, step := range m.progress.Steps {
				ids = append(ids, step.ID)
			}
			slices.Sort(told)
			if diff := cmp.Diff(test.told, told); diff != "" || temporal.IsCanceledError(err) != test.cancelled {
				t.Fatalf("ended with %v, carried out (-want +got):\n%s", err, diff)
			}
			forward, back := "on", "off"
			want := []string{"On", "undo On"}
			if test.action == connection.ActionDelete {
				forward, back, want = "off", "on", []string{"Off", "undo Off"}
			}
			if !slices.Equal(want[:len(told)], ids) {
				t.Errorf("steps %v, want %v", ids, want[:len(told)])
			}
			if len(told) > 0 && m.told[forward].Org != "do" || len(told) > 1 && (m.told[back].Org != "undo" || m.told[back].Lost != test.lost) {
				t.Errorf("the steps are told %+v", m.told)
			}
		})
	}
}

// TestWasReset knows a run by the ID that a reset keeps.
func TestWasReset(t *testing.T) {
	t.Parallel()
	for original, want := range map[string]bool{"": false, "before": true} {
		m := &moving{run: &run{}, reset: original}
		_ = m.carryOut(t, func(ctx workflow.Context) error {
			if got := wasReset(ctx); got != want {
				t.Errorf("from %q: %v", original, got)
			}
			if want && originalRun(ctx) != original {
				t.Errorf("the run was %q", originalRun(ctx))
			}
			return nil
		})
	}
}

// TestStep_SurveyedAgain_HasAnIDOfItsOwn: an activity ID is used once in a run.
func TestStep_SurveyedAgain_HasAnIDOfItsOwn(t *testing.T) {
	t.Parallel()
	m := &moving{run: &run{surveys: 1}}
	_ = m.carryOut(t, func(ctx workflow.Context) error {
		_, err := step(ctx, m.run, "Step", "a step", m.do, fixed(activities.AppMove{}))
		return err
	})
	if id := m.progress.Steps[0].ID; id != "Step (2)" {
		t.Errorf("its ID is %q", id)
	}
}

package workflows_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// pending counts the activities that a run has asked for and that haven't ended, and the most that there were. It refuses more than
// refusedFrom, long before Temporal does: the test environment can't take as many as that.
type pending struct {
	interceptor.WorkerInterceptorBase
	now, most int
}

const refusedFrom = 500

// InterceptWorkflow stands between the run and Temporal.
func (p *pending) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	return &pendingInbound{interceptor.WorkflowInboundInterceptorBase{Next: next}, p}
}

type pendingInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	counts *pending
}

func (i *pendingInbound) Init(outbound interceptor.WorkflowOutboundInterceptor) error {
	return i.Next.Init(&pendingOutbound{interceptor.WorkflowOutboundInterceptorBase{Next: outbound}, i.counts})
}

type pendingOutbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	counts *pending
}

func (o *pendingOutbound) ExecuteActivity(ctx workflow.Context, name string, args ...any) workflow.Future {
	o.counts.now++
	o.counts.most = max(o.counts.most, o.counts.now)
	if o.counts.now > refusedFrom {
		refused, settle := workflow.NewFuture(ctx)
		settle.SetError(errors.New("too many pending activities"))
		return &counted{Future: refused, counts: o.counts}
	}
	return &counted{Future: o.Next.ExecuteActivity(ctx, name, args...), counts: o.counts}
}

// counted is an activity that a step waits for.
type counted struct {
	workflow.Future
	counts *pending
}

func (c *counted) Get(ctx workflow.Context, value any) error {
	defer func() { c.counts.now-- }()
	return c.Future.Get(ctx, value)
}

// replaced is a document of 1,000 groups, for an app that is assigned to 1,000 others.
func replaced() (connection.Spec, planner.State) {
	const groups = 1000
	spec, have := acme(), nothing()
	app := planner.WantApp(spec, have, "accessbridge-acme-0123abcd")
	app.ID = "0oa1"
	spec.Policy.Allow = connection.Allow{Emails: []string{"ceo@acme.example"}}
	spec.Okta.AssignGroups, have.Groups = nil, nil
	for i := range groups {
		name := fmt.Sprintf("Engineering of the office %d", i)
		spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, name)
		have.Groups = append(have.Groups, planner.FoundGroup{Name: name, IDs: []string{fmt.Sprintf("00g1%016d", i)}})
		app.Groups = append(app.Groups, planner.Group{ID: fmt.Sprintf("00g2%016d", i), Name: fmt.Sprintf("Sales of the office %d", i)})
	}
	have.App = &app
	return spec, have
}

// connectMany connects the document of replaced; s says how the steps end.
func connectMany(t *testing.T, s *script) (*testsuite.TestWorkflowEnvironment, *pending) {
	t.Helper()
	spec, have := replaced()
	s.have = have
	counts := &pending{}
	env := newRun(t, s)
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute, Interceptors: []interceptor.WorkerInterceptor{counts}})
	env.ExecuteWorkflow(connection.ConnectWorkflow, spec)
	return env, counts
}

// carried is what Temporal takes of a result or an answer.
const carried = 2 << 20

func TestConnect_ThousandGroupsForAThousandOthers_NeverAsksForMoreThanTemporalTakes(t *testing.T) {
	t.Parallel()
	s := &script{}
	env, counts := connectMany(t, s)
	if err := env.GetWorkflowError(); err != nil {
		t.Fatal(err)
	}
	if counts.most != 200 {
		t.Errorf("%d activities were pending at once, want 200", counts.most)
	}
	if len(s.ends) < 2000 {
		t.Errorf("%d steps ended", len(s.ends))
	}
	var result connection.Result
	answer, err := env.QueryWorkflow(connection.ProgressQuery)
	if err := errors.Join(err, env.GetWorkflowResult(&result)); err != nil {
		t.Fatal(err)
	}
	var progress connection.Progress
	if err := answer.Get(&progress); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]any{"result": result, "answer": progress} {
		if encoded, err := json.Marshal(value); err != nil || len(encoded) > carried/4 {
			t.Errorf("the %s has %d bytes: %v", name, len(encoded), err)
		} else {
			t.Logf("the %s has %d bytes", name, len(encoded))
		}
	}
}

func TestConnect_ThousandGroups_OneIsRefused_EndsRolledBack(t *testing.T) {
	t.Parallel()
	s := &script{fails: map[string]error{"AssignGroup": refusal()}}
	env, counts := connectMany(t, s)
	var failed *temporal.ApplicationError
	var result connection.Result
	if err := env.GetWorkflowError(); !errors.As(err, &failed) || failed.Type() != connection.ErrorRolledBack || failed.Details(&result) != nil {
		t.Fatalf("the run ended with %v", err)
	}
	if counts.most > 200 {
		t.Errorf("%d activities were pending at once", counts.most)
	}
	if len(s.ends) > 1500 {
		t.Errorf("steps went on being begun after one had failed: %d ended", len(s.ends))
	}
}

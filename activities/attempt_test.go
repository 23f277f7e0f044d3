package activities_test

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/accessbridge/accessbridge/activities"
	quiet "github.com/accessbridge/accessbridge/internal/temporal"
)

// noon is when every attempt starts, by Temporal's clock.
var noon = time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)

// attempt is what Temporal says of an attempt of a step.
type attempt struct {
	number int32
	// waited is how long ago the step was scheduled.
	waited time.Duration
	// budget is the step's time budget; 0 is none.
	budget time.Duration
	// left is what the attempt before left in the heartbeat.
	left any
	// server is a client.Client; nil when the worker has none.
	server any
	// heartbeat is the heartbeat time-out.
	heartbeat time.Duration
	// ctx is the attempt's, which ends when the run is cancelled; nil is one that doesn't.
	ctx context.Context
	// beats gets each heartbeat.
	beats func(details any)
}

// again is a later attempt: the one before asked for changes so long ago, and got no answer.
func again(number int32, ago ...time.Duration) func(*attempt) {
	return func(a *attempt) {
		a.number, a.waited = number, time.Second
		if len(ago) > 0 {
			a.left = map[string]any{"until": times(ago...)}
		}
	}
}

// settledAgain is an attempt for which what passes by itself had the time to.
func settledAgain(a *attempt) { a.number, a.waited = 6, lag }

// times are until when what was asked for so long ago may still turn up.
func times(ago ...time.Duration) []time.Time {
	var times []time.Time
	for _, each := range ago {
		times = append(times, noon.Add(late-each))
	}
	return times
}

// lost is what a move knows of changes that were asked for so long ago without an answer.
func lost(ago ...time.Duration) activities.Uncertain {
	return activities.Uncertain{Lost: true, Until: times(ago...)}
}

// try carries out one attempt of a step as a worker does: the input and the outcome are encoded, and the step's interceptor is there.
func try[In, Out any](w *world, step func(context.Context, In) (Out, error), input In, how ...func(*attempt)) (Out, error) {
	w.t.Helper()
	a := &attempt{number: 1, server: &fakeServer{}}
	for _, each := range how {
		each(a)
	}
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet.Quiet{})
	env := suite.NewTestActivityEnvironment()
	env.SetWorkerOptions(worker.Options{BackgroundActivityContext: a.ctx, Interceptors: []interceptor.WorkerInterceptor{
		a.interceptor(), &activities.StepInterceptor{Waits: activities.Waits{Late: late, Lag: lag}},
	}})
	env.RegisterActivityWithOptions(step, activity.RegisterOptions{Name: "Step"})
	if a.left != nil {
		env.SetHeartbeatDetails(a.left)
	}
	var out Out
	value, err := env.ExecuteActivity("Step", input)
	if err == nil {
		err = value.Get(&out)
	}
	return out, err
}

// must is try for an attempt that succeeds.
func must[In, Out any](w *world, step func(context.Context, In) (Out, error), input In, how ...func(*attempt)) Out {
	w.t.Helper()
	out, err := try(w, step, input, how...)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// refused is try for an attempt that fails.
func refused[In, Out any](w *world, step func(context.Context, In) (Out, error), input In, how ...func(*attempt)) error {
	w.t.Helper()
	out, err := try(w, step, input, how...)
	if err == nil {
		w.t.Fatalf("the step succeeded: %+v", out)
	}
	return err
}

// interceptor has activities told of the attempt.
func (a *attempt) interceptor() interceptor.WorkerInterceptor { return &stage{attempt: a} }

type stage struct {
	interceptor.WorkerInterceptorBase
	attempt *attempt
}

func (s *stage) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	return &stagedInbound{ActivityInboundInterceptorBase: interceptor.ActivityInboundInterceptorBase{Next: next}, attempt: s.attempt}
}

type stagedInbound struct {
	interceptor.ActivityInboundInterceptorBase
	attempt *attempt
}

func (s *stagedInbound) Init(outbound interceptor.ActivityOutboundInterceptor) error {
	return s.Next.Init(newStaged(activity.GetClient, outbound, s.attempt))
}

// staged answers what a step asks of Temporal. C is the SDK's name for a client, which only the SDK can write.
type staged[C any] struct {
	interceptor.ActivityOutboundInterceptorBase
	attempt *attempt
}

func newStaged[C any](_ func(context.Context) C, outbound interceptor.ActivityOutboundInterceptor, a *attempt) *staged[C] {
	return &staged[C]{ActivityOutboundInterceptorBase: interceptor.ActivityOutboundInterceptorBase{Next: outbound}, attempt: a}
}

func (s *staged[C]) GetInfo(ctx context.Context) activity.Info {
	info := s.Next.GetInfo(ctx)
	info.ActivityID, info.Attempt, info.HeartbeatTimeout = "Step", s.attempt.number, s.attempt.heartbeat
	info.StartedTime, info.ScheduledTime = noon, noon.Add(-s.attempt.waited)
	if s.attempt.budget > 0 {
		info.ScheduleToCloseTimeout = s.attempt.budget + activities.LimitPatience
	}
	info.RetryPolicy = &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: 30 * time.Second}
	info.WorkflowExecution.ID, info.WorkflowExecution.RunID = "accessbridge/acme", "this"
	return info
}

func (s *staged[C]) GetClient(context.Context) C {
	server, _ := s.attempt.server.(C)
	return server
}

func (s *staged[C]) RecordHeartbeat(ctx context.Context, details ...any) {
	if s.attempt.beats != nil {
		s.attempt.beats(details[0])
	}
	s.Next.RecordHeartbeat(ctx, details...)
}

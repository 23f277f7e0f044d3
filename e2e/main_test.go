// Package e2e tests what accessbridge promises, each part as it really runs: a Temporal server, the worker as a process, the
// command line as a process, and the providers' SDKs against the sandbox.
package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/sandbox/conformance"
	"github.com/accessbridge/accessbridge/sandbox/host"
)

// server is the Temporal server that all tests share.
var server *devserver.Server

func TestMain(m *testing.M) {
	rig.Observe = conformance.Observer()
	os.Exit(conformance.Report(withServer(m)))
}

func withServer(m *testing.M) int {
	var err error
	if server, err = devserver.Start(context.Background(), devserver.Options{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = server.Stop() }()
	return m.Run()
}

// patience bounds every wait in these tests; a run takes a tenth of a second.
const patience = 90 * time.Second

// answerWithin is how long a worker has to answer a query before it is asked again.
const answerWithin = 5 * time.Second

// bench is a rig of a test's own, with the test's context.
type bench struct {
	*rig.Rig
	t   *testing.T
	ctx context.Context
	// name is the connection's, unique on the shared server: it is the workflow ID.
	name string
	// recorded counts the histories that were saved.
	recorded int
}

// rigs counts the rigs, for their names.
var rigs atomic.Int64

// setUp gives the test an Okta org, a Cloudflare account and a worker of its own; change alters the sandbox's seeds.
func setUp(t *testing.T, change func(*host.Options)) *bench {
	t.Helper()
	t.Parallel()
	return setUpOn(t, server, nil, change)
}

// setUpOn is setUp on a Temporal server, with settings of the worker over those of all tests, and variables of its environment.
func setUpOn(t *testing.T, temporal *devserver.Server, settings map[string]any, change func(*host.Options), variables ...string) *bench {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	seeds := host.Ephemeral()
	if change != nil {
		change(&seeds)
	}
	name := fmt.Sprintf("acme-%d", rigs.Add(1))
	started, err := rig.Start(ctx, rig.Options{
		Temporal: temporal, Sandbox: &seeds, TaskQueue: name, Settings: rig.Quick(settings), Folder: t.TempDir(), Variables: variables,
	})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{Rig: started, t: t, ctx: ctx, name: name}
	t.Cleanup(func() {
		started.Close()
		if t.Failed() {
			t.Logf("the end of what the worker wrote:\n%s", tail(started.Worker.Output()))
		}
	})
	return b
}

// spec is the connection of examples/acme.yaml, under the test's own name.
func (b *bench) spec() connection.Spec {
	return connection.Spec{
		Name:       b.name,
		Okta:       connection.OktaSpec{Org: "acme", AssignGroups: []string{"Engineering", "Support"}},
		Cloudflare: connection.CloudflareSpec{Account: "acme"},
		Policy: connection.PolicySpec{
			Name:  "Okta staff",
			Allow: connection.Allow{Groups: []string{"Engineering"}, Emails: []string{"ceo@acme.example"}},
		},
	}.WithDefaults()
}

// start starts a run of a workflow under the connection's lock.
func (b *bench) start(workflow string, spec connection.Spec) client.WorkflowRun {
	b.t.Helper()
	return b.startAs(connection.WorkflowID(spec.Name), workflow, spec)
}

func (b *bench) startAs(id, workflow string, spec connection.Spec) client.WorkflowRun {
	b.t.Helper()
	run, err := b.Client.ExecuteWorkflow(b.ctx, client.StartWorkflowOptions{
		ID: id, TaskQueue: b.TaskQueue, WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, workflow, spec)
	if err != nil {
		b.t.Fatal(err)
	}
	return run
}

// result waits for a run to end well.
func (b *bench) result(run client.WorkflowRun) connection.Result {
	b.t.Helper()
	result, err := message[connection.Result](b, func(into any) error { return run.Get(b.ctx, into) })
	if err != nil {
		b.t.Fatalf("the run failed: %v", err)
	}
	b.record(run)
	return result
}

// connect runs Connect to its good end.
func (b *bench) connect(spec connection.Spec) connection.Result {
	b.t.Helper()
	return b.result(b.start(connection.ConnectWorkflow, spec))
}

// failure waits for a run to fail with the type of error, and returns the result that it carries.
func (b *bench) failure(run client.WorkflowRun, kind string) connection.Result {
	b.t.Helper()
	err := run.Get(b.ctx, nil)
	var failed *temporal.ApplicationError
	if !errors.As(err, &failed) || failed.Type() != kind {
		b.t.Fatalf("the run ended with %v, not with an error of type %s", err, kind)
	}
	result, err := message[connection.Result](b, func(into any) error { return failed.Details(into) })
	if err != nil {
		b.t.Fatalf("the error carries no result: %v", err)
	}
	b.record(run)
	return result
}

// state is everything on both sides.
func (b *bench) state() string {
	b.t.Helper()
	state, err := b.State()
	if err != nil {
		b.t.Fatal(err)
	}
	return state
}

// unchanged fails the test when both sides are not as they were.
func (b *bench) unchanged(before string) {
	b.t.Helper()
	b.same(before, b.state())
}

func (b *bench) same(before, now string) {
	b.t.Helper()
	if diff := cmp.Diff(strings.Split(before, "\n"), strings.Split(now, "\n")); diff != "" {
		b.t.Errorf("both sides should be as before (-before +now):\n%s", diff)
	}
}

// eventually waits until the condition holds.
func (b *bench) eventually(what string, holds func() bool) {
	b.t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for !holds() {
		select {
		case <-ticker.C:
		case <-b.ctx.Done():
			b.t.Fatalf("gave up waiting until %s", what)
		}
	}
}

// progress asks a run for its progress.
func (b *bench) progress(run client.WorkflowRun) connection.Progress {
	b.t.Helper()
	var progress connection.Progress
	b.eventually("a worker tells the run's progress", func() bool {
		// A query that a killed worker was to answer is never answered: it is asked again.
		ctx, cancel := context.WithTimeout(b.ctx, answerWithin)
		defer cancel()
		answer, err := b.Client.QueryWorkflow(ctx, run.GetID(), run.GetRunID(), connection.ProgressQuery)
		var late *serviceerror.DeadlineExceeded
		if errors.As(err, &late) || errors.Is(err, context.DeadlineExceeded) {
			return false
		}
		if err == nil {
			progress, err = message[connection.Progress](b, answer.Get)
		}
		if err != nil {
			b.t.Fatal(err)
		}
		return true
	})
	return progress
}

// inState waits until a run is in the state. One that has ended otherwise fails the test at once.
func (b *bench) inState(run client.WorkflowRun, state connection.RunState) {
	b.t.Helper()
	b.eventually("the run is in state "+string(state), func() bool {
		progress := b.progress(run)
		if progress.State != state && progress.State.Ended() {
			b.t.Fatalf("the run ended in state %s: %+v", progress.State, progress.Failure)
		}
		return progress.State == state
	})
}

// counts are how many things of ours the two sides hold.
type counts struct{ Apps, IdentityProviders, Policies int }

func (b *bench) counts() counts {
	account := b.Sandbox.Accounts["acme"].ID
	return counts{
		Apps:              len(b.Sandbox.Orgs["acme"].Org.AppIDs("Cloudflare Access")),
		IdentityProviders: len(b.Sandbox.API.API.IdentityProviders(account)) - 1, // one is seeded
		Policies:          len(b.Sandbox.API.API.Policies(account)),
	}
}

// tail is as much of a log as a failed test should show.
func tail(log string) string {
	const enough = 4000
	return log[max(0, len(log)-enough):]
}

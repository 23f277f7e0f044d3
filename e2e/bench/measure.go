package main

import (
	"context"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// spec is a connection with two groups, to a policy of its own.
var spec = connection.Spec{
	Name:       "acme",
	Okta:       connection.OktaSpec{Org: "acme", AssignGroups: []string{"Engineering", "Support"}},
	Cloudflare: connection.CloudflareSpec{Account: "acme"},
	Policy:     connection.PolicySpec{Name: "Okta staff", Allow: connection.Allow{Groups: []string{"Engineering"}, Emails: []string{"ceo@acme.example"}}},
}.WithDefaults()

// sample is one run of Connect on an org and an account that have nothing of the connection.
type sample struct {
	// server is from the start to the close of the execution, as Temporal has it; seen is from the request to start it to
	// its result, as a client has it.
	server, seen time.Duration
	calls        []call
	// shares are how the time of the execution divides.
	shares shares
}

// bench measures on one rig.
type bench struct{ *rig.Rig }

// series are runs with the same latency.
type series struct {
	latency time.Duration
	// first is a run before the others, which isn't counted with them: where it is a worker's very first one, it opens the
	// connections to the providers.
	first   sample
	samples []sample
}

// series measures as often as asked.
func (b bench) series(ctx context.Context, latency time.Duration, times int) (series, error) {
	measured := series{latency: latency}
	for i := range times + 1 {
		b.setLatency(latency)
		sample, err := b.connect(ctx)
		if err != nil {
			return series{}, err
		}
		b.setLatency(0)
		if _, err := b.run(ctx, connection.DisconnectWorkflow, nil); err != nil {
			return series{}, err
		}
		if i == 0 {
			measured.first = sample
			continue
		}
		measured.samples = append(measured.samples, sample)
	}
	return measured, nil
}

func (b bench) setLatency(latency time.Duration) {
	b.Sandbox.Orgs["acme"].SetLatency(latency)
	b.Sandbox.API.SetLatency(latency)
}

// connect measures one run.
func (b bench) connect(ctx context.Context) (sample, error) {
	var result connection.Result
	start := time.Now()
	run, err := b.run(ctx, connection.ConnectWorkflow, &result)
	if err != nil {
		return sample{}, err
	}
	measured := sample{seen: time.Since(start), calls: b.callsSince(start)}
	if result.State != connection.RunConnected || len(result.Changes) != 6 {
		return sample{}, fmt.Errorf("run %s ended %s with %d changes, not connected with 6", run.GetRunID(), result.State, len(result.Changes))
	}
	described, err := b.Client.DescribeWorkflowExecution(ctx, run.GetID(), run.GetRunID())
	if err != nil {
		return sample{}, err
	}
	info := described.GetWorkflowExecutionInfo()
	whole := span{start: info.GetStartTime().AsTime(), end: info.GetCloseTime().AsTime()}
	measured.server = whole.end.Sub(whole.start)
	measured.shares, err = b.share(ctx, run, whole, measured.calls)
	return measured, err
}

// run runs a workflow to its good end.
func (b bench) run(ctx context.Context, workflow string, result any) (client.WorkflowRun, error) {
	run, err := b.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: connection.WorkflowID(spec.Name), TaskQueue: b.TaskQueue, WorkflowExecutionErrorWhenAlreadyStarted: true,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
	}, workflow, spec)
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", workflow, err)
	}
	if err := run.Get(ctx, result); err != nil {
		return nil, fmt.Errorf("%s: %w", workflow, err)
	}
	return run, nil
}

// callsSince are the calls that the providers got since a time.
func (b bench) callsSince(start time.Time) []call {
	var calls []call
	for provider, server := range map[string]*kit.Server{"okta": b.Sandbox.Orgs["acme"].Server, "cloudflare": b.Sandbox.API.Server} {
		for _, request := range server.Requests() {
			if !request.Time.Before(start) {
				calls = append(calls, call{provider, request.Method, request.Path, span{request.Time, request.Time.Add(request.Duration)}})
			}
		}
	}
	return calls
}

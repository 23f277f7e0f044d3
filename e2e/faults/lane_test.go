package faults

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// org is the name of the credentials of both sides.
const org = "acme"

// lane carries out one case after the other, on a sandbox and a worker of its own.
type lane struct {
	*rig.Rig
	ledger ledger
	// empty is the state of both sides as they are seeded.
	empty string
	// restart returns when the Temporal server was stopped and started again; nil where nobody does that.
	restart func(context.Context) error
	// frozen is a worker that was frozen, other one that was started beside the lane's own; nil where there is none.
	frozen, other *rig.Process
	// follows is the run that goes on where the case's own was terminated or reset; nil where there is none.
	follows client.WorkflowRun
	// name is the case's connection.
	name string
	// meddling is what someone changed by hand; nil where nobody did.
	meddling *meddling
	// begun is when the case's own run was about to start.
	begun time.Time
}

var (
	lanes atomic.Int64
	cases atomic.Int64
)

// quick are settings fit for a test.
var quick = rig.Quick(map[string]any{
	"timeouts.request": requestTimeout.String(), "timeouts.heartbeat": heartbeat.String(),
	"timeouts.late_answer": lateAnswer.String(), "timeouts.list_lag": listLag.String(),
})

// newLane starts a lane on a Temporal server.
func newLane(ctx context.Context, server *devserver.Server, folder string) (*lane, error) {
	l := &lane{}
	seeds := host.Ephemeral()
	seeds.OktaOptions = []kit.Option{l.ledger.observe(okta)}
	seeds.APIOptions = []kit.Option{l.ledger.observe(cloudflare)}
	queue := fmt.Sprintf("faults-%d", lanes.Add(1))
	folder += string(os.PathSeparator) + queue
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	var err error
	l.Rig, err = rig.Start(ctx, rig.Options{
		Temporal: server, Sandbox: &seeds, TaskQueue: queue, Settings: quick, Folder: folder, Binaries: programs, LogLevel: new(slog.LevelInfo),
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// server is where a provider's faults are injected, and its journal is.
func (l *lane) server(provider string) *kit.Server {
	if provider == okta {
		return l.Sandbox.Orgs[org].Server
	}
	return l.Sandbox.API.Server
}

// journals are what both providers were asked since the case's own run was about to start.
func (l *lane) journals() map[string][]kit.Request {
	journals := map[string][]kit.Request{}
	for _, provider := range []string{okta, cloudflare} {
		journals[provider] = slices.DeleteFunc(l.server(provider).Requests(), func(request kit.Request) bool {
			return request.Time.Before(l.begun)
		})
	}
	return journals
}

// reset takes both sides back to their seeds, and ends what an earlier case left.
func (l *lane) reset(ctx context.Context) (err error) {
	for _, left := range []*rig.Process{l.frozen, l.other} {
		if left != nil {
			_ = left.Kill()
		}
	}
	if l.meddling != nil {
		l.meddling.clearUp() // the sandbox's reset keeps the authorization domain
	}
	l.frozen, l.other, l.follows, l.meddling = nil, nil, nil, nil
	if l.Worker == nil || l.Worker.Ended() { // a case that failed left none
		if err := l.StartWorker(ctx); err != nil {
			return err
		}
	}
	for _, each := range l.sides() {
		each.DropLate()
		each.Reset()
	}
	l.ledger.clear()
	if err := l.makeOthers(); err != nil {
		return err
	}
	l.empty, err = l.State()
	return err
}

// account is the id of the account that the connection is made in.
func (l *lane) account() string { return l.Sandbox.Accounts[org].ID }

// sides are the servers of both sides.
func (l *lane) sides() []*kit.Server { return []*kit.Server{l.server(okta), l.server(cloudflare)} }

// clearFaults ends every fault. What is carried out late still is.
func (l *lane) clearFaults() {
	for _, each := range l.sides() {
		each.ClearFaults()
	}
}

// settle waits until everything that was asked for has been carried out.
func (l *lane) settle(ctx context.Context) error {
	for _, each := range l.sides() {
		if err := each.Settle(ctx); err != nil {
			return fmt.Errorf("wait for what is carried out late: %w", err)
		}
	}
	return nil
}

// prepare makes both sides what the scenario finds, under a name that no case had before, and returns what it will ask for.
func (l *lane) prepare(ctx context.Context, t trial) (connection.Spec, error) {
	s := t.scenario
	if err := l.reset(ctx); err != nil {
		return connection.Spec{}, err
	}
	wanted := s.spec(fmt.Sprintf("case-%d", cases.Add(1)))
	l.name = wanted.Name
	if s.adopts {
		if err := l.MakeByHand(ctx, org, org); err != nil {
			return wanted, fmt.Errorf("make by hand what is adopted: %w", err)
		}
	}
	l.armEarly(t)
	l.begun = time.Now()
	if !s.existing {
		return wanted, nil
	}
	if err := l.carryOut(ctx, connection.ConnectWorkflow, wanted); err != nil {
		return wanted, fmt.Errorf("connect before the case: %w", err)
	}
	if s.disconnected {
		if err := l.carryOut(ctx, connection.DisconnectWorkflow, wanted); err != nil {
			return wanted, fmt.Errorf("disconnect before the case: %w", err)
		}
	}
	if s.edited {
		wanted = edit(wanted)
	}
	// What was asked so far is no part of the case.
	l.begun = time.Now()
	return wanted, nil
}

// carryOut has a run go to its good end.
func (l *lane) carryOut(ctx context.Context, workflow string, wanted connection.Spec) error {
	run, err := l.start(ctx, workflow, wanted)
	if err != nil {
		return err
	}
	err = run.Get(ctx, nil)
	if err != nil {
		l.abandon(run)
	}
	return err
}

func (l *lane) start(ctx context.Context, workflow string, wanted connection.Spec) (client.WorkflowRun, error) {
	return l.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: connection.WorkflowID(wanted.Name), TaskQueue: l.TaskQueue, WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, workflow, wanted)
}

package faults

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"

	"github.com/accessbridge/accessbridge/internal/devserver"
)

// restarter stops a Temporal server and starts it again on the same port and database.
type restarter struct {
	options devserver.Options
	server  *devserver.Server
}

func newRestarter(ctx context.Context, options devserver.Options) (*restarter, error) {
	server, err := devserver.Start(ctx, options)
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(server.Address)
	if err == nil {
		options.Port, err = strconv.Atoi(port)
	}
	return &restarter{options: options, server: server}, err
}

func (r *restarter) stop() { _ = r.server.Stop() }

// appointment is where cases wait until all are under way, and the server was restarted.
type appointment struct {
	missing sync.WaitGroup
	again   chan struct{}
}

// expect makes an appointment for as many cases.
func (r *restarter) expect(count int) *appointment {
	waiting := &appointment{again: make(chan struct{})}
	waiting.missing.Add(count)
	return waiting
}

func (a *appointment) arrive() { a.missing.Done() }

// wait returns when the server is there again.
func (a *appointment) wait(ctx context.Context) error {
	select {
	case <-a.again:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the server to be there again: %w", ctx.Err())
	}
}

// restartWhen restarts the server when all have arrived.
func (r *restarter) restartWhen(ctx context.Context, waiting *appointment) error {
	defer close(waiting.again)
	waiting.missing.Wait()
	if err := r.server.Stop(); err != nil {
		return err
	}
	var err error
	r.server, err = devserver.Start(ctx, r.options)
	return err
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/sandbox/host"
)

// The ports of Temporal that every tool of it assumes.
const (
	temporalPort = 7233
	uiPort       = 8233
)

// stage is everything that runs during the demonstration.
type stage struct {
	*rig.Rig
	options
	report
	seeds       host.Options
	temporalLog *os.File
	// taken are the usual addresses that other programs listen on.
	taken []string
}

// setUp starts Temporal, the sandbox and a worker.
func setUp(ctx context.Context, options options, stdout io.Writer) (*stage, error) {
	s := &stage{options: options, report: newReport(stdout)}
	started := time.Now()
	logs := filepath.Join(s.folder, "logs")
	if err := os.MkdirAll(logs, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder for logs: %w", err)
	}
	var err error
	if s.temporalLog, err = os.Create(filepath.Join(logs, "temporal.log")); err != nil {
		return nil, fmt.Errorf("open the log of Temporal: %w", err)
	}
	s.say("Starting Temporal, the sandbox (two Okta orgs, two Cloudflare accounts) and a worker, all on this machine.")
	server, err := s.startTemporal(ctx)
	if err != nil {
		return nil, errors.Join(err, s.temporalLog.Close())
	}
	s.seeds = s.chooseSandbox()
	folder, err := filepath.Abs(s.folder)
	if err != nil {
		return nil, errors.Join(err, server.Stop(), s.temporalLog.Close())
	}
	_ = os.Remove(filepath.Join(logs, "worker.log")) // of the last time
	s.Rig, err = rig.Start(ctx, rig.Options{
		Temporal: server, Sandbox: &s.seeds, TaskQueue: connection.TaskQueue, Folder: folder, LogFolder: logs,
		Binaries: options.binaries, LogLevel: new(slog.LevelInfo),
	})
	if err != nil {
		return nil, errors.Join(err, server.Stop(), s.temporalLog.Close())
	}
	if len(s.taken) > 0 {
		s.say("Other programs listen on %s: free ports are used instead.", strings.Join(s.taken, ", "))
	}
	s.say("Up after %s. Temporal UI is at %s, logs are in %s.", time.Since(started).Round(100*time.Millisecond), server.UIURL, logs)
	return s, nil
}

// tearDown stops what setUp started, in the order in which the one needs the other.
func (s *stage) tearDown() {
	s.Close()
	if err := s.Temporal.Stop(); err != nil {
		s.say("%v", err)
	}
	_ = s.temporalLog.Close()
}

func (s *stage) startTemporal(ctx context.Context) (*devserver.Server, error) {
	port, ui := 0, 0
	if address, free := s.choose(loopback(temporalPort)); free {
		port = portOf(address)
	}
	address, _ := s.choose(loopback(uiPort))
	if ui = portOf(address); ui == 0 {
		var err error
		if ui, err = freePort(); err != nil {
			return nil, err
		}
	}
	return devserver.Start(ctx, devserver.Options{Port: port, UIPort: ui, Log: s.temporalLog})
}

// chooseSandbox is the sandbox as it runs on its own, but for addresses that others listen on.
func (s *stage) chooseSandbox() host.Options {
	seeds := host.Default()
	alone := true
	addresses := []*string{&seeds.APIAddress}
	for index := range seeds.Orgs {
		addresses = append(addresses, &seeds.Orgs[index].Address)
	}
	for index := range seeds.Accounts {
		addresses = append(addresses, &seeds.Accounts[index].Address)
	}
	for _, address := range addresses {
		var free bool
		*address, free = s.choose(*address)
		alone = alone && free
	}
	if !alone { // who listens there may be another sandbox, whose authority is in the usual file
		seeds.CAFile = filepath.Join(s.folder, "ca.pem")
	}
	if absolute, err := filepath.Abs(seeds.CAFile); err == nil {
		seeds.CAFile = absolute
	}
	return seeds
}

// choose is the address when nobody listens there, else any free one of this machine.
func (s *stage) choose(address string) (chosen string, free bool) {
	if s.freePorts {
		return loopback(0), false
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		s.taken = append(s.taken, address)
		return loopback(0), false
	}
	_ = listener.Close()
	return address, true
}

func loopback(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

func portOf(address string) int {
	parsed, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return 0
	}
	return parsed.Port
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", loopback(0))
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = listener.Close() }()
	return portOf(listener.Addr().String()), nil
}

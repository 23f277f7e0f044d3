// Package devserver runs Temporal's development server as a child process: for tests, the demonstration and the
// measurements. It is the real server, tuned so that a run isn't slowed down by settings meant for a laptop's idle.
package devserver

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// How long a server may take to answer after its start, and to end after it was asked to.
const (
	healthyWithin = 60 * time.Second
	endsWithin    = 10 * time.Second
)

// startAttempts bounds how often a server is started anew that ended by itself: a port that was free when it was
// chosen may have been taken since.
const startAttempts = 3

// Options say how the server runs. The zero value is a server in memory, without UI, on a free port.
type Options struct {
	// DBFilename is the SQLite file that keeps runs over a restart. Default: in memory.
	DBFilename string
	// Port is the port that clients dial. Default: a free one.
	Port int
	// UIPort is the port of Temporal UI. Default: no UI.
	UIPort int
	// Namespaces are those that are there from the start, beside "default".
	Namespaces []string
	// Log gets what the server writes. Default: nothing is kept but the last lines, for errors.
	Log io.Writer
}

// Server is a development server that is running.
type Server struct {
	// Address is the host and port that clients dial.
	Address string
	// UIURL is the address of Temporal UI; "" when there is none.
	UIURL string

	process *exec.Cmd
	ended   chan struct{}
	tail    *tail
}

// Start starts a server and waits until it answers. The caller stops it.
func Start(ctx context.Context, options Options) (*Server, error) {
	binary, err := Binary()
	if err != nil {
		return nil, err
	}
	var server *Server
	for range startAttempts {
		server, err = start(ctx, binary, options)
		if err == nil || options.Port != 0 || !errors.Is(err, errEnded) {
			break
		}
	}
	return server, err
}

// Stop ends the server and waits until it has ended, by force when it takes too long. It may be called more than once.
func (s *Server) Stop() error {
	if err := interrupt(s.process.Process); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop the Temporal dev server at %s: %w", s.Address, err)
	}
	select {
	case <-s.ended:
		return nil
	case <-time.After(endsWithin):
	}
	if err := s.process.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill the Temporal dev server at %s: %w", s.Address, err)
	}
	<-s.ended
	return nil
}

// start starts the binary once.
func start(ctx context.Context, binary string, options Options) (*Server, error) {
	port := options.Port
	if port == 0 {
		var err error
		if port, err = freePort(); err != nil {
			return nil, err
		}
	}
	server := &Server{
		Address: net.JoinHostPort(loopback, strconv.Itoa(port)),
		process: exec.Command(binary, arguments(options, port)...),
		ended:   make(chan struct{}),
		tail:    &tail{},
	}
	if options.UIPort != 0 {
		server.UIURL = "http://" + net.JoinHostPort("localhost", strconv.Itoa(options.UIPort))
	}
	output := io.Writer(server.tail)
	if options.Log != nil {
		output = io.MultiWriter(server.tail, options.Log)
	}
	server.process.Stdout, server.process.Stderr = output, output
	ownGroup(server.process)
	if err := server.process.Start(); err != nil {
		return nil, fmt.Errorf("start the Temporal dev server %s: %w", binary, err)
	}
	go func() {
		defer close(server.ended)
		_ = server.process.Wait() // how it ended shows in its last lines
	}()
	if err := server.waitHealthy(ctx); err != nil {
		return nil, errors.Join(err, server.Stop())
	}
	return server, nil
}

// freePort asks the system for a port that nobody listens on.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		return 0, fmt.Errorf("find a free port on %s: %w", loopback, err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

package rig

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// Process is a program that runs in the background.
type Process struct {
	command *exec.Cmd
	output  *output
	ended   chan struct{}
}

// output keeps what a process writes, and tells those who wait for a text in it.
type output struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{}
	file    *os.File
}

// Write takes what the process writes.
func (o *output) Write(written []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(written)
	close(o.changed)
	o.changed = make(chan struct{})
	return o.file.Write(written)
}

func startProcess(logFile string, environment []string, program string, args ...string) (*Process, error) {
	file, err := os.OpenFile(logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log of %s: %w", program, err)
	}
	p := &Process{command: exec.Command(program, args...), output: &output{changed: make(chan struct{}), file: file}, ended: make(chan struct{})}
	p.command.Env, p.command.Stdout, p.command.Stderr = environment, p.output, p.output
	detach(p.command)
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	go func() {
		_ = p.command.Wait() // how it ended is told by its output
		_ = file.Close()
		close(p.ended)
	}()
	return p, nil
}

// Output is everything that the process wrote so far.
func (p *Process) Output() string {
	p.output.mu.Lock()
	defer p.output.mu.Unlock()
	return p.output.text.String()
}

// WaitFor waits until the process has written the text.
func (p *Process) WaitFor(ctx context.Context, text string) error {
	for {
		p.output.mu.Lock()
		found, changed := bytes.Contains(p.output.text.Bytes(), []byte(text)), p.output.changed
		p.output.mu.Unlock()
		if found {
			return nil
		}
		select {
		case <-changed:
		case <-p.ended:
			return fmt.Errorf("%s ended before it wrote %q: %s", p.command.Path, text, p.Output())
		case <-ctx.Done():
			return fmt.Errorf("wait until %s writes %q: %w; it wrote: %s", p.command.Path, text, ctx.Err(), p.Output())
		}
	}
}

// Ended reports whether the process is over.
func (p *Process) Ended() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// Kill ends the process at once, as a crash does.
func (p *Process) Kill() error { return p.end(syscall.SIGKILL) }

// Stop asks the process to end and waits until it has.
func (p *Process) Stop() error { return p.end(syscall.SIGTERM) }

// Freeze stops the process where it is, as a paused machine does: its connections stay open, and nothing of it goes on.
func (p *Process) Freeze() error { return p.send(syscall.SIGSTOP) }

// Thaw has a frozen process go on.
func (p *Process) Thaw() error { return p.send(syscall.SIGCONT) }

// endsWithin is how long a process may take to end before it is killed.
const endsWithin = 30 * time.Second

func (p *Process) send(signal syscall.Signal) error {
	if err := p.command.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("send %s to %s: %w", signal, p.command.Path, err)
	}
	return nil
}

func (p *Process) end(signal syscall.Signal) error {
	if err := p.send(signal); err != nil {
		return err
	}
	select {
	case <-p.ended:
		return nil
	case <-time.After(endsWithin):
		_ = p.command.Process.Kill()
		<-p.ended
		return fmt.Errorf("%s didn't end within %s of %s and was killed", p.command.Path, endsWithin, signal)
	}
}

// Outcome is how a program ended.
type Outcome struct {
	Stdout, Stderr string
	Code           int
}

func runProcess(ctx context.Context, folder string, environment []string, program string, args ...string) Outcome {
	command := exec.CommandContext(ctx, program, args...)
	var stdout, stderr bytes.Buffer
	command.Dir, command.Env, command.Stdout, command.Stderr = folder, environment, &stdout, &stderr
	if err := command.Run(); err != nil && command.ProcessState == nil {
		return Outcome{Stderr: err.Error(), Code: -1}
	}
	return Outcome{Stdout: stdout.String(), Stderr: stderr.String(), Code: command.ProcessState.ExitCode()}
}

// leavesWithin is how long a program that is shown may go on after the context ended.
const leavesWithin = 3 * time.Second

// showProcess runs a program to its end. What it writes is shown as it comes.
func showProcess(ctx context.Context, stdout, stderr io.Writer, environment []string, program string, args ...string) (int, error) {
	command := exec.CommandContext(ctx, program, args...)
	command.Env, command.Stdout, command.Stderr = environment, stdout, stderr
	// Ctrl-C reaches the program by itself, and a second signal would end it before it has tidied the terminal up.
	command.Cancel, command.WaitDelay = func() error { return nil }, leavesWithin
	if err := command.Run(); err != nil && command.ProcessState == nil {
		return -1, fmt.Errorf("run %s: %w", program, err)
	}
	return command.ProcessState.ExitCode(), nil
}

//go:build !linux

package devserver

import (
	"os"
	"os/exec"
)

// ownGroup does nothing where a process can't be tied to its parent.
func ownGroup(*exec.Cmd) {}

// interrupt asks the server to end.
func interrupt(process *os.Process) error { return process.Signal(os.Interrupt) }

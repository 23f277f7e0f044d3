package devserver

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup keeps a Ctrl-C that is meant for the parent away from the server, which the parent stops in its own time, and
// ends the server when the parent dies without stopping it: a test that timed out leaves nothing running.
func ownGroup(process *exec.Cmd) {
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

// interrupt asks the server to end.
func interrupt(process *os.Process) error { return process.Signal(syscall.SIGTERM) }

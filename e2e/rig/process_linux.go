package rig

import (
	"os/exec"
	"syscall"
)

// detach keeps a Ctrl-C that is meant for this process away from its children, which it stops in its own order, and ends
// them when it dies without stopping them: a test that timed out leaves nothing running.
func detach(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

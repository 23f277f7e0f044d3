//go:build !linux

package rig

import "os/exec"

// detach does nothing where a process can't be tied to its parent.
func detach(*exec.Cmd) {}

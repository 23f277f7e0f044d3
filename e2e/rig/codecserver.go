package rig

import (
	"context"
	"path/filepath"
	"regexp"
)

// servedAt finds the address in what a codec server writes.
var servedAt = regexp.MustCompile(`url=(\S+)`)

// CodecServer starts a codec server on a free port and returns it with its address. The caller stops it.
func (r *Rig) CodecServer(ctx context.Context, args ...string) (*Process, string, error) {
	args = append([]string{"codec-server", "--listen", "127.0.0.1:0"}, args...)
	process, err := startProcess(filepath.Join(r.logs, "codec-server.log"), r.environment(), r.binaries.Worker, args...)
	if err != nil {
		return nil, "", err
	}
	if err := process.WaitFor(ctx, "msg=serving"); err != nil {
		return process, "", err
	}
	return process, servedAt.FindStringSubmatch(process.Output())[1], nil
}

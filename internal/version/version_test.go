package version

import (
	"runtime/debug"
	"testing"
)

func TestDescribe_NamesTheCommit(t *testing.T) {
	t.Parallel()
	info := &debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-11-24T06:00:00Z"}, {Key: "vcs.modified", Value: "true"},
	}}
	if got, want := describe(info), "v1.2.3, commit abc with changes, 2026-11-24T06:00:00Z, built with go1.26"; got != want {
		t.Errorf("describe = %q, want %q", got, want)
	}
}

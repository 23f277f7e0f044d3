package version

import (
	"runtime/debug"
	"testing"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	commit := []debug.BuildSetting{
		{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-11-24T06:00:00Z"}, {Key: "vcs.modified", Value: "true"},
	}
	for name, test := range map[string]struct {
		module, release string
		settings        []debug.BuildSetting
		want            string
	}{
		"of a commit":                    {"v1.2.3", "", commit, "v1.2.3, commit abc with changes, 2026-11-24T06:00:00Z, built with go1.26"},
		"without a repository":           {"(devel)", "", nil, "development, built with go1.26"},
		"without a repository, stamped":  {"(devel)", "v1.2.3", nil, "v1.2.3, built with go1.26"},
		"of a commit, stamped otherwise": {"v1.2.4-0.20261124060000-abc", "v1.2.3", nil, "v1.2.3, built with go1.26"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			info := &debug.BuildInfo{GoVersion: "go1.26", Main: debug.Module{Version: test.module}, Settings: test.settings}
			if got := describe(info, test.release); got != test.want {
				t.Errorf("describe = %q, want %q", got, test.want)
			}
		})
	}
}

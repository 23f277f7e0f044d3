package main

import (
	"bytes"
	"context"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
)

func TestClockWatch_ClockIsWrong_WarnsOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		off  time.Duration
		want string
	}{
		"right":  {time.Minute, ""},
		"ahead":  {2 * time.Hour, `clock is (1h59m|2h0m)\d+s ahead of Temporal's`},
		"behind": {-2 * time.Hour, `clock is (1h59m|2h0m)\d+s behind Temporal's`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var logged bytes.Buffer
			watch := &clockWatch{
				logger: slog.New(slog.NewTextHandler(&logged, nil)),
				now:    func() time.Time { return time.Now().Add(test.off) },
			}
			var suite testsuite.WorkflowTestSuite
			environment := suite.NewTestActivityEnvironment()
			environment.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{watch}})
			step := func(context.Context) error { return nil }
			environment.RegisterActivity(step)
			for range 2 {
				if _, err := environment.ExecuteActivity(step); err != nil {
					t.Fatal(err)
				}
			}
			warnings := strings.Count(logged.String(), "level=WARN")
			if (warnings == 1) != (test.want != "") || !regexp.MustCompile(test.want).MatchString(logged.String()) {
				t.Errorf("the log is %q", logged.String())
			}
		})
	}
}

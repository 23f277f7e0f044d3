package workflows

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/connection"
)

func TestWaitsForLimit_OfManySteps_SaysHowFarTheyAre(t *testing.T) {
	t.Parallel()
	const limit = "Okta's rate limit for /api/v1/apps"
	began := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		expected, done, running int
		id                      string
		after                   time.Duration
		want                    string
	}{
		"one":             {1, 0, 1, "CreateOktaApp", time.Minute, limit},
		"none done":       {3, 0, 2, "AssignGroup", time.Minute, limit + ": 0 of 3 groups assigned"},
		"minutes":         {1000, 640, 200, "AssignGroup", 13 * time.Minute, limit + ": 640 of 1000 groups assigned, about 7 min more"},
		"seconds":         {4, 2, 2, "UnassignGroup", 10 * time.Second, limit + ": 2 of 4 groups unassigned, about 11 s more"},
		"of an undoing":   {4, 2, 2, "undo AssignGroup", 10 * time.Second, limit + ": 2 of 4 groups unassigned, about 11 s more"},
		"of another kind": {4, 2, 2, "AttachPolicy", 4 * time.Minute, limit + ": 2 of 4 such steps done, about 4 min more"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &run{}
			for i := range test.expected {
				r.expect(fmt.Sprint(test.id, " ", i))
			}
			add := func(id string, status connection.StepStatus) {
				r.progress.Steps = append(r.progress.Steps, connection.Step{ID: id, Status: status, StartedAt: began})
			}
			add("Survey", connection.StepDone) // of another kind
			r.progress.Steps[0].StartedAt = began.Add(-time.Hour)
			for i := range test.done + test.running {
				add(fmt.Sprint(test.id, " ", i), map[bool]connection.StepStatus{true: connection.StepDone, false: connection.StepRunning}[i < test.done])
			}
			r.waitsForLimit(began.Add(test.after), r.progress.Steps[1].ID, limit)
			if r.progress.Waiting != test.want {
				t.Errorf("it says %q, want %q", r.progress.Waiting, test.want)
			}
			if told := details(r.progress); !strings.Contains(told, "Waiting for "+test.want+"\n") {
				t.Errorf("the details say %s", told)
			}
			r.goesOn()
			if r.progress.Waiting == "" {
				t.Error("it says so no more, while steps are running")
			}
			for i := range r.progress.Steps {
				r.progress.Steps[i].Status = connection.StepDone
			}
			if r.goesOn(); r.progress.Waiting != "" {
				t.Errorf("with nothing running it says %q", r.progress.Waiting)
			}
		})
	}
}

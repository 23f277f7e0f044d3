package workflows

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/connection"
)

// many is a run of steps that are done, but for those at the indices given: each tells of a retry at length.
func many(steps int, running ...int) connection.Progress {
	progress := connection.Progress{Connection: "acme", Operation: connection.ConnectWorkflow, State: connection.RunRunning}
	ended := time.Date(2026, 11, 24, 12, 0, 0, 123456789, time.UTC)
	for i := range steps {
		progress.Steps = append(progress.Steps, connection.Step{
			ID: fmt.Sprintf("AssignGroup 00g1%016d", i), Title: fmt.Sprintf("Assign the app to the group %q", fmt.Sprint("Engineering ", i)), Status: connection.StepDone,
			Attempt: 2, StartedAt: ended.Add(-time.Second), EndedAt: &ended, LastError: strings.Repeat("503 Service Unavailable, request 1234567890 ", 20), Note: "0oa1",
		})
	}
	for _, i := range running {
		progress.Steps[i].Status, progress.Steps[i].EndedAt = connection.StepRunning, nil
	}
	return progress
}

func TestDetails_OfManySteps_AreTheNewestAndThoseThatRun(t *testing.T) {
	t.Parallel()
	text := details(many(2000, 3, 1990))
	if want := "1998 of 2000 steps begun so far are done; 1969 are not shown."; !strings.Contains(text, want) {
		t.Errorf("they don't say %q:\n%.300s", want, text)
	}
	var order []int
	for _, group := range []int{3, 1969, 1970, 1990, 1999} {
		if at := strings.Index(text, fmt.Sprintf("\"Engineering %d\"", group)); at >= 0 {
			order = append(order, group)
		}
	}
	if got, want := fmt.Sprint(order), "[3 1970 1990 1999]"; got != want {
		t.Errorf("of the steps looked for they show %s, want %s", got, want)
	}
	if lines := strings.Count(text, "\n- "); lines != 31 {
		t.Errorf("they have %d steps, want 31", lines)
	}
	if all := details(many(50)); strings.Count(all, "\n- ") != 50 || strings.Contains(all, "not shown") {
		t.Errorf("of 50 steps not all are shown:\n%s", all)
	}
	if lines := strings.Count(details(failed(many(2000))), "\n- "); lines != 50 {
		t.Errorf("of 2000 failed steps %d are shown, want 50", lines)
	}
}

func failed(progress connection.Progress) connection.Progress {
	for i := range progress.Steps {
		progress.Steps[i].Status = connection.StepFailed
	}
	return progress
}

func TestAnswer_OfManySteps_StaysFarFromWhatTemporalCarries(t *testing.T) {
	t.Parallel()
	const carried = 2 << 20
	progress := many(4000, 1, 2, 3)
	told := answer(progress)
	encoded, err := json.Marshal(told)
	if err != nil || len(encoded) > carried/2 {
		t.Errorf("the answer has %d bytes: %v", len(encoded), err)
	}
	if got := len(told.Steps) + told.Omitted; got != 4000 || told.Omitted != 2997 {
		t.Errorf("the answer tells of %d steps, %d of them by their number alone", got, told.Omitted)
	}
	if told.Steps[0].ID != progress.Steps[1].ID || told.Steps[3].ID != progress.Steps[3000].ID {
		t.Errorf("the first are %s and %s", told.Steps[0].ID, told.Steps[3].ID)
	}
	if few := answer(many(1000)); len(few.Steps) != 1000 || few.Omitted != 0 || few.Steps[0].LastError != progress.Steps[0].LastError {
		t.Errorf("of 1000 steps %d are told", len(few.Steps))
	}
}

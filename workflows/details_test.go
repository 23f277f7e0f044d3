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

// TestDetails_WordsOfOthers_AreShownLetterByLetter: those of a provider, of a signal, and names.
func TestDetails_WordsOfOthers_AreShownLetterByLetter(t *testing.T) {
	t.Parallel()
	const hostile = "see [the fix](https://evil.example) ![](http://evil.example/x.png) <img src=x> **done** `code` www.evil.example a@evil.example &lt;\n\n# Connected\n- ✓ all\u202e\x1b[2J"
	failure := &connection.Failure{Step: hostile, Message: hostile, Advice: hostile}
	for name, progress := range map[string]connection.Progress{
		"connection":           {Connection: hostile},
		"needs":                {Connection: "acme", Needs: failure},
		"failure":              {Connection: "acme", Failure: failure},
		"waiting":              {Connection: "acme", Waiting: hostile},
		"title":                {Connection: "acme", Steps: []connection.Step{{Title: hostile}}},
		"note":                 {Connection: "acme", Steps: []connection.Step{{Note: hostile}}},
		"error of an attempt":  {Connection: "acme", Steps: []connection.Step{{LastError: hostile}}},
		"error of a last one ": {Connection: "acme", Steps: []connection.Step{{LastError: hostile, Status: connection.StepFailed}}},
	} {
		text := details(progress)
		if strings.Contains(text, "\n#") || strings.Contains(text, "\n- ✓") || strings.ContainsAny(text, "\u202e\x1b") {
			t.Errorf("%s: a line of it is of others: %q", name, text)
		}
		for _, live := range []string{"[the", "](", "![", "<img", "**done", "**code", "https://", "http://", "www.", "a@", "&lt"} {
			if at := strings.Index(text, live); at > 0 && text[at-1] != '\\' || at == 0 {
				t.Errorf("%s: %q is not escaped: %q", name, live, text)
			}
		}
		if !strings.Contains(text, `see \[the fix\](https\://evil.example)`) {
			t.Errorf("%s: what they said is lost: %q", name, text)
		}
	}
	if text := details(connection.Progress{Failure: &connection.Failure{Message: strings.Repeat("x", 1<<20)}}); len(text) > 10_000 {
		t.Errorf("the details have %d bytes", len(text))
	}
}

func TestSummary_OfAName(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ title, want string }{
		"plain":   {`Assign the app to the group "Engineering"`, `Assign the app to the group "Engineering"`},
		"marks":   {`Assign the app to the group "[*](x)"`, `Assign the app to the group "\[\*\](x)"`},
		"endless": {strings.Repeat("*", 301), strings.Repeat(" ", 301)},
	} {
		if got := summary(test.title); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

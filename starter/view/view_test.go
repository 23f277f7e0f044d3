package view_test

import (
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/starter/view"
)

// noon is when the tests take place.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func TestClean_TakesOutWhatATerminalActsOn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"plain ✓ Größe 漢字":                 "plain ✓ Größe 漢字",
		"\x1b[2J\x1b]0;title\x07red":       "[2J]0;titlered",
		"\u009b31mC1 \u0085next":           "31mC1 next",
		"user\u202egnp.exe\u202c \u2066x":  "usergnp.exe x",
		"one\ntwo\r\nthree\tfour":          "one two  three four",
		"\x00nul\x7fdel and \xff not UTF8": "nuldel and  not UTF8",
	} {
		if got := view.Clean(text); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestCleanLines_KeepsLines(t *testing.T) {
	t.Parallel()
	if got, want := view.CleanLines("one\x1b[1m\r\ntwo"), "one[1m\ntwo"; got != want {
		t.Errorf("CleanLines = %q, want %q", got, want)
	}
}

func TestJSON_EscapesWhatATerminalActsOn(t *testing.T) {
	t.Parallel()
	var written strings.Builder
	if err := view.JSON(&written, map[string]string{"a": "\x1b\u009b\u202e\x7f✓"}); err != nil {
		t.Fatal(err)
	}
	if want := "{\n  \"a\": \"\\u001b\\u009b\\u202e\\u007f✓\"\n}\n"; written.String() != want {
		t.Errorf("JSON = %q, want %q", written.String(), want)
	}
}

func TestDuration_IsAsShortAsAPersonWants(t *testing.T) {
	t.Parallel()
	for duration, want := range map[time.Duration]string{
		-time.Second: "0ms", 40 * time.Millisecond: "40ms", 1240 * time.Millisecond: "1.2s", 90 * time.Second: "1m30s", 125 * time.Minute: "2h05m", 50 * time.Hour: "2d",
	} {
		if got := view.Duration(duration); got != want {
			t.Errorf("Duration(%v) = %q, want %q", duration, got, want)
		}
	}
}

func TestJournal_TellsEachThingOnce(t *testing.T) {
	t.Parallel()
	ended := noon.Add(-time.Second)
	survey := connection.Step{ID: "Survey", Title: "Survey both sides", Status: connection.StepDone, StartedAt: noon.Add(-3 * time.Second), EndedAt: &ended, Note: "2 groups"}
	create := connection.Step{ID: "CreateOktaApp", Title: "Create the app", Status: connection.StepRunning, StartedAt: noon.Add(-time.Second)}
	undo := connection.Step{ID: "undo CreateOktaApp", Title: "Delete the app", Undo: true, Status: connection.StepRunning, StartedAt: noon}

	journal := view.Journal{}
	news := func(steps ...connection.Step) string {
		progress := connection.Progress{Steps: steps, Failure: &connection.Failure{Step: "RegisterIdentityProvider"}}
		return strings.Join(journal.News(runs.Status{Open: true, Progress: &progress}, noon), "\n")
	}
	want := func(name, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	want("a step ended", news(survey, create), "  ✓ Survey both sides                                      2.0s  2 groups")
	want("nothing new", news(survey, create), "")
	create.Attempt, create.LastError = 2, "503 Service\nUnavailable"
	want("tried again", news(survey, create), "  ▸ Create the app                                         1.0s  attempt 2: 503 Service Unavailable")
	want("still the same attempt", news(survey, create), "")
	create.Status, create.EndedAt, create.LastError = connection.StepFailed, &noon, "403 Forbidden"
	want("it failed and goes back", news(survey, create, undo), "  ✗ Create the app                                         1.0s  403 Forbidden\n"+
		"Rolling back after RegisterIdentityProvider: putting both sides back as they were")
	undo.Status, undo.EndedAt = connection.StepDone, &noon
	want("the undo ended", news(survey, create, undo), "  ↩ Delete the app                                          0ms")
}

func TestJournal_RollingBackByTheMemoAlone_WaitsForTheCause(t *testing.T) {
	t.Parallel()
	journal := view.Journal{}
	pending := connection.Progress{State: connection.RunRollingBack, Steps: []connection.Step{{ID: "undo CreateOktaApp", Status: connection.StepRunning}}}
	half := runs.Status{Open: true, State: connection.RunRollingBack, Progress: &pending, Partial: "no worker answers"}
	if news := journal.News(half, noon); news != nil {
		t.Errorf("it is told before the cause is known: %q", news)
	}
	told := pending
	told.Failure = &connection.Failure{Step: "RegisterIdentityProvider"}
	news := journal.News(runs.Status{Open: true, State: connection.RunRollingBack, Progress: &told}, noon)
	if want := "Rolling back after RegisterIdentityProvider: putting both sides back as they were"; len(news) != 1 || news[0] != want {
		t.Errorf("with the cause it is told %q, want %q", news, want)
	}
}

func TestJournal_NoWorkerAnswers_SaysSoOnceItLasts(t *testing.T) {
	t.Parallel()
	journal := view.Journal{}
	silent := runs.Status{Open: true, Partial: "no worker answers"}
	if news := journal.News(silent, noon); news != nil {
		t.Errorf("it is told at once: %q", news)
	}
	if news := journal.News(silent, noon.Add(3*time.Second)); len(news) != 1 || news[0] != "Waiting: no worker answers" {
		t.Errorf("it isn't told once it has lasted: %q", news)
	}
	if news := journal.News(silent, noon.Add(4*time.Second)); news != nil {
		t.Errorf("it is told again: %q", news)
	}
}

// TestView_OfARunThatWaitsForARateLimit_SaysWhich, again when it has something new to say.
func TestView_OfARunThatWaitsForARateLimit_SaysWhich(t *testing.T) {
	t.Parallel()
	const told = "Okta's rate limit for /api/v1/apps: 640 of 1000 groups assigned, about 7 min more"
	status := runs.Status{Connection: "acme", State: connection.RunRunning, Open: true, Progress: &connection.Progress{Waiting: told}}
	if got := (view.Style{}).Summary(status, "", noon); !strings.Contains(got, "\nWaiting for "+told+"\n") {
		t.Errorf("the summary says:\n%s", got)
	}
	journal := view.Journal{}
	if news := journal.News(status, noon); len(news) != 1 || news[0] != "Waiting for "+told {
		t.Errorf("it is told %q", news)
	}
	if news := journal.News(status, noon); len(news) != 0 {
		t.Errorf("it is told again: %q", news)
	}
	status.Progress.Waiting = strings.Replace(told, "640", "690", 1)
	if news := journal.News(status, noon); len(news) != 1 || !strings.Contains(news[0], "690") {
		t.Errorf("it is told %q", news)
	}
}

func TestSummary_OfAWaitingRun_SaysWhatItNeeds(t *testing.T) {
	t.Parallel()
	status := runs.Status{
		Connection: "acme", Operation: "Connect", State: connection.RunNeedsOperator, Open: true, StartedAt: noon.Add(-time.Hour),
		WorkflowID: "accessbridge/acme", RunID: "run-1",
		Progress: &connection.Progress{Needs: &connection.Failure{
			Step: "undo CreateOktaApp", Message: "401 \x1b[31mUnauthorized", Provider: "okta", RequestID: "req-1", Advice: "give the worker a new token",
		}},
	}
	want := `acme: needs operator for 1h00m
  It needs a person: undo CreateOktaApp: 401 [31mUnauthorized
    said by okta, request req-1
  What to do: give the worker a new token
  Then: starter resume acme

  Operation  Connect
  Workflow   accessbridge/acme
  Run        run-1
`
	if got := (view.Style{}).Summary(status, "", noon); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestSummary_OfARunThatLeftThingsAlone_NamesThem(t *testing.T) {
	t.Parallel()
	ended := noon.Add(-time.Minute)
	status := runs.Status{
		Connection: "acme", Operation: "Connect", State: connection.RunRolledBack, StartedAt: noon.Add(-2 * time.Minute), EndedAt: &ended,
		Result: &connection.Result{State: connection.RunRolledBack, Left: []string{"label of the Okta app"}},
	}
	got := (view.Style{}).Summary(status, "https://ui.example/run", noon)
	for _, part := range []string{
		"acme: rolled back after 1m00s, 1m00s ago\n", "Left as it is:\n    label of the Okta app\n", "History    https://ui.example/run\n",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%q isn't in:\n%s", part, got)
		}
	}
}

func TestSteps_OfARunWithMany_SaysHowManyAreLeftOut(t *testing.T) {
	t.Parallel()
	progress := connection.Progress{Omitted: 1240, Steps: []connection.Step{{Title: "Test the connection", Status: connection.StepRunning}}}
	got := (view.Style{}).Steps(progress, noon)
	if want := "  1240 steps before these are done\n"; !strings.HasPrefix(got, want) {
		t.Errorf("%q isn't at the head of %q", want, got)
	}
}

func TestPlan_ColoursOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	plan := connection.Plan{Connection: "acme", Changes: []connection.Change{{Resource: connection.ResourceApp, Name: "App", Action: connection.ActionCreate}}}
	if got, want := (view.Style{}).Plan(plan), "+ Okta app \"App\"\nPlan for acme: 1 to create, 0 to update, 0 to delete, 0 unchanged.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := (view.Style{Colours: true}).Plan(plan); !strings.Contains(got, "\x1b[32m+\x1b[m") {
		t.Errorf("the mark isn't green: %q", got)
	}
}

// TestPlan_Attachment_ShowsWhatTheApplicationHadBefore, although the attachment itself is new.
func TestPlan_Attachment_ShowsWhatTheApplicationHadBefore(t *testing.T) {
	t.Parallel()
	fields := []connection.Field{{Name: "allowed_idps", Before: `"One-time PIN"`, After: `"One-time PIN", "Okta"`}}
	for _, action := range []connection.Action{connection.ActionCreate, connection.ActionUpdate, connection.ActionDelete} {
		plan := connection.Plan{Changes: []connection.Change{{Resource: connection.ResourceAttachment, Name: "wiki.example", Action: action, Fields: fields}}}
		if got := (view.Style{}).Plan(plan); !strings.Contains(got, `"One-time PIN" → "One-time PIN", "Okta"`) {
			t.Errorf("%s: %s", action, got)
		}
	}
}

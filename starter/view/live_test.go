package view_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
	"github.com/accessbridge/accessbridge/starter/view"
)

// look is a look at a run with so many steps that have ended and so many that are running.
func look(done, running int) view.StatusMessage {
	var steps []connection.Step
	for index := range done + running {
		step := connection.Step{ID: fmt.Sprint("Step", index), Title: fmt.Sprint("Step ", index), Status: connection.StepRunning, StartedAt: noon.Add(-time.Second)}
		if index < done {
			step.Status, step.EndedAt = connection.StepDone, &noon
		}
		steps = append(steps, step)
	}
	return view.StatusMessage(runs.Status{Open: true, StartedAt: noon.Add(-time.Second), Progress: &connection.Progress{Steps: steps}})
}

// live is the view after the messages.
func live(t *testing.T, messages ...tea.Msg) view.Live {
	t.Helper()
	var model tea.Model = view.NewLive("Connecting acme", view.Style{}, func() time.Time { return noon })
	for _, message := range messages {
		model, _ = model.Update(message)
	}
	return model.(view.Live)
}

func TestLive_ShowsWhatEndedAboveWhatRuns(t *testing.T) {
	t.Parallel()
	got := live(t, look(1, 2)).View().Content
	want := strings.Join([]string{
		"  ✓ Step 0                                                 1.0s",
		"⠋ Connecting acme  1.0s",
		"  ⠋ Step 1                                                 1.0s",
		"  ⠋ Step 2                                                 1.0s",
		"Ctrl-C leaves; the run goes on",
	}, "\n")
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestLive_FitsTheScreen(t *testing.T) {
	t.Parallel()
	for name, message := range map[string]view.StatusMessage{"many ended": look(50, 2), "many running": look(3, 50)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lines := strings.Split(live(t, tea.WindowSizeMsg{Width: 20, Height: 10}, message).View().Content, "\n")
			if len(lines) != 9 {
				t.Errorf("it has %d lines, want 9", len(lines))
			}
			for _, line := range lines {
				if width := len([]rune(line)); width > 20 {
					t.Errorf("a line is %d wide: %q", width, line)
				}
			}
		})
	}
}

func TestLive_Ended_LeavesTheScreenAndKeepsItsLines(t *testing.T) {
	t.Parallel()
	ended := live(t, look(2, 1), look(3, 0), view.EndMessage{})
	if got := ended.View().Content; got != "" {
		t.Errorf("it leaves %q on the screen", got)
	}
	if lines := ended.Lines(); len(lines) != 3 || !strings.Contains(lines[2], "✓ Step 2") {
		t.Errorf("the lines to keep are %q, want one for each of the 3 steps", lines)
	}
}

func TestLive_EndMessage_Quits(t *testing.T) {
	t.Parallel()
	_, command := view.NewLive("", view.Style{}, time.Now).Update(view.EndMessage{})
	if command == nil {
		t.Fatal("it goes on")
	}
	if _, quits := command().(tea.QuitMsg); !quits {
		t.Error("it doesn't quit")
	}
}

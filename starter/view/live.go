package view

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/runs"
)

// The messages that drive the live view.
type (
	// StatusMessage is a look at the run.
	StatusMessage runs.Status
	// EndMessage ends the view: there is nothing more to follow.
	EndMessage struct{}

	frameMessage time.Time
)

// frames turn in front of a step that is running.
var frames = []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

// frameTime is how long a frame is shown.
const frameTime = 100 * time.Millisecond

// Live is the view of a run on a terminal while it is followed: a line for each step that has ended, and below them the
// steps that are running, with a spinner each. When it ends it leaves nothing on the screen: its Lines are to be printed
// then, whole, so that they stay in the terminal's history.
type Live struct {
	title         string
	style         Style
	journal       *Journal
	lines         []string
	status        runs.Status
	frame         int
	width, height int
	now           func() time.Time
	ended         bool
}

// NewLive returns the view of a run; the title says what is being done, to which connection.
func NewLive(title string, style Style, now func() time.Time) Live {
	return Live{title: title, style: style, journal: &Journal{Style: style, NoAttempts: true}, now: now}
}

// Init starts the spinner.
func (l Live) Init() tea.Cmd { return nextFrame() }

func nextFrame() tea.Cmd {
	return tea.Tick(frameTime, func(at time.Time) tea.Msg { return frameMessage(at) })
}

// Update takes in a look at the run, the size of the screen, or the next frame.
func (l Live) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	switch message := message.(type) {
	case StatusMessage:
		l.status = runs.Status(message)
		l.lines = append(l.lines, l.journal.News(l.status, l.now())...)
	case EndMessage:
		l.ended = true
		return l, tea.Quit
	case frameMessage:
		l.frame++
		return l, nextFrame()
	case tea.WindowSizeMsg:
		l.width, l.height = message.Width, message.Height
	}
	return l, nil
}

// Lines are what there is to say of the run so far.
func (l Live) Lines() []string { return l.lines }

// View shows what has ended and what is running, and how to leave.
func (l Live) View() tea.View {
	if l.ended {
		return tea.NewView("")
	}
	spinner := l.style.paint(warning, frames[l.frame%len(frames)])
	lines := []string{fmt.Sprintf("%s %s%s", spinner, l.title, l.style.Faint(l.elapsed()))}
	if l.status.Progress != nil {
		for _, step := range l.status.Progress.Steps {
			if step.Status == connection.StepRunning {
				lines = append(lines, l.style.Step(step, spinner, l.now()))
			}
		}
	}
	lines = l.fitting(append(lines, l.style.Faint("Ctrl-C leaves; the run goes on")))
	if l.width > 0 {
		for index, line := range lines {
			lines[index] = ansi.Truncate(line, l.width, "…")
		}
	}
	return tea.NewView(strings.Join(lines, "\n"))
}

// fitting puts as many of the newest lines of what has ended above the others as the screen has room for. Where even the
// others have none, their last ones are left out.
func (l Live) fitting(lower []string) []string {
	if l.height == 0 {
		return slices.Concat(l.lines, lower)
	}
	room := min(len(l.lines), max(0, l.height-1-len(lower)))
	lines := slices.Concat(l.lines[len(l.lines)-room:], lower)
	return lines[:min(len(lines), max(1, l.height-1))]
}

func (l Live) elapsed() string {
	if l.status.StartedAt.IsZero() {
		return ""
	}
	return "  " + Duration(l.now().Sub(l.status.StartedAt))
}

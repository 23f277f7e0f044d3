package view

import (
	"fmt"
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

// Live is the lower part of the screen while a run is followed: the steps that are running, with a spinner each. What has
// ended is printed above it, one line a step, and stays in the terminal's history: see Journal.
type Live struct {
	// Detached tells that the person left with Ctrl-C.
	Detached bool

	title         string
	style         Style
	status        runs.Status
	frame         int
	width, height int
	now           func() time.Time
	ended         bool
}

// NewLive returns the view of a run; the title says what is being done, to which connection.
func NewLive(title string, style Style, now func() time.Time) Live {
	return Live{title: title, style: style, now: now}
}

// Init starts the spinner.
func (l Live) Init() tea.Cmd { return nextFrame() }

func nextFrame() tea.Cmd {
	return tea.Tick(frameTime, func(at time.Time) tea.Msg { return frameMessage(at) })
}

// Update takes in a look at the run, a key, or the next frame.
func (l Live) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	switch message := message.(type) {
	case StatusMessage:
		l.status = runs.Status(message)
	case EndMessage:
		l.ended = true
		return l, tea.Quit
	case frameMessage:
		l.frame++
		return l, nextFrame()
	case tea.WindowSizeMsg:
		l.width, l.height = message.Width, message.Height
	case tea.KeyPressMsg:
		if message.String() == "ctrl+c" {
			l.Detached, l.ended = true, true
			return l, tea.Quit
		}
	}
	return l, nil
}

// View shows the steps that are running, and how to leave.
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
	lines = append(l.fitting(lines), l.style.Faint("Ctrl-C leaves; the run goes on"))
	if l.width > 0 {
		for index, line := range lines {
			lines[index] = ansi.Truncate(line, l.width, "…")
		}
	}
	return tea.NewView(strings.Join(lines, "\n"))
}

// fitting leaves out the last of the lines that don't fit above the last one of the screen.
func (l Live) fitting(lines []string) []string {
	room := l.height - 2
	if l.height == 0 || len(lines) <= room || room < 1 {
		return lines
	}
	return append(lines[:room:room], fmt.Sprintf("  … and %d more", len(lines)-room))
}

func (l Live) elapsed() string {
	if l.status.StartedAt.IsZero() {
		return ""
	}
	return "  " + Duration(l.now().Sub(l.status.StartedAt))
}

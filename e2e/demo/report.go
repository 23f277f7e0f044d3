package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"charm.land/lipgloss/v2"
	"golang.org/x/term"
)

// report tells the person what happens, and keeps what was proved for the end.
type report struct {
	out     io.Writer
	colours bool
	claims  []claim
}

// claim is something that the demonstration is to prove.
type claim struct {
	holds bool
	text  string
}

func newReport(out io.Writer) report {
	file, isFile := out.(*os.File)
	return report{out: out, colours: isFile && term.IsTerminal(int(file.Fd())) && os.Getenv("NO_COLOR") == ""}
}

// say writes a line.
func (r *report) say(format string, values ...any) { fmt.Fprintf(r.out, format+"\n", values...) }

// head starts a new part.
func (r *report) head(text string) { r.say("\n%s", r.paint(lipgloss.NewStyle().Bold(true), text)) }

// claim keeps whether something held, and returns it.
func (r *report) claim(holds bool, format string, values ...any) bool {
	r.claims = append(r.claims, claim{holds, fmt.Sprintf(format, values...)})
	return holds
}

// summary writes every claim; its error tells how many don't hold.
func (r *report) summary() error {
	r.head("What was seen")
	failed := 0
	for _, claim := range r.claims {
		mark := r.paint(lipgloss.NewStyle().Foreground(lipgloss.Green), "✓")
		if !claim.holds {
			failed++
			mark = r.paint(lipgloss.NewStyle().Foreground(lipgloss.Red), "✗")
		}
		r.say("  %s %s", mark, claim.text)
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d did not happen as they should", failed, len(r.claims))
	}
	return nil
}

func (r *report) paint(style lipgloss.Style, text string) string {
	if !r.colours {
		return text
	}
	return style.Render(text)
}

// logTail is how much of each log is shown after a failure, in lines.
const logTail = 30

// showLogs writes the end of each log.
func (s *stage) showLogs(writer io.Writer) {
	for _, file := range []string{s.WorkerLog(), s.temporalLog.Name()} {
		content, err := os.ReadFile(file)
		if err != nil {
			continue // nothing was logged yet
		}
		lines := strings.Split(strings.TrimSpace(string(content)), "\n")
		fmt.Fprintf(writer, "\nthe end of %s:\n%s\n", file, strings.Join(lines[max(0, len(lines)-logTail):], "\n"))
	}
}

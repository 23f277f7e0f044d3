package workflows

import (
	"github.com/accessbridge/accessbridge/connection"
)

// Temporal carries an answer of 2 MB at most, and a step takes some 250 bytes of it: twice as many with words about a failure.
const (
	mostTold  = 1000
	mostWords = 500
)

// answer is what the query answers: the run, with the newest of its steps and all that aren't done.
func answer(progress connection.Progress) connection.Progress {
	excess := len(progress.Steps) - mostTold
	if excess <= 0 {
		return progress
	}
	steps := make([]connection.Step, 0, mostTold)
	for at, step := range progress.Steps {
		if at < excess && step.Status == connection.StepDone {
			progress.Omitted++
			continue
		}
		step.Note, step.LastError = cut(step.Note), cut(step.LastError)
		steps = append(steps, step)
	}
	progress.Steps = steps
	return progress
}

// cut shortens what a provider said at length.
func cut(text string) string {
	runes := []rune(text)
	if len(runes) <= mostWords {
		return text
	}
	return string(runes[:mostWords]) + "…"
}

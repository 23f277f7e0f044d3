package activities

import "github.com/accessbridge/accessbridge/connection"

// Tried is part of what every step returns.
type Tried struct {
	// Attempt is the attempt that succeeded, from 1. StepInterceptor fills it in; 0 is not known.
	Attempt int `json:"attempt,omitempty"`
}

// Attempts is the attempt that succeeded; 0 when that isn't known.
func (t Tried) Attempts() int { return t.Attempt }

// Made tells which thing a step made or changed.
type Made struct {
	Tried
	ID string `json:"id"`
}

// Reverted is what undoing a step returns.
type Reverted struct {
	Tried
	// Left names what was left as it is, because somebody else changed it since this run did.
	Left []string `json:"left,omitempty"`
}

// Surveyed is what Survey found.
type Surveyed struct {
	Tried
	State connection.State `json:"state"`
}

// Tested is what TestConnection found.
type Tested struct {
	Tried
	Checks []connection.Check `json:"checks"`
}

// withAttempt is what a step returned, with the attempt filled in.
func withAttempt(returned any, attempt int) any {
	tried := Tried{Attempt: attempt}
	switch outcome := returned.(type) {
	case Made:
		outcome.Tried = tried
		return outcome
	case Reverted:
		outcome.Tried = tried
		return outcome
	case ClientCredentials:
		outcome.Tried = tried
		return outcome
	case Surveyed:
		outcome.Tried = tried
		return outcome
	case Tested:
		outcome.Tried = tried
		return outcome
	case nil:
		return tried
	default:
		return returned
	}
}

package activities

import (
	"reflect"
	"time"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/planner"
)

// Tried is part of what every step returns.
type Tried struct {
	// Attempt is the attempt that succeeded, from 1. 0 is not known.
	Attempt int `json:"attempt,omitempty"`
	// Until are the times until which changes that got no success may still turn up, by Temporal's clock.
	Until []time.Time `json:"until,omitempty"`
}

// Attempts is the attempt that succeeded; 0 when that isn't known.
func (t Tried) Attempts() int { return t.Attempt }

// Unanswered are the times until which changes that got no success may still turn up.
func (t Tried) Unanswered() []time.Time { return t.Until }

// Done is what a step returns that has nothing to tell.
type Done struct {
	Tried
}

// Made tells which thing a step made or changed.
type Made struct {
	Tried
	ID string `json:"id"`
	// ClientID is the client id of an app.
	ClientID string `json:"client_id,omitempty"`
	// Secret is the client secret that was handed over, without its value.
	Secret planner.HandedSecret `json:"secret,omitzero"`
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
	State planner.State `json:"state"`
}

// Tested is what TestConnection found.
type Tested struct {
	Tried
	Checks []connection.Check `json:"checks"`
}

// withTried is what a step returned, with how it was tried filled in: everything that a step returns has Tried in it.
func withTried(returned any, tried Tried) any {
	outcome := reflect.ValueOf(returned)
	if outcome.Kind() != reflect.Struct || !outcome.FieldByName("Tried").IsValid() {
		return returned
	}
	filled := reflect.New(outcome.Type()).Elem()
	filled.Set(outcome)
	filled.FieldByName("Tried").Set(reflect.ValueOf(tried))
	return filled.Interface()
}

// gone notes that a thing which was to be put back exists no longer.
func gone(resource connection.Resource, name string) Reverted {
	return Reverted{Left: []string{planner.Title(resource, name) + " was deleted by someone else since"}}
}

package workflows

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

// failureOf says why a step failed, in the words of who said it.
func failureOf(step string, err error) connection.Failure {
	failure := connection.Failure{Step: step, Message: err.Error()}
	var told activities.Detail
	if detailOf(err, &told) {
		failure.Message, failure.Provider, failure.RequestID, failure.Advice = told.Message, told.Provider, told.RequestID, told.Advice
		failure.Problems = told.Problems
	}
	var timeout *temporal.TimeoutError
	switch {
	case temporal.IsCanceledError(err):
		failure.Message = "the run was cancelled"
	case errors.As(err, &timeout):
		failure.Message = fmt.Sprintf("%s didn't succeed within its time (%s); last: %s", step, timeout.TimeoutType(), failure.Message)
	}
	return failure
}

// lost reports whether a step that ended with err may have been carried out all the same, and until when that may turn up. Where the
// step couldn't say, it may have asked until now.
func (o Options) lost(err error, now time.Time) (bool, []time.Time) {
	if err == nil {
		return false, nil
	}
	var told activities.Detail
	var timeout *temporal.TimeoutError
	if errors.As(err, &timeout) || !detailOf(err, &told) {
		return true, []time.Time{now.Add(o.Late)}
	}
	return told.Lost, told.Until
}

// unseen is the app of the connection that a step found and the survey had not seen; "" when that isn't why it failed.
func unseen(err error) string {
	var told activities.Detail
	if err == nil || !detailOf(err, &told) {
		return ""
	}
	return told.Unseen
}

// ofCancellation reads what a step that was cancelled said. Temporal itself says something else: a word, for a step that wasn't at
// work.
func ofCancellation(cancelled *temporal.CanceledError, told *activities.Detail) bool {
	var said any
	if cancelled.Details(&said) != nil {
		return false
	}
	if _, word := said.(string); word {
		return false
	}
	encoded, err := json.Marshal(said)
	return err == nil && json.Unmarshal(encoded, told) == nil
}

// superseded reports whether a step refused because a later run has changed the connection.
func superseded(err error) bool {
	var told activities.Detail
	return err != nil && detailOf(err, &told) && told.Superseded
}

// attemptOf is the attempt of a step that err ended; 0 when that isn't known.
func attemptOf(err error) int {
	var told activities.Detail
	detailOf(err, &told)
	return told.Attempt
}

func detailOf(err error, told *activities.Detail) bool {
	var application *temporal.ApplicationError
	var cancelled *temporal.CanceledError
	switch {
	case errors.As(err, &application):
		return application.HasDetails() && application.Details(told) == nil
	case errors.As(err, &cancelled):
		return cancelled.HasDetails() && ofCancellation(cancelled, told)
	}
	return false
}

// budget is how long each step may take, its retries included.
func (r *run) budget() time.Duration { return time.Duration(r.spec.TimeBudget) }

package workflows

import (
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

// lost tells whether a step that ended with err may have been carried out all the same.
func lost(err error) bool {
	if err == nil {
		return false
	}
	var told activities.Detail
	var timeout *temporal.TimeoutError
	if errors.As(err, &timeout) || !detailOf(err, &told) {
		return true
	}
	return told.Lost
}

// attemptOf is the attempt of a step that err ended; 0 when that isn't known.
func attemptOf(err error) int {
	var told activities.Detail
	detailOf(err, &told)
	return told.Attempt
}

func detailOf(err error, told *activities.Detail) bool {
	var application *temporal.ApplicationError
	return errors.As(err, &application) && application.HasDetails() && application.Details(told) == nil
}

// budget is how long each step may take, its retries included.
func (r *run) budget() time.Duration { return time.Duration(r.spec.TimeBudget) }

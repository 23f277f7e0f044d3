package workflows

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
)

// arrived is an error of a step as a run gets it: through Temporal.
func arrived(err error) error {
	converter := temporal.GetDefaultFailureConverter()
	return converter.FailureToError(converter.ErrorToFailure(err))
}

// said is a step's error with what it tells of itself.
func said(told activities.Detail) error {
	return arrived(temporal.NewNonRetryableApplicationError("words for programs", "cloudflare.forbidden", nil, told))
}

func TestFailureOf_InTheWordsOfWhoSaidIt(t *testing.T) {
	t.Parallel()
	told := activities.Detail{Message: "refused", Provider: "cloudflare", RequestID: "ray", Advice: "fix it"}
	for name, test := range map[string]struct {
		err  error
		want connection.Failure
	}{
		"a provider's": {said(told), connection.Failure{Message: "refused", Provider: "cloudflare", RequestID: "ray", Advice: "fix it"}},
		"without words": {
			arrived(temporal.NewNonRetryableApplicationError("it panicked", "PanicError", nil)), connection.Failure{Message: "it panicked"},
		},
		"cancelled": {arrived(temporal.NewCanceledError(told)), connection.Failure{Message: "the run was cancelled", Provider: "cloudflare", RequestID: "ray", Advice: "fix it"}},
		"out of time": {
			arrived(temporal.NewTimeoutError(enumspb.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE, said(told))),
			connection.Failure{Message: "Step didn't succeed within its time (ScheduleToClose); last: refused", Provider: "cloudflare", RequestID: "ray", Advice: "fix it"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.want.Step = "Step"
			if diff := cmp.Diff(test.want, failureOf("Step", test.err)); diff != "" {
				t.Errorf("failure (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLost: a step that couldn't say may have been carried out, and what it asked for may turn up for as long as an answer can be late.
func TestLost(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)
	until := []time.Time{now.Add(time.Second)}
	options := Options{Late: time.Minute}
	latest := []time.Time{now.Add(time.Minute)}
	for name, test := range map[string]struct {
		err   error
		lost  bool
		until []time.Time
	}{
		"it succeeded":                {nil, false, nil},
		"refused":                     {said(activities.Detail{Message: "refused"}), false, nil},
		"refused, an answer lost":     {said(activities.Detail{Lost: true, Until: until}), true, until},
		"lost, and settled by now":    {said(activities.Detail{Lost: true}), true, nil},
		"it panicked":                 {arrived(temporal.NewNonRetryableApplicationError("", "PanicError", nil)), true, latest},
		"words of another kind":       {arrived(temporal.NewNonRetryableApplicationError("", "Other", nil, "a word")), true, latest},
		"out of time":                 {arrived(temporal.NewTimeoutError(enumspb.TIMEOUT_TYPE_START_TO_CLOSE, nil)), true, latest},
		"out of time, though it said": {arrived(temporal.NewTimeoutError(enumspb.TIMEOUT_TYPE_SCHEDULE_TO_CLOSE, said(activities.Detail{}))), true, latest},
		"cancelled at work":           {arrived(temporal.NewCanceledError(activities.Detail{Lost: true, Until: until})), true, until},
		"cancelled, nothing asked":    {arrived(temporal.NewCanceledError(activities.Detail{})), false, nil},
		"cancelled without a word":    {arrived(temporal.NewCanceledError()), true, latest},
		"cancelled, says Temporal":    {arrived(temporal.NewCanceledError("activity was reset")), true, latest},
		"something else":              {errors.New("worker is gone"), true, latest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			lost, until := options.lost(test.err, now)
			if diff := cmp.Diff(test.until, until); lost != test.lost || diff != "" {
				t.Errorf("lost: %v, want %v; until (-want +got):\n%s", lost, test.lost, diff)
			}
		})
	}
}

func TestFailure_WhatAStepTells(t *testing.T) {
	t.Parallel()
	told := said(activities.Detail{Unseen: "0oa1", Superseded: true, Attempt: 3})
	if unseen(told) != "0oa1" || !superseded(told) || attemptOf(told) != 3 {
		t.Errorf("unseen %q, superseded %v, attempt %d", unseen(told), superseded(told), attemptOf(told))
	}
	for _, err := range []error{nil, errors.New("x"), said(activities.Detail{})} {
		if unseen(err) != "" || superseded(err) || err != nil && attemptOf(err) != 0 {
			t.Errorf("%v tells something", err)
		}
	}
}

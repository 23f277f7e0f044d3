// Package onboarding is a workflow of another team: it takes a customer on, and connecting the customer's Okta organisation
// to Cloudflare Access is one step of it, carried out by accessbridge as a child workflow.
//
// Of accessbridge it imports package connection alone: names, input and result. Another team's workflow needs no more.
package onboarding

import (
	"fmt"

	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
)

// TaskQueue is where the team's own worker listens.
const TaskQueue = "customer-onboarding"

// Target is what accessbridge is to connect. It is what KeepConnected takes.
type Target struct {
	// Connection is accessbridge's connection document. Fields that are left out get its defaults.
	Connection connection.Spec `json:"connection"`
	// ConnectionTaskQueue is where accessbridge's worker listens. Default: connection.TaskQueue.
	ConnectionTaskQueue string `json:"connection_task_queue,omitempty"`
}

// Order is what Onboard takes.
type Order struct {
	Target
	// Customer is the name in the team's records.
	Customer string `json:"customer"`
	// Contact is the address that the welcome notice goes to.
	Contact string `json:"contact"`
	// OnFailure says what becomes of what was done when a later step fails or the run is cancelled. Default: Disconnect.
	OnFailure OnFailure `json:"on_failure,omitempty"`
}

// OnFailure says what Onboard does with what it has done when it can't go on.
type OnFailure string

// What Onboard can do when it can't go on.
const (
	// Disconnect takes everything back that this run made: the connection, unless there was one before, and the record.
	Disconnect OnFailure = "disconnect"
	// Keep leaves everything, so that the next try goes on from there.
	Keep OnFailure = "keep"
)

// Outcome is what Onboard returns.
type Outcome struct {
	Customer   string            `json:"customer"`
	Connection connection.Result `json:"connection"`
}

// The types of the application error that Onboard ends with.
const (
	// ErrorOrder tells that the order can't be used; nothing was done.
	ErrorOrder = "Order"
	// ErrorNotConnected tells that accessbridge did not connect, and why. Its first detail is accessbridge's connection.Result,
	// where accessbridge gave one.
	ErrorNotConnected = "NotConnected"
	// ErrorLeftBehind tells that something could not be taken back: a person must look.
	ErrorLeftBehind = "LeftBehind"
)

// complete returns the order with its defaults, or the error that it can't be used.
func (o Order) complete() (Order, error) {
	if o.OnFailure == "" {
		o.OnFailure = Disconnect
	}
	var fault string
	switch {
	case o.Customer == "":
		fault = "customer is missing"
	case o.OnFailure != Disconnect && o.OnFailure != Keep:
		fault = fmt.Sprintf("on_failure is %q; it must be %s or %s", o.OnFailure, Disconnect, Keep)
	}
	if fault != "" {
		return o, temporal.NewNonRetryableApplicationError(fault, ErrorOrder, nil)
	}
	return o, nil
}

// Package transport is the one HTTP transport under both providers' SDKs. Both SDKs hide what a durable workflow needs
// to know (status, request id, when to retry), and both repeat requests on their own; so every answer that isn't a
// success becomes an Error here, before an SDK sees it.
package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Kind says what sort of failure an Error is; it decides whether a retry can fix it.
type Kind string

// The kinds of failure.
const (
	Unauthorized Kind = "unauthorized" // 401: the token isn't accepted
	Forbidden    Kind = "forbidden"    // 403: the token lacks a permission
	NotFound     Kind = "not_found"    // 404
	Conflict     Kind = "conflict"     // 409
	Invalid      Kind = "invalid"      // any other 4xx: the request itself is wrong
	RateLimited  Kind = "rate_limited" // 429, or held back because the provider said that nothing is left
	Unavailable  Kind = "unavailable"  // 5xx, 423, and conflicts that the provider says to repeat
	TimedOut     Kind = "timed_out"    // no answer in time: it may have been done
	Disconnected Kind = "disconnected" // the connection was refused or cut: it may have been done
	Withheld     Kind = "withheld"     // not sent: the attempt is no longer this worker's, or its run was cancelled
	Untrusted    Kind = "untrusted"    // the server's certificate isn't trusted: nothing was sent
	Malformed    Kind = "malformed"    // an answer that isn't the API's: it may have been done
	Misdirected  Kind = "misdirected"  // an answer that leads to another host, which isn't followed: it may have been done
)

// Error is a request to a provider that didn't succeed.
type Error struct {
	// Provider is "okta" or "cloudflare".
	Provider string
	// Credential is the key of the worker's configuration that holds the API token, or names its file; "" where it isn't known.
	Credential string
	// Method and Path are of the request. The query is left out: it can hold names.
	Method, Path string
	Kind         Kind
	// Host is where a Misdirected answer leads; "" where that can't be shown.
	Host string
	// Status is the HTTP status, 0 when there was no answer.
	Status int
	// Code is the provider's own error code, such as E0000006 or 10000; Summary is its words.
	Code, Summary string
	// RequestID is the provider's id of the request, for its support.
	RequestID string
	// Limit is the rate limit that has nothing left, such as "Okta's rate limit for /api/v1/apps"; "" when that isn't why.
	Limit string
	// RetryAfter is how long the provider said to wait; 0 when it didn't.
	RetryAfter time.Duration
	// context is the reason when the caller's own context ended the request. Nothing else is unwrapped: the SDKs act
	// on an io.EOF that they find inside by repeating the request without end.
	context error
}

// Error says what was asked, what came back and the id to quote.
func (e *Error) Error() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s %s", e.Provider, e.Method, e.Path)
	if e.Status != 0 {
		fmt.Fprintf(&text, " answered %d", e.Status)
	}
	if e.Code != "" {
		fmt.Fprintf(&text, " %s", e.Code)
	}
	if e.Summary != "" {
		fmt.Fprintf(&text, ": %s", e.Summary)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&text, " (request id %s)", e.RequestID)
	}
	return text.String()
}

// Unwrap gives context.Canceled or context.DeadlineExceeded when the caller ended the request.
func (e *Error) Unwrap() error { return e.context }

// Retryable reports whether the same request can succeed later without anyone doing anything.
func (e *Error) Retryable() bool {
	switch e.Kind {
	case RateLimited, Unavailable, TimedOut, Disconnected, Malformed, Withheld:
		return true
	default:
		return false
	}
}

// Ambiguous reports whether the request may have been carried out although no success was seen.
func (e *Error) Ambiguous() bool {
	return e.Kind == Misdirected || e.Retryable() && e.Kind != RateLimited && e.Kind != Withheld
}

// Ended reports whether the provider itself answered, so that the request is over: it was carried out or it was not, and nothing of
// it comes later. A gateway's answer says nothing of that.
func (e *Error) Ended() bool {
	gateway := e.Status == http.StatusBadGateway || e.Status == http.StatusGatewayTimeout
	return e.Status >= 300 && e.Code != "" && !gateway
}

// As returns the provider's error inside err, or nil.
func As(err error) *Error {
	var provider *Error
	if errors.As(err, &provider) {
		return provider
	}
	return nil
}

// Plain takes the provider's error out of what an SDK wrapped around it, which repeats the URL. Of an error that the SDK made
// itself only the kind is told: it can quote the answer.
func Plain(err error) error {
	var field *json.UnmarshalTypeError
	provider := As(err)
	switch {
	case err == nil:
		return nil
	case provider != nil:
		return provider
	case errors.Is(err, context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	case errors.As(err, &field) && field.Field != "":
		return fmt.Errorf("%w: its field %s is no %s", errForm, field.Field, field.Type)
	default:
		return errForm
	}
}

// errForm is for an answer that can't be decoded. Unlike an *Error it is not for repeating: the same would come again.
var errForm = errors.New("the answer doesn't have the form that the API's description gives it")

// Is reports whether err is a provider's error of one of the kinds.
func Is(err error, kinds ...Kind) bool {
	provider := As(err)
	if provider == nil {
		return false
	}
	for _, kind := range kinds {
		if provider.Kind == kind {
			return true
		}
	}
	return false
}

// Ended reports whether err comes from the caller's own context.
func Ended(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

package activities

import (
	"context"
	"errors"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// Detail is the first detail of every error that an activity ends with.
type Detail struct {
	Message   string `json:"message"`
	Provider  string `json:"provider,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	Advice    string `json:"advice,omitempty"`
	// Problems are the causes, where there are several.
	Problems []connection.Problem `json:"problems,omitempty"`
	// Lost tells that the step, or an earlier attempt of it, may have been carried out all the same.
	Lost bool `json:"lost,omitempty"`
	// Until are the times until which changes that got no success may still turn up, by Temporal's clock.
	Until []time.Time `json:"until,omitempty"`
	// Unseen is the id of an app of the connection that the survey didn't see.
	Unseen string `json:"unseen,omitempty"`
	// Superseded means that the run is older than another that changed the connection since.
	Superseded bool `json:"superseded,omitempty"`
	// Limit is the provider's rate limit that the attempt met; "" when it met none.
	Limit string `json:"limit,omitempty"`
	// Attempt is the attempt that failed, from 1.
	Attempt int `json:"attempt,omitempty"`
}

// passing bounds how often a refusal is repeated that is known to pass by itself: the providers' lists and references lag
// behind their writes.
const passing = 6

// lasting reports whether a refusal that may pass by itself had the time to.
func lasting(ctx context.Context) bool {
	h := heartOf(ctx)
	return h.info.Attempt >= passing && h.now().Sub(h.info.ScheduledTime) >= h.waits.Lag
}

// lag says which refusals of a step may pass by themselves.
type lag func(*transport.Error) bool

// justCreated is for what hangs on something created moments ago: it may not be seen yet.
func justCreated(failure *transport.Error) bool {
	return failure.Kind == transport.NotFound || failure.Code == codeInvalidPolicy
}

// codeInvalidPolicy is Cloudflare's for a rule that names an unknown identity provider, one just created included.
const codeInvalidPolicy = "11017"

// undoing is for taking back what was made moments ago, and may not be seen yet although it is listed, and for deleting what
// was in use until moments ago.
func undoing(failure *transport.Error) bool {
	return justCreated(failure) || failure.Kind == transport.Conflict || failure.Code == okta.CodeStillActive
}

// fail turns a failure into what Temporal acts on: not to be retried when no retry mends it, after the provider's own time
// for a rate limit, as a cancellation when the run was cancelled.
func fail(ctx context.Context, err error, lags ...lag) error {
	if err == nil {
		return nil
	}
	attempt, until := activity.GetInfo(ctx).Attempt, heartOf(ctx).until()
	detail := Detail{Message: err.Error(), Lost: len(until) > 0, Until: until, Attempt: int(attempt)}
	if ctx.Err() == context.Canceled || errors.Is(err, context.Canceled) {
		return temporal.NewCanceledError(detail)
	}
	if _, done := err.(*temporal.ApplicationError); done {
		return err
	}
	detail.Lost = detail.Lost || attempt > 1
	if errors.Is(err, errBehind) {
		return temporal.NewApplicationErrorWithOptions(err.Error(), "Behind", temporal.ApplicationErrorOptions{Details: []any{detail}})
	}
	failure := transport.As(err)
	if failure == nil && transport.Ended(err) {
		return err
	}
	if failure == nil {
		// Not the provider's word: an answer of an unexpected form. Whether it was done isn't known.
		detail.Lost = true
		return temporal.NewNonRetryableApplicationError(err.Error(), "Unexpected", nil, detail)
	}
	detail.Message, detail.Problems = causes(err)
	detail.Provider, detail.RequestID, detail.Advice, detail.Limit = failure.Provider, failure.RequestID, advise(failure), failure.Limit
	detail.Lost = detail.Lost || failure.Ambiguous()
	retry := failure.Retryable() || transport.Ended(err)
	for _, passes := range lags {
		retry = retry || (passes(failure) && !lasting(ctx))
	}
	return temporal.NewApplicationErrorWithOptions(detail.Message, failure.Provider+"."+string(failure.Kind), temporal.ApplicationErrorOptions{
		NonRetryable: !retry, NextRetryDelay: failure.RetryAfter, Details: []any{detail},
	})
}

// Advice says what a person can do about an error of a provider; "" where nothing is known.
func Advice(err error) string {
	failure := transport.As(err)
	if failure == nil {
		return ""
	}
	return advise(failure)
}

// advise says what a person can do about a failure that no retry mends.
func advise(failure *transport.Error) string {
	switch {
	case failure.Code == okta.CodeInvalidSession:
		return "Okta takes nothing but an API token for this, as people make one under Security, API, Tokens: " + newToken(failure.Credential)
	case failure.Code == okta.CodeFeatureMissing:
		return "this Okta org lacks the feature (API Access Management); ask Okta for it"
	case failure.Code == okta.CodeUnknownEndpoint:
		return "Okta doesn't know this endpoint any more; see whether a newer accessbridge does"
	case failure.Code == cloudflare.CodeNotEnabled:
		return "enable Zero Trust once in the Cloudflare dashboard"
	case failure.Code == cloudflare.CodeToken && strings.Contains(failure.Summary, "from location"):
		return "the API token's filter of client addresses refuses this worker's: allow it there (My Profile, API Tokens)"
	case failure.Kind == transport.Untrusted:
		return "give the worker the certificate authority (ca_file), if a proxy or a server of your own stands between"
	case failure.Kind == transport.Misdirected:
		return "see what answers at the URL that the worker's configuration has for it, and whether a proxy stands between; give the API's own URL there"
	case failure.Kind == transport.Unauthorized:
		return "the API token is wrong, expired or revoked: " + newToken(failure.Credential)
	case failure.Kind == transport.Forbidden && failure.Provider == "okta":
		return "give the administrator whose API token it is the role Application Administrator, or Super Administrator" + held(failure.Credential)
	case failure.Kind == transport.Forbidden:
		return "give the API token the permission " + permission(failure.Path) + held(failure.Credential)
	case failure.Kind == transport.Conflict:
		return "something still uses it: see what the message names, or look in the dashboard, and take it out of use there"
	default:
		return ""
	}
}

// permission is the Cloudflare permission that a path needs.
func permission(path string) string {
	switch {
	case strings.Contains(path, "/access/policies"), strings.Contains(path, "/access/apps"):
		return "Access: Apps and Policies Write"
	default:
		return "Access: Organizations, Identity Providers, and Groups Write"
	}
}

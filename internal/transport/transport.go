package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/accessbridge/accessbridge/internal/secret"
)

// maxAnswer bounds an answer that is read into memory, in bytes. The largest real ones are pages of 10,000 groups.
const maxAnswer = 64 << 20

// Dialect is what differs between the providers.
type Dialect struct {
	// Provider is "okta" or "cloudflare".
	Provider string
	// RequestID is the header that holds the provider's id of a request.
	RequestID string
	// JSON tells whether the answer to a request must be JSON.
	JSON func(*http.Request) bool
	// Changes reports whether a request changes something at the provider.
	Changes func(*http.Request) bool
	// Secrecy says what the answers to a request can show; nil is Open for all.
	Secrecy func(*http.Request) Secrecy
	// Failed tells whether a 2xx answer says in its body that it failed; nil when it never does.
	Failed func(body []byte) bool
	// Explain reads the error code and the words from a body.
	Explain func(body []byte) (code, summary string)
	// Kind refines the kind that the status gives, by the error code; nil when it never does.
	Kind func(status int, code string, kind Kind) Kind
	// Limit reads the rate-limit headers: requests left in the bucket (-1 when not said) and the time until it fills again.
	Limit func(http.Header) (left int, reset time.Duration)
	// Bucket names the rate-limit bucket of a request.
	Bucket func(*http.Request) string
	// Endpoints are what the provider is asked for; nil is a table without any.
	Endpoints *Endpoints
}

// name is the provider as people write it.
func (d Dialect) name() string { return strings.ToUpper(d.Provider[:1]) + d.Provider[1:] }

// limit is a rate limit as people speak of it.
func (d Dialect) limit(bucket string) string {
	if bucket == "" {
		return d.name() + "'s rate limit"
	}
	return d.name() + "'s rate limit for " + bucket
}

// Options are what a process sets for its transports.
type Options struct {
	// Base carries the requests out; nil is http.DefaultTransport.
	Base http.RoundTripper
	// Timeout bounds one request, its answer's body included. 0 is 20 seconds.
	Timeout time.Duration
	// MaxConcurrent bounds how many requests are under way at the same time; others wait for their turn. 0 is no bound.
	MaxConcurrent int
	// Settle is how long a client looks whether what it deleted is gone, before it says that it isn't. 0 is 3 seconds.
	Settle time.Duration
	// Renew reads the API token again when the provider refuses it: it may have been replaced in its file. nil is never.
	Renew func() (secret.Secret, error)
	// Credential is the key of the worker's configuration that holds the API token, or names its file; "" is not known. Errors tell it.
	Credential string
	// Owner is the org or the account that the API token is of, as the worker's configuration names it, such as okta.orgs.acme.
	Owner string
	// Meter measures requests and rate limits; nil measures nothing.
	Meter metric.Meter
	// Tracer makes a span of each request; nil makes none.
	Tracer trace.Tracer
	// Audit gets a line for each change that was sent, whatever became of it; nil is none. It never sees a header or a body.
	Audit *slog.Logger
	// Logger gets a line for each request at debug level, and a warning when this machine's clock is wrong; nil is none. It never
	// sees a header or a body.
	Logger *slog.Logger
}

// Client returns an HTTP client whose every failure is an *Error. It follows no redirect: a redirect is an answer, where a page is due, and a failure else.
func Client(dialect Dialect, options Options) *http.Client {
	if options.Base == nil {
		options.Base = http.DefaultTransport
	}
	if options.Timeout == 0 {
		options.Timeout = 20 * time.Second
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	return &http.Client{
		Transport:     &roundTripper{dialect: dialect, options: options, pace: newPace(), slots: newSlots(options.MaxConcurrent), meters: newMeters(dialect, options), tracer: tracer(options)},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type roundTripper struct {
	dialect Dialect
	options Options
	pace    *pace
	slots   slots
	token   token
	meters  meters
	tracer  trace.Tracer
	// clockWarned guards the one warning of a wrong clock.
	clockWarned sync.Once
}

// RoundTrip sends the request once, when it has its turn. While its rate limit has nothing left it takes no other request's turn.
func (t *roundTripper) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, bucket := request.Context(), t.dialect.Bucket(request)
	for {
		if wait := t.pace.wait(ctx, bucket); wait > 0 {
			t.meters.held(ctx, bucket)
			held := t.failure(request, RateLimited)
			held.Summary, held.RetryAfter, held.Limit = "held back: the rate limit has nothing left", wait, t.dialect.limit(bucket)
			return nil, held
		}
		giveBack, err := t.slots.take(ctx)
		switch {
		case err != nil:
			waited := t.failure(request, RateLimited) // it is as with a rate limit: nothing was sent
			waited.Summary, waited.context = "given up while other requests were under way", err
			return nil, waited
		case t.pace.left(bucket) <= 0 || ctx.Err() != nil:
			defer giveBack()
			return t.exchange(request, bucket)
		}
		giveBack() // nothing was left by the time it had its turn
	}
}

// exchange sends the request and judges the answer.
func (t *roundTripper) exchange(request *http.Request, bucket string) (*http.Response, error) {
	if !t.dialect.Changes(request) {
		return t.authorized(request.Clone(request.Context()), bucket)
	}
	permit, err := guard(request.Context())
	if err != nil {
		return nil, t.withheld(request, err)
	}
	// A change is never cut by its caller: it may be carried out all the same. Its answer is taken into account; only the
	// time-out ends it.
	request = request.Clone(context.WithoutCancel(request.Context()))
	expired, began := permit.watch(request), time.Now()
	response, err := t.authorized(request, bucket)
	if err != nil && expired() {
		err = t.withheld(request, errExpired)
	} else {
		t.audit(request, began, response, err)
	}
	permit.Settle(As(err))
	return response, err
}

// withheld is a request that was not sent because its guard said so.
func (t *roundTripper) withheld(request *http.Request, err error) *Error {
	failure := t.failure(request, Withheld)
	failure.Summary = "not sent: " + printable(err.Error())
	if Ended(err) {
		failure.context = context.Canceled
	}
	return failure
}

// authorized sends the request with the token that is good now. It is called with a request of its own.
func (t *roundTripper) authorized(request *http.Request, bucket string) (*http.Response, error) {
	sentWith := t.token.authorize(request)
	response, err := t.once(request, bucket)
	if !t.again(request, sentWith, err) {
		return response, err
	}
	t.token.authorize(request)
	return t.once(request, bucket)
}

// once sends the request, and measures and traces what came of it.
func (t *roundTripper) once(request *http.Request, bucket string) (*http.Response, error) {
	endpoint, _, _ := t.dialect.Endpoints.Find(request.URL.Path)
	began, span := time.Now(), t.span(request, endpoint)
	response, err := t.judged(request, bucket)
	endSpan(span, response, err)
	t.meters.request(request.Context(), request.Method, endpoint, time.Since(began), err)
	return response, err
}

// judged sends the request and judges its answer.
func (t *roundTripper) judged(request *http.Request, bucket string) (*http.Response, error) {
	start := time.Now()
	response, body, err := t.send(request)
	status, clock := 0, ""
	if response != nil {
		status, clock = response.StatusCode, t.clockOff(start, time.Now(), response.Header)
		t.warnOfClock(clock)
		t.pace.heed(bucket, response, t.dialect.Limit)
		t.meters.limit(request.Context(), bucket, response.Header, t.dialect.Limit)
	}
	t.options.Logger.DebugContext(request.Context(), "request", "provider", t.dialect.Provider, "method", request.Method,
		"path", request.URL.Path, "status", status, "duration", time.Since(start))
	if err != nil {
		return nil, err
	}
	if failure := t.judge(request, response, body); failure != nil {
		if failure.Kind == Unauthorized && clock != "" {
			failure.Summary += "; " + clock
		}
		return nil, failure
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// send carries the request out and reads the whole answer within the time-out, so that a cut in the middle of a body is
// seen here and not by an SDK.
func (t *roundTripper) send(request *http.Request) (*http.Response, []byte, error) {
	ctx, cancel := context.WithTimeout(request.Context(), t.options.Timeout)
	defer cancel()
	sending := request.WithContext(ctx)
	// See Partly. The answer to a request that sends a secret may quote it.
	sending.Close = sending.Close || t.secrecy(request) != Open || len(hidden(request.Context())) > 0
	response, err := t.options.Base.RoundTrip(sending)
	if err != nil {
		return nil, nil, t.broken(request, ctx, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, nil, t.broken(request, ctx, err)
	}
	if len(body) > maxAnswer {
		failure := t.failure(request, Malformed)
		failure.Summary = fmt.Sprintf("the answer is larger than %d bytes", maxAnswer)
		return nil, nil, failure
	}
	response.Request = request
	return response, body, nil
}

// judge returns the failure that an answer tells of, or nil.
func (t *roundTripper) judge(request *http.Request, response *http.Response, body []byte) *Error {
	success := response.StatusCode < 400
	if failure := t.misdirected(request, response); success && failure != nil {
		return failure
	}
	if problem := t.unusable(request, response, body); success && problem != "" {
		failure := t.failure(request, Malformed)
		failure.Status, failure.Summary = response.StatusCode, problem
		failure.RequestID = t.requestID(request, response)
		return failure
	}
	if success && (t.dialect.Failed == nil || !t.dialect.Failed(body)) {
		return nil
	}
	failure := t.failure(request, kindOf(response.StatusCode))
	t.explain(failure, request, response, body)
	if t.dialect.Kind != nil {
		failure.Kind = t.dialect.Kind(failure.Status, failure.Code, failure.Kind)
	}
	if failure.Kind == RateLimited {
		_, reset := t.dialect.Limit(response.Header)
		failure.RetryAfter, failure.Limit = max(reset, 0), t.dialect.limit(t.dialect.Bucket(request))
	}
	return failure
}

// unusable says why an answer that tells of success can't be used, or nothing.
func (t *roundTripper) unusable(request *http.Request, response *http.Response, body []byte) string {
	if t.dialect.JSON(request) && !t.isJSON(request, response, body) {
		return "the answer is not JSON; a proxy or a sign-in page may stand between"
	}
	if _, err := url.Parse(response.Header.Get("Location")); err != nil {
		return "the answer redirects to what is no URL" // http.Client would quote it in an error of its own
	}
	return follow(response.Header)
}

// isJSON tells whether an answer is JSON; a redirect isn't. Only one that was asked for nothing may be empty, and none where every
// answer tells of success in its body: who took an empty answer for an empty thing would act on it.
func (t *roundTripper) isJSON(request *http.Request, response *http.Response, body []byte) bool {
	if len(body) == 0 {
		return response.StatusCode == http.StatusNoContent || (response.StatusCode < 300 && request.Method != http.MethodGet && t.dialect.Failed == nil)
	}
	return response.StatusCode < 300 && json.Valid(body)
}

func (t *roundTripper) failure(request *http.Request, kind Kind) *Error {
	return &Error{Provider: t.dialect.Provider, Method: request.Method, Path: request.URL.Path, Kind: kind, Credential: t.options.Credential}
}

// kindOf is the kind of failure that a status means where the provider's code says nothing else.
func kindOf(status int) Kind {
	switch {
	case status == http.StatusUnauthorized:
		return Unauthorized
	case status == http.StatusForbidden:
		return Forbidden
	case status == http.StatusNotFound:
		return NotFound
	case status == http.StatusConflict:
		return Conflict
	case status == http.StatusTooManyRequests:
		return RateLimited
	case status == http.StatusLocked, status == http.StatusRequestTimeout, status >= 500:
		return Unavailable
	default:
		return Invalid
	}
}

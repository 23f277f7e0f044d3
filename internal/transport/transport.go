package transport

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
	"unicode"
)

// maxAnswer bounds an answer that is read into memory, in bytes. The largest real ones are pages of 200 apps.
const maxAnswer = 16 << 20

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
}

// Options are what a process sets for its transports.
type Options struct {
	// Base carries the requests out; nil is http.DefaultTransport.
	Base http.RoundTripper
	// Timeout bounds one request, its answer's body included. 0 is 20 seconds.
	Timeout time.Duration
	// Logger gets a line for each request at debug level; nil is none. It never sees a header or a body.
	Logger *slog.Logger
}

// Client returns an HTTP client whose every failure is an *Error. It follows no redirect: a redirect is an answer.
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
		Transport:     &roundTripper{dialect: dialect, options: options, pace: newPace()},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type roundTripper struct {
	dialect Dialect
	options Options
	pace    *pace
}

// RoundTrip sends the request once.
func (t *roundTripper) RoundTrip(request *http.Request) (*http.Response, error) {
	bucket := t.dialect.Bucket(request)
	if wait := t.pace.wait(request.Context(), bucket); wait > 0 {
		held := t.failure(request, RateLimited)
		held.Summary, held.RetryAfter = "held back: the rate limit has nothing left", wait
		return nil, held
	}
	if !t.dialect.Changes(request) {
		return t.once(request, bucket)
	}
	settle, err := guard(request.Context())
	if err != nil {
		return nil, t.withheld(request, err)
	}
	// A change is never cut by its caller: it may be carried out all the same. Its answer is taken into account; only the
	// time-out ends it.
	response, err := t.once(request.WithContext(context.WithoutCancel(request.Context())), bucket)
	failure := As(err)
	settle(failure != nil && failure.Ambiguous())
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

// once sends the request and judges its answer.
func (t *roundTripper) once(request *http.Request, bucket string) (*http.Response, error) {
	start := time.Now()
	response, body, err := t.send(request)
	status := 0
	if response != nil {
		status = response.StatusCode
		t.pace.heed(bucket, response, t.dialect.Limit)
	}
	t.options.Logger.DebugContext(request.Context(), "request", "provider", t.dialect.Provider, "method", request.Method,
		"path", request.URL.Path, "status", status, "duration", time.Since(start))
	if err != nil {
		return nil, err
	}
	if failure := t.judge(request, response, body); failure != nil {
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
	response, err := t.options.Base.RoundTrip(request.WithContext(ctx))
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

// broken is a request that got no whole answer.
func (t *roundTripper) broken(request *http.Request, ctx context.Context, err error) *Error {
	failure := t.failure(request, Disconnected)
	failure.Summary = "the connection was refused or cut: " + printable(err.Error())
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		failure.Kind = Untrusted
		failure.Summary = "the server's certificate is not trusted: " + printable(untrusted.Err.Error())
	case request.Context().Err() != nil:
		failure.Kind, failure.context = TimedOut, request.Context().Err()
		failure.Summary = "given up before an answer came"
	case ctx.Err() != nil || errors.Is(err, os.ErrDeadlineExceeded):
		failure.Kind = TimedOut
		failure.Summary = fmt.Sprintf("no answer within %s", t.options.Timeout)
	}
	return failure
}

// judge returns the failure that an answer tells of, or nil.
func (t *roundTripper) judge(request *http.Request, response *http.Response, body []byte) *Error {
	success := response.StatusCode < 400
	if success && t.dialect.JSON(request) && !t.isJSON(request, response, body) {
		failure := t.failure(request, Malformed)
		failure.Status = response.StatusCode
		failure.Summary = "the answer is not JSON; a proxy or a sign-in page may stand between"
		failure.RequestID = printable(response.Header.Get(t.dialect.RequestID))
		return failure
	}
	if success && !followable(response.Header) {
		failure := t.failure(request, Malformed)
		failure.Status, failure.Summary = response.StatusCode, "the answer's Link header can't be followed"
		return failure
	}
	if success && (t.dialect.Failed == nil || !t.dialect.Failed(body)) {
		return nil
	}
	failure := t.failure(request, kindOf(response.StatusCode))
	failure.Status = response.StatusCode
	code, summary := t.dialect.Explain(body)
	failure.Code, failure.Summary = printable(scrub(request, code)), printable(scrub(request, summary))
	if failure.Summary == "" {
		failure.Summary = http.StatusText(response.StatusCode)
	}
	failure.RequestID = printable(response.Header.Get(t.dialect.RequestID))
	if t.dialect.Kind != nil {
		failure.Kind = t.dialect.Kind(failure.Status, failure.Code, failure.Kind)
	}
	if failure.Kind == RateLimited {
		_, failure.RetryAfter = t.dialect.Limit(response.Header)
	}
	return failure
}

// isJSON tells whether an answer is JSON; a redirect isn't. Only one that was asked for nothing may be empty, and none where every
// answer tells of success in its body: who took an empty answer for an empty thing would act on it.
func (t *roundTripper) isJSON(request *http.Request, response *http.Response, body []byte) bool {
	if len(body) == 0 {
		return response.StatusCode == http.StatusNoContent || (response.StatusCode < 300 && request.Method != http.MethodGet && t.dialect.Failed == nil)
	}
	return response.StatusCode < 300 && json.Valid(body)
}

// followable tells whether every Link of an answer is a URL: Okta's SDK panics on one that isn't.
func followable(header http.Header) bool {
	for _, link := range header.Values("Link") {
		target, _, _ := strings.Cut(link, ";")
		if _, err := url.Parse(strings.Trim(strings.TrimSpace(target), "<>")); err != nil {
			return false
		}
	}
	return true
}

func (t *roundTripper) failure(request *http.Request, kind Kind) *Error {
	return &Error{Provider: t.dialect.Provider, Method: request.Method, Path: request.URL.Path, Kind: kind}
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

// maxWords bounds what is quoted of a provider's answer, in characters.
const maxWords = 400

// printable makes a provider's words safe for a log line and a terminal: no control or invisible characters, not endless.
func printable(text string) string {
	clean := make([]rune, 0, min(len(text), maxWords))
	for _, r := range text {
		if len(clean) == maxWords {
			return string(clean) + "…"
		}
		if !unicode.IsPrint(r) {
			r = ' '
		}
		clean = append(clean, r)
	}
	return string(clean)
}

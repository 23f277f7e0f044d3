package health_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/accessbridge/accessbridge/internal/health"
	"github.com/accessbridge/accessbridge/internal/transport"
)

var (
	revoked = &transport.Error{Provider: "okta", Method: "GET", Path: "/api/v1/groups", Kind: transport.Unauthorized, Status: 401}
	away    = &transport.Error{Provider: "okta", Method: "GET", Path: "/api/v1/groups", Kind: transport.Unavailable, Status: 503}
)

// get asks a worker's health.
func get(t *testing.T, state *health.Health, path string) (int, string) {
	t.Helper()
	recorder := httptest.NewRecorder()
	state.Handler().ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
	return recorder.Code, recorder.Body.String()
}

func connected(context.Context) error { return nil }

// TestTokens_EachAnswerOfAProvider, one after the other.
func TestTokens_EachAnswerOfAProvider(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answers []error
		ready   bool
		says    string
		logs    []string
	}{
		"works":                           {[]error{nil}, true, "okta.orgs.acme.api_token: ok", []string{"level=INFO"}},
		"revoked":                         {[]error{revoked}, false, "answered 401; do this", []string{"level=ERROR"}},
		"revoked, and again":              {[]error{revoked, revoked}, false, "answered 401; do this", []string{"level=ERROR"}},
		"revoked, then replaced":          {[]error{revoked, nil}, true, "ok", []string{"level=ERROR", "level=INFO"}},
		"revoked later":                   {[]error{nil, revoked}, false, "answered 401", []string{"level=INFO", "level=ERROR"}},
		"no answer so far":                {[]error{away, away}, false, "not known to work yet: okta: GET /api/v1/groups answered 503", []string{"level=WARN"}},
		"no answer at first":              {[]error{away, nil}, true, "ok", []string{"level=WARN", "level=INFO"}},
		"an outage says nothing":          {[]error{nil, away}, true, "ok", []string{"level=INFO"}},
		"an outage mends no token":        {[]error{revoked, away}, false, "answered 401", []string{"level=ERROR"}},
		"a time-out says nothing":         {[]error{nil, context.DeadlineExceeded}, true, "ok", []string{"level=INFO"}},
		"an answer of an unexpected form": {[]error{errors.New("it has no authorization domain")}, false, "no authorization domain", []string{"level=ERROR"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var logged bytes.Buffer
				var tries atomic.Int64
				tokens := health.NewTokens(time.Minute, slog.New(slog.NewTextHandler(&logged, nil)), health.Credential{
					Key: "okta.orgs.acme.api_token",
					Try: func(context.Context) error {
						return test.answers[min(int(tries.Add(1)), len(test.answers))-1]
					},
					Advice: func(error) string { return "do this" },
				})
				state := health.New(tokens)
				state.Connected(connected)
				if code, said := get(t, state, "/readyz"); code != http.StatusServiceUnavailable || !strings.Contains(said, "not tried yet") {
					t.Errorf("before the first try it answers %d: %s", code, said)
				}
				ctx, stop := context.WithCancel(t.Context())
				watched := make(chan struct{})
				go func() { defer close(watched); tokens.Watch(ctx) }()
				time.Sleep(time.Duration(len(test.answers)-1)*time.Minute + time.Second)
				synctest.Wait()
				if code, said := get(t, state, "/readyz"); (code == http.StatusOK) != test.ready || !strings.Contains(said, test.says) {
					t.Errorf("it answers %d: %s", code, said)
				}
				stop()
				<-watched
				lines := strings.Split(strings.TrimSpace(logged.String()), "\n")
				if len(lines) != len(test.logs) {
					t.Fatalf("it logged:\n%s", logged.String())
				}
				for i, line := range lines {
					if !strings.Contains(line, test.logs[i]) || !strings.Contains(line, "okta.orgs.acme.api_token") {
						t.Errorf("line %d is %s, want %s", i, line, test.logs[i])
					}
				}
			})
		})
	}
}

// TestTokens_HoweverManyProbes_AreTriedByTheClock: every interval while they work, sooner while they don't.
func TestTokens_HoweverManyProbes_AreTriedByTheClock(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer error
		every  time.Duration
		want   int64
	}{
		"works": {nil, 5 * time.Minute, 12}, "revoked": {revoked, 5 * time.Minute, 120}, "never": {revoked, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var tries atomic.Int64
				tokens := health.NewTokens(test.every, slog.New(slog.DiscardHandler), health.Credential{
					Key: "key", Advice: func(error) string { return "" },
					Try: func(context.Context) error { tries.Add(1); return test.answer },
				})
				state := health.New(tokens)
				state.Connected(connected)
				ctx, stop := context.WithTimeout(t.Context(), time.Hour-time.Second)
				defer stop()
				go tokens.Watch(ctx)
				for ctx.Err() == nil {
					get(t, state, "/readyz")
					time.Sleep(time.Second)
				}
				synctest.Wait()
				if tries.Load() != test.want {
					t.Errorf("%d tries within an hour, want %d", tries.Load(), test.want)
				}
			})
		})
	}
}

func TestTokens_StopsInTheMiddleOfATry(t *testing.T) {
	t.Parallel()
	var logged bytes.Buffer
	ctx, stop := context.WithCancel(t.Context())
	tokens := health.NewTokens(time.Minute, slog.New(slog.NewTextHandler(&logged, nil)), health.Credential{
		Key: "key", Advice: func(error) string { return "" },
		Try: func(ctx context.Context) error { stop(); <-ctx.Done(); return ctx.Err() },
	})
	tokens.Watch(ctx)
	if logged.Len() != 0 {
		t.Errorf("it logged %s", logged.String())
	}
}

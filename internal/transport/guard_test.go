package transport_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// guarded sends a request to a server under a guard that lets it pass or not, and returns how it was settled.
func guarded(t *testing.T, method string, refuse error, answer http.HandlerFunc) (settled []*transport.Error, asked int, err error) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	ctx := transport.Guarded(t.Context(), func(context.Context) (transport.Permit, error) {
		asked++
		return transport.Permit{Settle: func(failure *transport.Error) { settled = append(settled, failure) }}, refuse
	})
	request, err := http.NewRequestWithContext(ctx, method, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.Client(dialect, transport.Options{Timeout: 200 * time.Millisecond}).Do(request)
	if err == nil {
		err = response.Body.Close()
	}
	return settled, asked, err
}

func TestGuard_Change_IsAskedForAndSettled(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		lost   bool
	}{
		"answered":     {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }, false},
		"refused":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, false},
		"unavailable":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, true},
		"cut":          {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true},
		"never ending": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settled, asked, _ := guarded(t, http.MethodPost, nil, test.answer)
			if asked != 1 || len(settled) != 1 || (settled[0] != nil && settled[0].Ambiguous()) != test.lost {
				t.Errorf("asked %d times, settled %v; want lost %v", asked, settled, test.lost)
			}
		})
	}
}

func TestGuard_Refuses_NothingIsSent(t *testing.T) {
	t.Parallel()
	settled, _, err := guarded(t, http.MethodPut, errors.New("another worker's"), func(http.ResponseWriter, *http.Request) { t.Error("the request was sent") })
	if failure := transport.As(err); failure == nil || failure.Kind != transport.Withheld || failure.Ambiguous() || !failure.Retryable() || len(settled) != 0 {
		t.Errorf("error %v, settled %v", err, settled)
	}
}

func TestGuard_Reading_IsNotAsked(t *testing.T) {
	t.Parallel()
	if _, asked, err := guarded(t, http.MethodGet, errors.New("no"), func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }); asked != 0 || err != nil {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

// TestClient_Change_IsNotCutByItsCaller holds a change open, has its caller give up, and lets it end: its answer counts.
func TestClient_Change_IsNotCutByItsCaller(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel()
		select {
		case <-r.Context().Done():
			t.Error("the change was cut")
		case <-time.After(100 * time.Millisecond):
		}
		_, _ = w.Write([]byte("{}"))
	}))
	t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.Client(dialect, transport.Options{}).Do(request)
	if err != nil {
		t.Fatalf("the answer was not taken: %v", err)
	}
	_ = response.Body.Close()
}

// slowBase takes its time before it sends a request, as a machine does that was paused.
type slowBase struct{ pause time.Duration }

func (s slowBase) RoundTrip(request *http.Request) (*http.Response, error) {
	timer := time.NewTimer(s.pause)
	defer timer.Stop()
	<-timer.C
	return http.DefaultTransport.RoundTrip(request)
}

// TestGuard_WorkerIsPausedAfterItsWord_NothingIsSent shows that a permit is looked at once more just before the request is sent.
func TestGuard_WorkerIsPausedAfterItsWord_NothingIsSent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		permit time.Duration
		body   string
		sent   bool
	}{
		"it was paused":             {time.Millisecond, "{}", false},
		"it was not":                {time.Minute, "{}", true},
		"the permit has no end":     {0, "{}", true},
		"a request without content": {time.Millisecond, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sent atomic.Bool
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				sent.Store(err == nil && string(body) == test.body)
				_, _ = w.Write([]byte("{}"))
			}))
			t.Cleanup(server.Close)
			var settled []*transport.Error
			ctx := transport.Guarded(t.Context(), func(context.Context) (transport.Permit, error) {
				return transport.Permit{Settle: func(failure *transport.Error) { settled = append(settled, failure) }, For: test.permit}, nil
			})
			request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			response, err := transport.Client(dialect, transport.Options{Base: slowBase{20 * time.Millisecond}}).Do(request)
			if err == nil {
				_ = response.Body.Close()
			}
			failure := transport.As(err)
			withheld := failure != nil && failure.Kind == transport.Withheld && failure.Retryable() && !failure.Ambiguous()
			if sent.Load() != test.sent || withheld == test.sent || len(settled) != 1 || settled[0] != failure {
				t.Errorf("sent %v, error %v, settled %v", sent.Load(), err, settled)
			}
		})
	}
}

package transport_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// guarded sends a request to a server under a guard that lets it pass or not, and returns how it was settled.
func guarded(t *testing.T, method string, refuse error, answer http.HandlerFunc) (settled []*transport.Error, asked int, err error) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	ctx := transport.Guarded(t.Context(), func(context.Context) (func(*transport.Error), error) {
		asked++
		return func(failure *transport.Error) { settled = append(settled, failure) }, refuse
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

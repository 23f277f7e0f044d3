package transport_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/accessbridge/accessbridge/internal/transport"
)

func TestClient_MaxConcurrent_OthersWaitForTheirTurn(t *testing.T) {
	t.Parallel()
	for _, most := range []int{1, 3, 0} {
		var underWay, reached atomic.Int64
		release := make(chan struct{})
		full := make(chan struct{})
		fill := sync.OnceFunc(func() { close(full) })
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			now := underWay.Add(1)
			defer underWay.Add(-1)
			reached.Store(max(reached.Load(), now))
			if bound := int64(most); now == bound || (bound == 0 && now == 8) {
				fill()
			}
			<-release
			_, _ = io.WriteString(w, "{}")
		}))
		t.Cleanup(server.Close)
		client := transport.Client(dialect, transport.Options{Base: server.Client().Transport, MaxConcurrent: most})
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				response, err := client.Get(server.URL)
				if err != nil {
					t.Error(err)
					return
				}
				_ = response.Body.Close()
			})
		}
		<-full
		if most > 0 {
			waits(t, client, server.URL)
		}
		close(release)
		group.Wait()
		if want := int64(most); want > 0 && reached.Load() > want {
			t.Errorf("%d requests were under way, of at most %d", reached.Load(), most)
		}
	}
}

// waits proves that a request gets no turn, and ends with its context.
func waits(t *testing.T, client *http.Client, url string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Transport.RoundTrip(request)
	if failure := transport.As(err); failure == nil || failure.Ambiguous() || !transport.Ended(err) {
		t.Errorf("got %v", err)
	}
}

// TestClient_RequestWaitsForItsRateLimit_TakesNoTurn of requests that another limit is for.
func TestClient_RequestWaitsForItsRateLimit_TakesNoTurn(t *testing.T) {
	t.Parallel()
	var limited atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/limited" && limited.Add(1) == 1 {
			w.Header().Set("Left", "0")
			w.Header().Set("Reset", "1500ms")
		}
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	client := transport.Client(dialect, transport.Options{Base: server.Client().Transport, MaxConcurrent: 1})
	get := func(path string) {
		response, err := client.Get(server.URL + path)
		if err != nil {
			t.Error(err)
			return
		}
		_ = response.Body.Close()
	}
	get("/limited")
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() { get("/limited") })
	}
	for range 50 { // some of these come after those that wait
		get("/other")
	}
	if limited.Load() != 1 {
		t.Error("the others waited for a rate limit that isn't theirs")
	}
	group.Wait()
}

package health_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/accessbridge/accessbridge/internal/health"
)

// TestHealth_EachProbe_SaysWhatIsLacking: a live process whose Temporal is away must not be restarted.
func TestHealth_EachProbe_SaysWhatIsLacking(t *testing.T) {
	t.Parallel()
	gone := func(context.Context) error { return errors.New("connection refused by 10.0.0.1") }
	for name, test := range map[string]struct {
		prepare              func(*health.Health)
		live, ready, healthy int
		says                 string
	}{
		"starting":       {func(*health.Health) {}, 200, 503, 503, "temporal: it doesn't answer"},
		"connected":      {func(h *health.Health) { h.Connected(connected) }, 200, 200, 200, "temporal: ok"},
		"Temporal away":  {func(h *health.Health) { h.Connected(gone) }, 200, 503, 503, "temporal: it doesn't answer"},
		"about to stop":  {func(h *health.Health) { h.Connected(connected); h.Stopping() }, 200, 503, 200, "stopping"},
		"stopped before": {func(h *health.Health) { h.Stopping() }, 200, 503, 503, "stopping"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state := health.New(health.NewTokens(0, slog.New(slog.DiscardHandler)))
			test.prepare(state)
			for path, want := range map[string]int{"/livez": test.live, "/readyz": test.ready, "/healthz": test.healthy, "/": http.StatusNotFound} {
				code, said := get(t, state, path)
				if code != want {
					t.Errorf("%s answers %d, want %d: %s", path, code, want, said)
				}
				if path == "/readyz" && (!strings.Contains(said, test.says) || strings.Contains(said, "10.0.0.1")) {
					t.Errorf("%s says %q, want %q", path, said, test.says)
				}
			}
		})
	}
}

// TestHealth_ManyProbesAtOnce_AskTemporalOnce, and one that gives up takes no answer from the others.
func TestHealth_ManyProbesAtOnce_AskTemporalOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		state := health.New(health.NewTokens(0, slog.New(slog.DiscardHandler)))
		state.Connected(func(ctx context.Context) error {
			asked.Add(1)
			time.Sleep(100 * time.Millisecond)
			return ctx.Err()
		})
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				if code, said := get(t, state, "/readyz"); code != http.StatusOK {
					t.Errorf("it answers %d: %s", code, said)
				}
			})
		}
		group.Wait()
		if asked.Load() != 1 {
			t.Errorf("Temporal was asked %d times", asked.Load())
		}
		time.Sleep(2 * time.Second)
		get(t, state, "/readyz")
		if asked.Load() != 2 {
			t.Errorf("two seconds later Temporal was asked %d times", asked.Load())
		}
	})
}

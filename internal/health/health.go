// Package health answers those who ask about a worker: whether the process lives, and whether it can work.
package health

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Within bounds one question about health.
const Within = 3 * time.Second

// askedEvery is how often Temporal is asked at the most, whatever the number of probes.
const askedEvery = 2 * time.Second

// Health is what is known of a worker.
type Health struct {
	tokens *Tokens

	// asking holds one while Temporal is asked: probes that come meanwhile wait for the same answer.
	asking chan struct{}
	asked  time.Time
	answer error

	mutex    sync.Mutex
	ask      func(context.Context) error
	stopping bool
}

// New is the health of a worker that isn't connected yet.
func New(tokens *Tokens) *Health {
	return &Health{tokens: tokens, asking: make(chan struct{}, 1), ask: func(context.Context) error { return errors.New("not connected yet") }}
}

// Connected says how to ask Temporal whether it is there.
func (h *Health) Connected(ask func(context.Context) error) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.ask = ask
}

// Stopping says that the worker takes no more work.
func (h *Health) Stopping() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.stopping = true
}

// Handler serves GET /livez, /readyz and /healthz.
func (h *Health) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { respond(w, []string{"ok"}, true) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		lines, well := h.ready(r.Context())
		respond(w, lines, well)
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		line, well := h.temporal(r.Context())
		respond(w, []string{line}, well)
	})
	return mux
}

func respond(w http.ResponseWriter, lines []string, well bool) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if !well {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = fmt.Fprintln(w, strings.Join(lines, "\n"))
}

// ready is a line for everything that work needs, and whether all of it is there.
func (h *Health) ready(ctx context.Context) (lines []string, well bool) {
	h.mutex.Lock()
	stopping := h.stopping
	h.mutex.Unlock()
	if stopping {
		return []string{"stopping: the worker takes no more work"}, false
	}
	first, connected := h.temporal(ctx)
	lines, work := h.tokens.Report()
	return append([]string{first}, lines...), connected && work
}

// temporal says whether Temporal answers.
func (h *Health) temporal(ctx context.Context) (line string, well bool) {
	h.asking <- struct{}{}
	defer func() { <-h.asking }()
	if h.asked.IsZero() || time.Since(h.asked) >= askedEvery {
		h.answer = h.question(ctx)
		h.asked = time.Now()
	}
	if h.answer != nil {
		return "temporal: it doesn't answer", false
	}
	return "temporal: ok", true
}

// question asks Temporal. A probe that gives up doesn't end it: others wait for its answer too.
func (h *Health) question(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Within)
	defer cancel()
	h.mutex.Lock()
	ask := h.ask
	h.mutex.Unlock()
	return ask(ctx)
}

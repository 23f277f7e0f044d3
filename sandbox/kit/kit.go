// Package kit is what every simulated service of the sandbox shares: a journal of the requests it
// got, faults that a test or a curious person can inject, latency, and a certificate authority of its own.
package kit

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"
)

// Simulator is one simulated service: an Okta org, the Cloudflare API, or an Access login domain.
type Simulator interface {
	http.Handler
	// State is everything that the service holds, in a form that encodes to the same JSON for the same
	// resources: sorted, without clocks, and with secrets as hashes only.
	State() any
	// Reset takes the service back to what it was seeded with.
	Reset()
}

// StatusWriter is what a Simulator implements to give an injected status the body that the real service
// would answer with. It is asked only where the fault has no body of its own.
type StatusWriter interface {
	WriteStatus(w http.ResponseWriter, r *http.Request, status int)
}

// Gate is what a Simulator implements that limits how many requests are under way at the same time.
type Gate interface {
	// Enter is told of a request as soon as it comes in: before latency or a fault has it wait. The simulator serves
	// the request that it returns, and leave is called when the client has been answered, or never will be.
	Enter(r *http.Request) (entered *http.Request, leave func())
}

// Observer sees every answer that a simulator gives: the request (its body can be read again), the
// status, the headers and the body. Answers made by a fault are not the simulator's, and are left out.
type Observer func(request *http.Request, status int, header http.Header, body []byte)

// Option changes how Wrap serves a simulator.
type Option func(*Server)

// WithObserver shows every answer of the simulator to the observer.
func WithObserver(observer func(*http.Request, int, http.Header, []byte)) Option {
	return func(s *Server) { s.observers = append(s.observers, observer) }
}

// WithLatency waits this long before each answer, as a network would.
func WithLatency(latency time.Duration) Option {
	return func(s *Server) { s.SetLatency(latency) }
}

// Server serves a simulator with the journal, the faults and the /_sandbox/ endpoints.
type Server struct {
	simulator Simulator
	observers []Observer
	latency   atomic.Int64
	journal   journal
	faults    faults
	late      lateRequests
	hands     hands
	endpoints http.Handler
}

// Wrap serves the simulator with the journal, the faults and the /_sandbox/ endpoints.
func Wrap(simulator Simulator, options ...Option) *Server {
	s := &Server{simulator: simulator}
	for _, option := range options {
		option(s)
	}
	s.endpoints = s.newEndpoints()
	return s
}

// SetLatency changes the time that passes before each answer, from the next request on.
func (s *Server) SetLatency(latency time.Duration) { s.latency.Store(int64(latency)) }

// ServeHTTP answers as the simulator does, unless a fault says otherwise.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/_sandbox/") {
		s.endpoints.ServeHTTP(w, r)
		return
	}
	entry := Request{Method: r.Method, Path: r.URL.RequestURI(), Time: time.Now()}
	if gate, ok := s.simulator.(Gate); ok {
		entered, leave := gate.Enter(r)
		defer leave()
		r = entered
	}
	// The body is read up front: the server notices that a client went away only once it has been.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.journal.add(entry)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if !wait(r, time.Duration(s.latency.Load())) {
		s.journal.add(entry)
		return
	}
	found := s.faults.take(r)
	r = found.attach(r)
	s.act(found.before, r, body, nil)
	if found.fault != nil {
		s.serveFault(w, r, body, *found.fault, entry)
		return
	}
	s.answer(w, s.execute(r, body, &entry), entry)
}

// execute has the simulator answer, keeps the answer back, and notes in the entry when that began and ended.
func (s *Server) execute(r *http.Request, body []byte, entry *Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	entry.BegunAt = time.Now()
	s.simulator.ServeHTTP(recorder, r)
	entry.ExecutedAt = time.Now()
	for _, observe := range s.observers {
		r.Body = io.NopCloser(bytes.NewReader(body))
		observe(r, recorder.Code, recorder.Result().Header, recorder.Body.Bytes())
	}
	s.act(strikeOf(r).after, r, body, recorder)
	return recorder
}

// answer sends what was kept back. The journal has the entry before the client has the answer, so that
// who reads the journal after a call finds the call there.
func (s *Server) answer(w http.ResponseWriter, recorder *httptest.ResponseRecorder, entry Request) {
	entry.Status = recorder.Code
	s.journal.add(entry)
	send(w, recorder)
}

// send gives the client an answer that was kept back.
func send(w http.ResponseWriter, recorder *httptest.ResponseRecorder) {
	for name, values := range recorder.Result().Header {
		w.Header()[name] = values
	}
	w.WriteHeader(recorder.Code)
	_, _ = w.Write(recorder.Body.Bytes()) // a client that left is no concern of ours
}

// wait lets the time pass, and reports false when the client went away meanwhile.
func wait(r *http.Request, delay time.Duration) bool {
	if delay <= 0 {
		return true
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

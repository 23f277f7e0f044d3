package kit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
)

// HandRequest is something that someone does by hand, as a request to a service.
type HandRequest struct {
	Method string `json:"method"`
	// Path has the query too, if any.
	Path string          `json:"path"`
	Body json.RawMessage `json:"body,omitempty"`
}

// Answer is a service's to a request.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Hand is what was done by hand, and what came of it.
type Hand struct {
	HandRequest
	Status int `json:"status"`
	// Answer is the body of a refusal; empty where nothing was refused.
	Answer string `json:"answer,omitempty"`
}

// hands remember what was done by hand. The zero value is empty and ready.
type hands struct {
	mutex sync.Mutex
	done  []Hand
}

func (h *hands) add(done Hand) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.done = append(h.done, done)
}

func (h *hands) clear() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.done = nil
}

type byHandKey struct{}

// IsByHand reports whether the request is someone's change by hand: a simulator lets it in without a token, and
// doesn't count it.
func IsByHand(r *http.Request) bool { return r.Context().Value(byHandKey{}) != nil }

// ByHand has the simulator carry out a request as an administrator's: without a token, faults or rate limits, and not in
// the journal. Hands remembers it.
func (s *Server) ByHand(request HandRequest) Answer {
	ctx := context.WithValue(context.Background(), byHandKey{}, true)
	made, err := http.NewRequestWithContext(ctx, request.Method, request.Path, bytes.NewReader(request.Body))
	if err != nil {
		s.hands.add(Hand{HandRequest: request, Answer: err.Error()})
		return Answer{Body: []byte(err.Error())}
	}
	made.RequestURI = request.Path
	made.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	s.simulator.ServeHTTP(recorder, made)
	done := Hand{HandRequest: request, Status: recorder.Code}
	if recorder.Code >= http.StatusBadRequest {
		done.Answer = recorder.Body.String()
	}
	s.hands.add(done)
	return *answerOf(recorder)
}

// Hands are what was done by hand, the oldest first: a test sees there what a service refused.
func (s *Server) Hands() []Hand {
	s.hands.mutex.Lock()
	defer s.hands.mutex.Unlock()
	return append([]Hand{}, s.hands.done...)
}

// act has the changes made that belong to a request; the recorder has the answer to it, where there is one.
func (s *Server) act(faults []Fault, r *http.Request, body []byte, recorder *httptest.ResponseRecorder) {
	for _, fault := range faults {
		for _, request := range fault.Do {
			s.ByHand(request)
		}
		if fault.Act != nil {
			r.Body = io.NopCloser(bytes.NewReader(body))
			fault.Act(r, answerOf(recorder))
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
}

func answerOf(recorder *httptest.ResponseRecorder) *Answer {
	if recorder == nil {
		return nil
	}
	return &Answer{recorder.Code, recorder.Result().Header, bytes.Clone(recorder.Body.Bytes())}
}

// checkHand refuses a change by hand that can't be made.
func (f Fault) checkHand() error {
	switch {
	case f.Kind != KindHand:
		return nil
	case f.When != "" && f.When != WhenBefore && f.When != WhenAfter:
		return fmt.Errorf("when %q is not %s or %s", f.When, WhenBefore, WhenAfter)
	case len(f.Do) == 0 && f.Act == nil:
		return fmt.Errorf("kind %s needs something to do", f.Kind)
	}
	for _, request := range f.Do {
		if _, err := url.ParseRequestURI(request.Path); err != nil || request.Method == "" || !strings.HasPrefix(request.Path, "/") {
			return fmt.Errorf("to do %q %q: it needs a method, and a path that starts with /", request.Method, request.Path)
		}
	}
	return nil
}

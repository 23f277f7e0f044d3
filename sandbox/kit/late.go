package kit

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// lateRequests are those that came in and weren't carried out yet. The zero value has none.
type lateRequests struct {
	mutex   sync.Mutex
	pending map[*lateRequest]bool
	// changed is closed when one of them is over; nil while nobody waits for that.
	changed chan struct{}
}

// lateRequest is carried out when its timer says so.
type lateRequest struct {
	timer *time.Timer
	// done is closed when the request was carried out, or never will be.
	done chan struct{}
	// answer is nil until then, and for ever where it never will be.
	answer *httptest.ResponseRecorder
}

// serveLate notes the request at once, and has it carried out later. The client may stay for the answer.
func (s *Server) serveLate(w http.ResponseWriter, r *http.Request, body []byte, fault Fault, entry Request) {
	line := s.journal.add(entry)
	// The request outlives the connection that it came by.
	detached := r.Clone(context.WithoutCancel(r.Context()))
	detached.Body = io.NopCloser(bytes.NewReader(body))
	late := s.late.add(time.Duration(fault.Delay), func() *httptest.ResponseRecorder {
		answer := s.execute(detached, body, &entry)
		s.journal.change(line, func(line *Request) { line.BegunAt, line.ExecutedAt = entry.BegunAt, entry.ExecutedAt })
		return answer
	})
	if fault.Cut {
		cut(w)
		return
	}
	select {
	case <-r.Context().Done():
	case <-late.done:
		if late.answer == nil {
			cut(w)
			return
		}
		s.answerLater(w, late.answer, line)
	}
}

// answerLater sends an answer to a request that the journal has already.
func (s *Server) answerLater(w http.ResponseWriter, recorder *httptest.ResponseRecorder, line *Request) {
	s.journal.change(line, func(line *Request) {
		line.Status, line.Duration = recorder.Code, time.Since(line.Time)
	})
	send(w, recorder)
}

// add has something done after the delay, unless it is dropped before.
func (l *lateRequests) add(delay time.Duration, execute func() *httptest.ResponseRecorder) *lateRequest {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	late := &lateRequest{done: make(chan struct{})}
	if l.pending == nil {
		l.pending = map[*lateRequest]bool{}
	}
	l.pending[late] = true
	late.timer = time.AfterFunc(delay, func() {
		late.answer = execute()
		l.mutex.Lock()
		defer l.mutex.Unlock()
		l.end(late)
	})
	return late
}

// end takes a request out of those that are pending. The mutex is held.
func (l *lateRequests) end(late *lateRequest) {
	delete(l.pending, late)
	close(late.done)
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// drop ends those whose time hasn't come.
func (l *lateRequests) drop() {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	for late := range l.pending {
		if late.timer.Stop() {
			l.end(late)
		}
	}
}

// state is how many are pending, and what is closed when that changes.
func (l *lateRequests) state() (int, <-chan struct{}) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return len(l.pending), l.changed
}

// Pending is how many late requests wait to be carried out.
func (s *Server) Pending() int {
	count, _ := s.late.state()
	return count
}

// Settle waits until no late request is pending any more.
func (s *Server) Settle(ctx context.Context) error {
	for {
		count, changed := s.late.state()
		if count == 0 {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// DropLate forgets the late requests that weren't carried out yet; a client that still waits for the answer is cut off.
// One that is being carried out just now is waited for: after DropLate, nothing changes by itself.
func (s *Server) DropLate() {
	for {
		s.late.drop()
		count, changed := s.late.state()
		if count == 0 {
			return
		}
		<-changed
	}
}

package kit

import (
	"slices"
	"sync"
	"time"
)

// Request is one line of the journal.
type Request struct {
	Method string `json:"method"`
	// Path has the raw query too.
	Path string `json:"path"`
	// Status is 0 where the client never got an answer.
	Status int `json:"status"`
	// Time is when the request came in.
	Time time.Time `json:"time"`
	// BegunAt is when the simulator began to do what was asked: it had to see whatever was changed before. Absent where it never did.
	BegunAt time.Time `json:"begun_at,omitzero"`
	// ExecutedAt is when the simulator had done what was asked; absent where it hasn't.
	ExecutedAt time.Time `json:"executed_at,omitzero"`
	// Duration is how long the answer took, injected delays included.
	Duration time.Duration `json:"duration_ns"`
}

// journal remembers the requests. Its zero value is empty and ready.
type journal struct {
	mutex    sync.Mutex
	requests []*Request
}

// add notes a request, and gives the line, which change can change.
func (j *journal) add(request Request) *Request {
	request.Duration = time.Since(request.Time)
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.requests = append(j.requests, &request)
	return &request
}

// change changes a line that may have been read already.
func (j *journal) change(line *Request, change func(*Request)) {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	change(line)
}

func (j *journal) clear() {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.requests = nil
}

// Requests is a copy of the journal, in the order in which the requests came in.
func (s *Server) Requests() []Request {
	s.journal.mutex.Lock()
	defer s.journal.mutex.Unlock()
	requests := make([]Request, 0, len(s.journal.requests))
	for _, line := range s.journal.requests {
		requests = append(requests, *line)
	}
	slices.SortStableFunc(requests, func(a, b Request) int { return a.Time.Compare(b.Time) })
	return requests
}

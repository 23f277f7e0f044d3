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
	// Duration is how long the answer took, injected delays included.
	Duration time.Duration `json:"duration_ns"`
}

// journal remembers the requests. Its zero value is empty and ready.
type journal struct {
	mutex    sync.Mutex
	requests []Request
}

func (j *journal) add(request Request) {
	request.Duration = time.Since(request.Time)
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.requests = append(j.requests, request)
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
	requests := append([]Request{}, s.journal.requests...)
	slices.SortStableFunc(requests, func(a, b Request) int { return a.Time.Compare(b.Time) })
	return requests
}

package kit

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// The kinds of faults.
const (
	// KindStatus answers with the fault's status; the simulator doesn't see the request.
	KindStatus = "status"
	// KindStatusAfter has the simulator do what was asked, then answers with the fault's status all the same.
	KindStatusAfter = "status_after"
	// KindDropBefore cuts the connection; the simulator doesn't see the request.
	KindDropBefore = "drop_before"
	// KindDropAfter has the simulator do what was asked, then cuts the connection before the answer.
	KindDropAfter = "drop_after"
	// KindDelay waits, then has the simulator answer, unless the client went away meanwhile.
	KindDelay = "delay"
	// KindDelayAfter has the simulator do what was asked, then waits before the answer.
	KindDelayAfter = "delay_after"
	// KindLate has the simulator do what was asked after the delay, whether the client is still there or not. A client
	// that is gets the answer, unless Cut.
	KindLate = "late"
	// KindGarbage answers 200 with a body that isn't JSON; the simulator doesn't see the request.
	KindGarbage = "garbage"
)

var kinds = []string{
	KindStatus, KindStatusAfter, KindDropBefore, KindDropAfter, KindDelay, KindDelayAfter, KindLate, KindGarbage,
}

// Fault is something that goes wrong with matching requests.
type Fault struct {
	// Method matches any method when empty.
	Method string `json:"method,omitempty"`
	// Path is a glob for the path, or for the path with its query: * stands for any characters, also "/",
	// and ? for one. Empty matches any path.
	Path string `json:"path,omitempty"`
	// Skip lets this many matching requests pass first.
	Skip int `json:"skip,omitempty"`
	// Count is how many requests it strikes; 0 is for ever.
	Count int `json:"count,omitempty"`
	// Kind is one of the Kind constants.
	Kind string `json:"kind"`
	// Status, for KindStatus and KindStatusAfter.
	Status int `json:"status,omitempty"`
	// Body, for KindStatus, KindStatusAfter and KindGarbage. When empty, it is the simulator's own for that status.
	Body string `json:"body,omitempty"`
	// Headers of the answer, for KindStatus, KindStatusAfter and KindGarbage.
	Headers map[string]string `json:"headers,omitempty"`
	// Delay, for KindDelay, KindDelayAfter and KindLate.
	Delay Duration `json:"delay,omitempty"`
	// Cut, for KindLate, cuts the connection at once; what was asked for is done later all the same.
	Cut bool `json:"cut,omitempty"`
}

// Duration is written in JSON as Go writes durations ("2s"), or as a number of milliseconds.
type Duration time.Duration

// MarshalJSON writes the duration as Go does: "2s".
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(time.Duration(d).String()) }

// UnmarshalJSON reads "2s", or a number of milliseconds.
func (d *Duration) UnmarshalJSON(data []byte) error {
	var milliseconds float64
	if json.Unmarshal(data, &milliseconds) == nil {
		*d = Duration(milliseconds * float64(time.Millisecond))
		return nil
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return fmt.Errorf("a delay is a text like \"2s\" or a number of milliseconds, not %s", data)
	}
	parsed, err := time.ParseDuration(text)
	*d = Duration(parsed)
	return err
}

// Validate says what is wrong with the fault.
func (f Fault) Validate() error {
	switch {
	case !slices.Contains(kinds, f.Kind):
		return fmt.Errorf("kind %q is not one of %s", f.Kind, strings.Join(kinds, ", "))
	case strings.HasPrefix(f.Kind, KindStatus) && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("kind %s needs a status from 200 to 599, not %d", f.Kind, f.Status)
	case (strings.HasPrefix(f.Kind, KindDelay) || f.Kind == KindLate) && f.Delay <= 0:
		return fmt.Errorf("kind %s needs a delay above 0", f.Kind)
	case f.Skip < 0 || f.Count < 0:
		return fmt.Errorf("skip %d and count %d must not be below 0", f.Skip, f.Count)
	case f.Cut && f.Kind != KindLate:
		return fmt.Errorf("cut is for kind %s, not for %s", KindLate, f.Kind)
	}
	return nil
}

func (f Fault) matches(r *http.Request) bool {
	if f.Method != "" && !strings.EqualFold(f.Method, r.Method) {
		return false
	}
	return f.Path == "" || glob(f.Path, r.URL.Path) || glob(f.Path, r.URL.RequestURI())
}

// glob reports whether the pattern matches the whole text. It isn't path.Match, because there * stops at
// a slash and a test would have to know how deep a path is.
func glob(pattern, text string) bool {
	star, resume := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// armed is a fault and what it has seen so far.
type armed struct {
	Fault
	passed, struck int
}

// faults are those that wait for a request. The zero value has none.
type faults struct {
	mutex sync.Mutex
	armed []*armed
}

// take gives the first fault that strikes the request, and counts.
func (f *faults) take(r *http.Request) (Fault, bool) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	for index, fault := range f.armed {
		if !fault.matches(r) {
			continue
		}
		if fault.passed < fault.Skip {
			fault.passed++
			continue
		}
		fault.struck++
		if fault.struck == fault.Count {
			f.armed = slices.Delete(f.armed, index, index+1)
		}
		return fault.Fault, true
	}
	return Fault{}, false
}

// Inject arms a fault. Faults strike in the order in which they were injected, one a request. It panics
// on a fault that Validate refuses: that is a mistake in the test.
func (s *Server) Inject(fault Fault) {
	if err := fault.Validate(); err != nil {
		panic("kit: " + err.Error())
	}
	s.faults.mutex.Lock()
	defer s.faults.mutex.Unlock()
	s.faults.armed = append(s.faults.armed, &armed{Fault: fault})
}

// ClearFaults disarms all faults.
func (s *Server) ClearFaults() {
	s.faults.mutex.Lock()
	defer s.faults.mutex.Unlock()
	s.faults.armed = nil
}

// Faults are those that still wait for a request.
func (s *Server) Faults() []Fault {
	s.faults.mutex.Lock()
	defer s.faults.mutex.Unlock()
	waiting := []Fault{}
	for _, fault := range s.faults.armed {
		waiting = append(waiting, fault.Fault)
	}
	return waiting
}

package kit

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
)

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

// strike is what the faults do to one request.
type strike struct {
	// fault decides how the request is answered; without one it is answered as it should be.
	fault *Fault
	// listing is how lists are shown.
	listing Listing
	// before and after are changes by hand.
	before, after []Fault
}

type strikeKey struct{}

// attach lets the simulator and what is done later see what strikes the request.
func (s strike) attach(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), strikeKey{}, s))
}

func strikeOf(r *http.Request) strike {
	found, _ := r.Context().Value(strikeKey{}).(strike)
	return found
}

// take gives what strikes the request, and counts: the first of the faults that decide how it is answered, and all of
// the others.
func (f *faults) take(r *http.Request) strike {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	var found strike
	f.armed = slices.DeleteFunc(f.armed, func(fault *armed) bool {
		taken := found.fault != nil && fault.decides()
		if taken || !fault.matches(r) {
			return false
		}
		if fault.passed < fault.Skip {
			fault.passed++
			return false
		}
		found.add(fault.Fault)
		fault.struck++
		return fault.struck == fault.Count
	})
	return found
}

func (s *strike) add(fault Fault) {
	switch {
	case fault.ofLists():
		s.listing.add(fault)
	case fault.decides():
		s.fault = &fault
	case fault.When == WhenAfter:
		s.after = append(s.after, fault)
	default:
		s.before = append(s.before, fault)
	}
}

// Inject arms a fault. Those that decide how a request is answered strike in the order in which they were injected, one a
// request; those of lists and those of hands strike beside them, all that match. It panics on a fault that Validate refuses, and on one of
// lists where the simulator has no lists: that is a mistake in the test.
func (s *Server) Inject(fault Fault) {
	if err := s.check(fault); err != nil {
		panic("kit: " + err.Error())
	}
	if lister, ok := s.simulator.(Lister); ok && fault.Kind == KindLag {
		lister.Watch(true)
	}
	s.faults.mutex.Lock()
	defer s.faults.mutex.Unlock()
	s.faults.armed = append(s.faults.armed, &armed{Fault: fault})
}

// check says why the fault can't be injected.
func (s *Server) check(fault Fault) error {
	if _, ok := s.simulator.(Lister); !ok && fault.ofLists() {
		return fmt.Errorf("kind %s: this service has no lists", fault.Kind)
	}
	return fault.Validate()
}

// ClearFaults disarms all faults. Lists tell the truth from then on.
func (s *Server) ClearFaults() {
	s.faults.clear()
	if lister, ok := s.simulator.(Lister); ok {
		lister.Watch(false)
	}
}

func (f *faults) clear() {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.armed = nil
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

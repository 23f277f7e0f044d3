package kit

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
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
	// KindLag has lists show only after the delay what was created, changed or deleted. What is asked for by its id
	// is right at once. What happened before the fault was injected isn't late.
	KindLag = "lag"
	// KindPages has lists hold less on a page than the client asks for, or move between the first page and the second.
	KindPages = "pages"
	// KindFiltered has lists leave things out, as for someone who may not see them. By its id each is still there.
	KindFiltered = "filtered"
	// KindHand has someone change something by hand, with all rights, just before or after the request is carried out.
	KindHand = "hand"
)

// When someone's hand changes something: as soon as the request comes in, or after it was carried out.
const (
	WhenBefore = "before"
	WhenAfter  = "after"
)

var (
	kinds = []string{
		KindStatus, KindStatusAfter, KindDropBefore, KindDropAfter, KindDelay, KindDelayAfter, KindLate, KindGarbage,
		KindLag, KindPages, KindFiltered, KindHand,
	}
	// listKinds change what lists show. They strike beside each other and beside one of the others.
	listKinds = []string{KindLag, KindPages, KindFiltered}
	// delayed are the kinds that need a delay.
	delayed = []string{KindDelay, KindDelayAfter, KindLate, KindLag}
)

// The changes that a list can be late with.
const (
	AfterCreate = "create"
	AfterUpdate = "update"
	AfterDelete = "delete"
)

var changes = []string{AfterCreate, AfterUpdate, AfterDelete}

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
	// Delay, for KindDelay, KindDelayAfter, KindLate and KindLag.
	Delay Duration `json:"delay,omitempty"`
	// Cut, for KindLate, cuts the connection at once; what was asked for is done later all the same.
	Cut bool `json:"cut,omitempty"`
	// After, for KindLag, are the changes that lists are late with: the After constants. Empty is all of them.
	After []string `json:"after,omitempty"`
	// PageSize, for KindPages, is the most that a page holds, whatever the client asks for; 0 leaves that to the client.
	PageSize int `json:"page_size,omitempty"`
	// Shift, for KindPages, moves the list between its first page and its second: 1 as if someone had just created
	// something at its start, so that the last item of the first page comes again; -1 as if someone had just
	// deleted something there, so that an item is skipped.
	Shift int `json:"shift,omitempty"`
	// Hide, for KindFiltered, are globs over the id or the name (an app's label) of what is left out.
	Hide []string `json:"hide,omitempty"`
	// When, for KindHand, is one of the When constants; empty is WhenBefore. What is never carried out has no after.
	When string `json:"when,omitempty"`
	// Do, for KindHand, are requests that are made to this service one after the other: see Server.ByHand.
	Do []HandRequest `json:"do,omitempty"`
	// Act, for KindHand, is called after those of Do. It gets the request, and the answer to it when When is
	// WhenAfter, before the client does. It may change other services too.
	Act func(request *http.Request, answer *Answer) `json:"-"`
}

// Validate says what is wrong with the fault.
func (f Fault) Validate() error {
	switch {
	case !slices.Contains(kinds, f.Kind):
		return fmt.Errorf("kind %q is not one of %s", f.Kind, strings.Join(kinds, ", "))
	case strings.HasPrefix(f.Kind, KindStatus) && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("kind %s needs a status from 200 to 599, not %d", f.Kind, f.Status)
	case slices.Contains(delayed, f.Kind) && f.Delay <= 0:
		return fmt.Errorf("kind %s needs a delay above 0", f.Kind)
	case f.Skip < 0 || f.Count < 0:
		return fmt.Errorf("skip %d and count %d must not be below 0", f.Skip, f.Count)
	}
	return errors.Join(f.checkOwners(), f.checkList(), f.checkHand())
}

// checkOwners refuses what belongs to another kind.
func (f Fault) checkOwners() error {
	for _, field := range []struct {
		name, kind string
		given      bool
	}{
		{"cut", KindLate, f.Cut},
		{"after", KindLag, len(f.After) > 0},
		{"page_size", KindPages, f.PageSize != 0},
		{"shift", KindPages, f.Shift != 0},
		{"hide", KindFiltered, len(f.Hide) > 0},
		{"when", KindHand, f.When != ""},
		{"do", KindHand, len(f.Do) > 0},
		{"a func", KindHand, f.Act != nil},
	} {
		if field.given && f.Kind != field.kind {
			return fmt.Errorf("%s is for kind %s, not for %s", field.name, field.kind, f.Kind)
		}
	}
	return nil
}

// checkList refuses a list that is shown in a way that it can't be.
func (f Fault) checkList() error {
	if f.ofLists() && f.Method != "" && !strings.EqualFold(f.Method, http.MethodGet) {
		return fmt.Errorf("kind %s is for GET, not for %s", f.Kind, f.Method)
	}
	switch {
	case f.PageSize < 0 || f.Shift < -1 || f.Shift > 1:
		return fmt.Errorf("page_size %d must not be below 0, and shift %d must be 1 or -1", f.PageSize, f.Shift)
	case f.Kind == KindPages && f.PageSize == 0 && f.Shift == 0:
		return fmt.Errorf("kind %s needs a page_size or a shift", f.Kind)
	case f.Kind == KindFiltered && len(f.Hide) == 0:
		return fmt.Errorf("kind %s needs something to hide", f.Kind)
	}
	for _, change := range f.After {
		if !slices.Contains(changes, change) {
			return fmt.Errorf("after %q is not one of %s", change, strings.Join(changes, ", "))
		}
	}
	return nil
}

// ofLists reports whether the fault changes what lists show.
func (f Fault) ofLists() bool { return slices.Contains(listKinds, f.Kind) }

// decides reports whether the fault decides how a request is answered: only one of those strikes it.
func (f Fault) decides() bool { return !f.ofLists() && f.Kind != KindHand }

func (f Fault) matches(r *http.Request) bool {
	if f.ofLists() && r.Method != http.MethodGet || f.Method != "" && !strings.EqualFold(f.Method, r.Method) {
		return false
	}
	return f.Path == "" || glob(f.Path, r.URL.Path) || glob(f.Path, r.URL.RequestURI())
}

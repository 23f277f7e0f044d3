package kit

import (
	"net/http"
	"slices"
	"time"
)

// Lister is what a Simulator implements whose lists are shown as the faults want them: it asks ListingOf.
type Lister interface {
	// Watch has the simulator remember from now on what its lists would show and when that changed, for lists that lag;
	// or has it forget. A simulator that remembers already goes on with that.
	Watch(on bool)
}

// Listing is how a list is shown to one request because of faults. The zero value is the list as it is.
type Listing struct {
	created, updated, deleted time.Duration
	// Shift is how much the list has moved since its first page was shown: see Fault.
	Shift    int
	pageSize int
	hidden   []string
}

// ListingOf is how lists are shown to the request.
func ListingOf(r *http.Request) Listing { return strikeOf(r).listing }

// add puts a fault of lists to those that are there.
func (l *Listing) add(fault Fault) {
	switch fault.Kind {
	case KindPages:
		l.Shift += fault.Shift
		if fault.PageSize > 0 {
			l.pageSize = l.PageSize(fault.PageSize)
		}
	case KindFiltered:
		l.hidden = append(l.hidden, fault.Hide...)
	default:
		l.addLag(fault)
	}
}

// addLag keeps the longest lag of each change: that is the one that a client sees.
func (l *Listing) addLag(fault Fault) {
	for change, lag := range map[string]*time.Duration{
		AfterCreate: &l.created, AfterUpdate: &l.updated, AfterDelete: &l.deleted,
	} {
		if len(fault.After) == 0 || slices.Contains(fault.After, change) {
			*lag = max(*lag, time.Duration(fault.Delay))
		}
	}
}

// PageSize is how much a page holds that would hold so much.
func (l Listing) PageSize(size int) int {
	if l.pageSize > 0 {
		return min(size, l.pageSize)
	}
	return size
}

// Hides reports whether the list leaves out what has the id and the name.
func (l Listing) Hides(id, name string) bool {
	return slices.ContainsFunc(l.hidden, func(pattern string) bool { return glob(pattern, id) || glob(pattern, name) })
}

// Lags reports whether the list is late with anything.
func (l Listing) Lags() bool { return max(l.created, l.updated, l.deleted) > 0 }

func (l Listing) lag(change string) time.Duration {
	return map[string]time.Duration{AfterCreate: l.created, AfterUpdate: l.updated, AfterDelete: l.deleted}[change]
}

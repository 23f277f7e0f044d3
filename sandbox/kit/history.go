package kit

import "time"

// History is what one list would show and when that changed, so that a list can be shown that is late. The zero value
// is empty and ready. It isn't safe for concurrent use.
type History[V any] struct {
	// order has the ids in the order in which they were first there.
	order   []string
	changes map[string][]change[V]
}

// Item is something in a list.
type Item[V any] struct {
	ID string
	// Digest differs whenever what is shown differs.
	Digest string
	// Value must not change any more.
	Value V
}

// change is what became of an item at a time.
type change[V any] struct {
	kind   string
	at     time.Time
	digest string
	value  V
}

// Record compares what is there with what was there last, and notes what was created, changed or deleted at a time.
func (h *History[V]) Record(at time.Time, items []Item[V]) {
	if h.changes == nil {
		h.changes = map[string][]change[V]{}
	}
	there := map[string]bool{}
	for _, item := range items {
		there[item.ID] = true
		if _, known := h.changes[item.ID]; !known {
			h.order = append(h.order, item.ID)
		}
		if kind := h.changeTo(item); kind != "" {
			h.changes[item.ID] = append(h.changes[item.ID], change[V]{kind, at, item.Digest, item.Value})
		}
	}
	for id := range h.changes {
		if !there[id] && !h.gone(id) {
			h.changes[id] = append(h.changes[id], change[V]{kind: AfterDelete, at: at})
		}
	}
}

// gone reports whether an item isn't there as far as was recorded.
func (h *History[V]) gone(id string) bool {
	all := h.changes[id]
	return len(all) == 0 || all[len(all)-1].kind == AfterDelete
}

// changeTo is what happened to an item since it was recorded last; empty where nothing did.
func (h *History[V]) changeTo(item Item[V]) string {
	if h.gone(item.ID) {
		return AfterCreate
	}
	if all := h.changes[item.ID]; all[len(all)-1].digest != item.Digest {
		return AfterUpdate
	}
	return ""
}

// Shown is what the list shows to a request at a time: each change from its time and the listing's lag on.
func (h *History[V]) Shown(now time.Time, listing Listing) []V {
	shown := []V{}
	for _, id := range h.order {
		var last *change[V]
		for index := range h.changes[id] {
			next := &h.changes[id][index]
			if next.at.Add(listing.lag(next.kind)).After(now) || next.kind == AfterUpdate && last == nil {
				continue
			}
			last = next
			if next.kind == AfterDelete {
				last = nil
			}
		}
		if last != nil {
			shown = append(shown, last.value)
		}
	}
	return shown
}

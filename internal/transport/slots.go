package transport

import "context"

// slots bound how many requests are under way at the same time; nil bounds nothing.
type slots chan struct{}

func newSlots(most int) slots {
	if most <= 0 {
		return nil
	}
	return make(slots, most)
}

// take waits for a slot, or for the context's end. The caller gives the slot back.
func (s slots) take(ctx context.Context) (giveBack func(), err error) {
	if s == nil {
		return func() {}, nil
	}
	select {
	case s <- struct{}{}:
		return func() { <-s }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

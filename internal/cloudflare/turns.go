package cloudflare

import (
	"context"
	"sync"
)

// turns let one caller at a time change a thing that is read and written back as a whole: of two at once, one would lose its change.
type turns struct {
	mutex sync.Mutex
	taken map[string]chan struct{}
}

func newTurns() *turns { return &turns{taken: map[string]chan struct{}{}} }

// take waits for the thing's turn, or for the context's end. The caller gives the turn back.
func (t *turns) take(ctx context.Context, id string) (giveBack func(), err error) {
	t.mutex.Lock()
	turn, known := t.taken[id]
	if !known {
		turn = make(chan struct{}, 1)
		t.taken[id] = turn
	}
	t.mutex.Unlock()
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

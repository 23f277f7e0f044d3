package transport

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// shortWait is how long a request waits here for its bucket to fill again. A longer wait is given back to Temporal, which
// holds no worker slot for it.
const shortWait = 2 * time.Second

// pace holds requests back when the provider has said that a rate-limit bucket is empty: each one sent then would be
// refused, and at Cloudflare would prolong the block.
type pace struct {
	mu    sync.Mutex
	until map[string]time.Time
}

func newPace() *pace { return &pace{until: map[string]time.Time{}} }

// wait holds the request back while its bucket is empty, if that is short; else it returns how long that will be.
func (p *pace) wait(ctx context.Context, bucket string) time.Duration {
	left := p.left(bucket)
	if left <= 0 {
		return 0
	}
	if left > shortWait {
		return left
	}
	timer := time.NewTimer(left)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
	return 0
}

// left is how long the bucket stays empty; not above 0 where it isn't.
func (p *pace) left(bucket string) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return time.Until(p.until[bucket])
}

// heed notes what an answer's headers say about the bucket.
func (p *pace) heed(bucket string, response *http.Response, limit func(http.Header) (int, time.Duration)) {
	left, reset := limit(response.Header)
	if reset <= 0 || (left != 0 && response.StatusCode != http.StatusTooManyRequests) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until[bucket] = time.Now().Add(reset)
}

package okta

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// planConcurrency is how many requests an org has under way at the same time, by Okta's published limits.
var planConcurrency = map[string]int{"integrator-free": 15, "one-app": 35, "enterprise": 75, "workforce": 75, "": 75}

// concurrency counts the requests to the management API that are under way. It has a lock of its own: those that
// wait for the org's are under way too.
type concurrency struct {
	most int

	mu       sync.Mutex
	underWay int
}

// newConcurrency takes the plan's limit where none is given. An org without any other limit has none.
func newConcurrency(config Config, l *limiter) *concurrency {
	most := config.Concurrent
	if most == 0 {
		most = planConcurrency[config.Plan]
		if l.boundless() {
			most = -1
		}
	}
	if most < 0 {
		most = boundless
	}
	return &concurrency{most: most}
}

// enter counts a request, unless there are too many.
func (c *concurrency) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.underWay >= c.most {
		return false
	}
	c.underWay++
	return true
}

func (c *concurrency) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.underWay--
}

// exceeded is what the headers tell whom the limit refuses. When another request is over can't be known: the reset
// is a guess.
func (c *concurrency) exceeded(now time.Time) allowance {
	return allowance{limit: c.most, remaining: 0, reset: now.Add(time.Second), refused: true}
}

// entryKey is where a request's context has whether it was let in.
type entryKey struct{}

// Enter counts a request to the management API from when it comes in, before anything has it wait. One too many is
// refused when it is served.
func (o *Org) Enter(r *http.Request) (entered *http.Request, leave func()) {
	if !isManagement(r.URL.Path) || kit.IsByHand(r) {
		return r, func() {}
	}
	in := o.concurrency.enter()
	leave = o.concurrency.leave
	if !in {
		leave = func() {}
	}
	return r.WithContext(context.WithValue(r.Context(), entryKey{}, in)), leave
}

// entered makes sure that a request was counted: one that no kit.Server stands before wasn't.
func (o *Org) entered(r *http.Request) (*http.Request, func()) {
	if _, counted := r.Context().Value(entryKey{}).(bool); counted {
		return r, func() {}
	}
	return o.Enter(r)
}

// isTooMany reports whether there were as many as there may be when the request came in.
func isTooMany(r *http.Request) bool {
	in, counted := r.Context().Value(entryKey{}).(bool)
	return counted && !in
}

func isManagement(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, BucketClients)
}

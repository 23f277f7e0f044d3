package transport

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// Guard is asked before each request that changes something. An error holds the request back: nothing was sent.
type Guard func(context.Context) (Permit, error)

// Permit lets a change be sent.
type Permit struct {
	// Settle is called when the request has ended, with its failure or nil.
	Settle func(failure *Error)
	// For is how long the permit holds. A machine may be paused between the guard's word and the moment when the request is sent, and
	// another take the step over meanwhile. 0 is without end.
	For time.Duration
}

type guardKey struct{}

// Guarded returns a context whose changes are guarded.
func Guarded(ctx context.Context, guard Guard) context.Context {
	return context.WithValue(ctx, guardKey{}, guard)
}

// guard asks the context's guard, if there is one.
func guard(ctx context.Context) (Permit, error) {
	if ask, guarded := ctx.Value(guardKey{}).(Guard); guarded {
		return ask(ctx)
	}
	return Permit{Settle: func(*Error) {}}, nil
}

var errExpired = errors.New("this worker was paused for longer than Temporal waits for it, and another may have taken the step over")

// watch has the permit looked at once more when the request's body is about to be written, the last moment before it is sent. It
// returns what reports whether that was too late. A request without a body names what it changes, and does no harm a second time.
func (p Permit) watch(request *http.Request) (expired func() bool) {
	var late atomic.Bool
	if p.For == 0 || request.Body == nil || request.Body == http.NoBody {
		return late.Load
	}
	given := time.Now()
	watched := func(body io.ReadCloser) io.ReadCloser {
		return &watchedBody{ReadCloser: body, check: func() error {
			// A machine that is suspended can stop its monotonic clock, so the other is looked at too.
			now := time.Now()
			if max(now.Sub(given), now.Round(0).Sub(given.Round(0))) <= p.For {
				return nil
			}
			late.Store(true)
			return errExpired
		}}
	}
	request.Body = watched(request.Body)
	if again := request.GetBody; again != nil {
		request.GetBody = func() (io.ReadCloser, error) {
			body, err := again()
			return watched(body), err
		}
	}
	return late.Load
}

// watchedBody is a request's body that is sent only after a check.
type watchedBody struct {
	io.ReadCloser
	check func() error
	began bool
}

// Read gives the body, after the check.
func (b *watchedBody) Read(into []byte) (int, error) {
	if !b.began {
		if err := b.check(); err != nil {
			return 0, err
		}
		b.began = true
	}
	return b.ReadCloser.Read(into)
}

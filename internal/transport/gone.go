package transport

import (
	"context"
	"net/http"
	"time"
)

// The pauses between looks at what was deleted.
const (
	firstPause = 50 * time.Millisecond
	settle     = 3 * time.Second
)

// ProveGone reads what was deleted until the provider says that there is none: an accepted delete is no proof. It pauses longer and
// longer, no longer than within altogether; 0 is 3 seconds. What can still be read then is a failure that may pass.
func ProveGone(ctx context.Context, dialect Dialect, at string, within time.Duration, read func() error) error {
	if within == 0 {
		within = settle
	}
	for pause := firstPause; ; pause *= 2 {
		if err := read(); Is(err, NotFound) {
			return nil
		} else if err != nil {
			return err
		}
		if pause > within {
			return &Error{
				Provider: dialect.Provider, Method: http.MethodDelete, Path: at, Kind: Unavailable,
				Summary: dialect.name() + " accepted the deletion, and yet it can still be read",
			}
		}
		within -= pause
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

package cloudflare

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// limitWindow is how long a token's requests are counted together, and how long it is shut out afterwards.
const limitWindow = 5 * time.Minute

// window is what a token has used of its limit. The documents don't say whether the real window slides;
// this one is fixed, and begins anew when the limit is passed.
type window struct {
	used    int
	ends    time.Time
	blocked bool
}

func (a *API) limit() int {
	switch a.config.Limit {
	case 0:
		return 1200
	default:
		return a.config.Limit
	}
}

// admit counts the request, sets the limit's headers, and answers 429 where the limit is passed.
func (a *API) admit(w http.ResponseWriter, r *http.Request) bool {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	current := a.window(r)
	if a.limit() >= 0 {
		current.used++
		if current.used > a.limit() && !current.blocked {
			current.blocked = true
			current.ends = a.clock().Add(limitWindow)
		}
	}
	a.writeLimit(w.Header(), current)
	if !current.blocked {
		return true
	}
	w.Header().Set("Retry-After", strconv.Itoa(current.seconds(a.clock())))
	failTooMany().write(w)
	return false
}

// window is that of the request's token; requests without one share one.
func (a *API) window(r *http.Request) *window {
	token := r.Header.Get("Authorization")
	current, ok := a.windows[token]
	if !ok || !a.clock().Before(current.ends) {
		current = &window{ends: a.clock().Add(limitWindow)}
		a.windows[token] = current
	}
	return current
}

// seconds until the window ends, rounded up: who waits this long is let in.
func (w *window) seconds(now time.Time) int {
	return int((w.ends.Sub(now) + time.Second - 1) / time.Second)
}

func (a *API) writeLimit(header http.Header, current *window) {
	quota := a.limit()
	if quota < 0 {
		quota = 1200
	}
	remaining := max(quota-current.used, 0)
	header.Set("Ratelimit", fmt.Sprintf(`"default";r=%d;t=%d`, remaining, current.seconds(a.clock())))
	header.Set("Ratelimit-Policy", fmt.Sprintf(`"default";q=%d;w=%d`, quota, int(limitWindow.Seconds())))
}

// failTooMany has the code and the message that people report from Access; the documents give neither.
func failTooMany() reply {
	return fail(http.StatusTooManyRequests, 971, "Please wait and consider throttling your request speed")
}

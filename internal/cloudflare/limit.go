package cloudflare

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// maxReset bounds what is believed of a reset time; Cloudflare blocks for five minutes.
const maxReset = 6 * time.Minute

// quota is what is left of a rate limit, -1 where that isn't said, and the time until it fills again.
type quota struct {
	left  int
	reset time.Duration
}

// limit reads Ratelimit: "default";r=50;t=30, of which there can be several, and Retry-After, which is stronger. It knows the forms
// of earlier drafts of that header too: limit=100, remaining=50, reset=30, and a header for each of these.
func limit(header http.Header) (left int, reset time.Duration) {
	least, draft := quota{left: -1}, quota{left: -1}
	for _, item := range strings.Split(strings.Join(header.Values("Ratelimit"), ","), ",") {
		policy := quota{left: -1}
		for _, parameter := range strings.Split(item, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
			switch strings.ToLower(name) {
			case "r":
				policy.left = count(value)
			case "t":
				policy.reset, _ = transport.Seconds(value, maxReset)
			case "remaining":
				draft.left = count(value)
			case "reset":
				draft.reset, _ = transport.Seconds(value, maxReset)
			}
		}
		least = least.orTighter(policy)
	}
	single := quota{left: count(header.Get("Ratelimit-Remaining"))}
	single.reset, _ = transport.Seconds(header.Get("Ratelimit-Reset"), maxReset)
	least = least.orTighter(draft).orTighter(single)
	if after, said := transport.RetryAfter(header, maxReset); said && after > 0 {
		least.reset = after
	}
	return least.left, least.reset
}

// orTighter is the quota that holds more back.
func (q quota) orTighter(other quota) quota {
	if other.left == q.left && other.reset > q.reset {
		return other
	}
	if other.left >= 0 && (q.left < 0 || other.left < q.left) {
		return other
	}
	return q
}

// count reads a number of requests; -1 is none.
func count(text string) int {
	number, err := strconv.Atoi(text)
	if err != nil || number < 0 {
		return -1
	}
	return number
}

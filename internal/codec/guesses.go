package codec

import (
	"maps"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// A caller may be wrong about the token some times, as people are, and then once in a while. Only callers that are wrong are counted, by
// their address, so that no one can keep those out who know the token.
const (
	freeGuesses = 10
	guessEvery  = 5 * time.Second
	// mostGuessers bounds how many addresses are remembered. Those that come then share one count.
	mostGuessers = 10_000
)

// guesses counts the wrong tokens of each address.
type guesses struct {
	now   func() time.Time
	mutex sync.Mutex
	wrong map[string]guess
}

// guess is how many wrong tokens an address is charged with; one is forgiven every guessEvery.
type guess struct {
	count float64
	at    time.Time
}

func newGuesses(now func() time.Time) *guesses {
	if now == nil {
		now = time.Now
	}
	return &guesses{now: now, wrong: map[string]guess{}}
}

// try reports whether a caller is right; it isn't asked, and has to wait, when it was wrong too often. Callers are asked one after the
// other: many at the same moment get no more guesses.
func (g *guesses) try(address string, right func() bool) (is bool, wait time.Duration) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	now := g.now()
	if _, known := g.wrong[address]; !known && len(g.wrong) >= mostGuessers {
		maps.DeleteFunc(g.wrong, func(_ string, each guess) bool { return each.left(now) == 0 })
		if len(g.wrong) >= mostGuessers {
			address = ""
		}
	}
	count := g.wrong[address].left(now)
	if count > freeGuesses-1 {
		return false, time.Duration((count - freeGuesses + 1) * float64(guessEvery))
	}
	if right() {
		return true, 0
	}
	g.wrong[address] = guess{count + 1, now}
	return false, 0
}

// left is what isn't forgiven yet.
func (g guess) left(now time.Time) float64 {
	return max(g.count-float64(now.Sub(g.at))/float64(guessEvery), 0)
}

// addressOf is whom a request is counted for: its address, or the network of one of IPv6, of which a caller has as many as it likes.
func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	address, failed := netip.ParseAddr(host)
	if err != nil || failed != nil {
		return r.RemoteAddr
	}
	if address = address.Unmap(); address.Is6() {
		const ofCaller = 64
		if network, err := address.WithZone("").Prefix(ofCaller); err == nil {
			return network.String()
		}
	}
	return address.String()
}

package faults

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// call is one request of a run: the nth of its kind.
type call struct {
	// provider is "okta" or "cloudflare".
	provider string
	method   string
	// glob matches the paths of this kind of request, whatever the ids in them, and no others.
	glob string
	// path is the same for people.
	path string
	// occurrence counts from 1 among the requests of this kind in the run.
	occurrence int
}

// String names the call in the table.
func (c call) String() string {
	text := fmt.Sprintf("%s %s", c.method, c.path)
	if c.occurrence > 1 {
		text += fmt.Sprintf(" (%d)", c.occurrence)
	}
	return text
}

// kindOf is the call without its number.
func (c call) kindOf() call {
	c.occurrence = 0
	return c
}

// is tells whether the journal's line is of this kind of request.
func (c call) is(request kit.Request) bool {
	other := callOf(c.provider, request)
	return c.method == other.method && c.glob == other.glob
}

var (
	// Ids have a fixed form: Okta's 20 letters and digits, Cloudflare's a UUID.
	id         = regexp.MustCompile(`^([0-9A-Za-z]{20}|[0-9a-f]{8}-[0-9a-f-]{27})$`)
	anyAccount = regexp.MustCompile(`^[0-9a-f]{32}$`)
	account    = regexp.MustCompile(`^/client/v4/accounts/[0-9a-f]{32}`)
)

// callOf reads a line of the journal. The query is left out: what tells requests apart by it are names of groups only.
func callOf(provider string, request kit.Request) call {
	path, _, _ := strings.Cut(request.Path, "?")
	matching, shown := strings.Split(path, "/"), strings.Split(path, "/")
	for i, part := range matching {
		if anyAccount.MatchString(part) { // each lane has its own
			matching[i] = strings.Repeat("?", len(part))
		}
		if id.MatchString(part) {
			// One ? a character, because a * matches a slash too.
			matching[i], shown[i] = strings.Repeat("?", len(part)), "{id}"
		}
	}
	return call{
		provider: provider, method: request.Method, glob: strings.Join(matching, "/"),
		path: account.ReplaceAllString(strings.Join(shown, "/"), "…"),
	}
}

// callsOf lists the calls in journals of both providers, in the order in which they came; those before since are counted
// and left out.
func callsOf(journals map[string][]kit.Request, since time.Time) []call {
	type line struct {
		call
		at time.Time
	}
	var lines []line
	for provider, requests := range journals {
		for _, request := range requests {
			lines = append(lines, line{callOf(provider, request), request.Time})
		}
	}
	slices.SortStableFunc(lines, func(a, b line) int { return a.at.Compare(b.at) })
	count := map[call]int{}
	var calls []call
	for _, each := range lines {
		count[each.call]++
		if each.at.Before(since) {
			continue
		}
		found := each.call
		found.occurrence = count[each.call]
		calls = append(calls, found)
	}
	return calls
}

// answers tells whether the API can answer the call with the status, beside those that every call can be answered with.
func (c call) answers(status int) bool {
	switch {
	case status == 404 && strings.HasPrefix(c.path, "/oauth2"), status == 404 && strings.HasPrefix(c.path, "/.well-known"):
		return false // these are there in every org
	case status == 404:
		return strings.Contains(c.path, "{id}") || strings.HasSuffix(c.path, "/access/organizations")
	case status == 409:
		return c.method != "GET" && !strings.HasPrefix(c.path, "/oauth2")
	default:
		return true
	}
}

// changes reports whether the call changes something.
func (c call) changes() bool {
	return c.method != "GET" && !strings.HasSuffix(c.path, "/introspect") && c.provider != temporalItself
}

// provesAbsence tells whether a 404 to the call says that a thing is not there. While the thing is there, a provider says
// so for a moment at the most.
func (c call) provesAbsence() bool {
	return strings.HasSuffix(c.path, "{id}") && (c.method == "GET" || c.method == "DELETE") ||
		c.method == "GET" && strings.HasSuffix(c.path, "/idToken") || strings.HasSuffix(c.path, "/deactivate")
}

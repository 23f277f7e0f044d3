package okta

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// pageLimits are how many items a page holds where the caller doesn't say, and at most.
type pageLimits struct {
	standard, most int
	// single is for a list that has one page and no links.
	single bool
}

// entry is an item of a list, in the place that its number gives it.
type entry struct {
	id, name string
	sequence int
	// field is the value of a field that a search or a filter names; nil where there are none.
	field func(name string) string
	view  func(*http.Request) object
}

// page answers with one page of a list, and with links to itself and to the next one.
func (o *Org) page(r *http.Request, limits pageLimits, cursorKind string, entries []entry) answer {
	listing := kit.ListingOf(r)
	entries = visible(r, entries)
	query := r.URL.Query()
	limit, refusal := readLimit(query, limits)
	if refusal != nil {
		return *refusal
	}
	if limits.single {
		return success(views(r, entries[:min(limit, len(entries))]))
	}
	limit = listing.PageSize(limit)
	query.Set("limit", strconv.Itoa(limit))
	result := answer{status: http.StatusOK, links: []string{o.link(r, query, "self")}}
	moved := false
	if after := query.Get("after"); after != "" {
		last, ok := parseCursor(after, cursorKind)
		if !ok {
			return invalid("after", "after: The cursor is invalid.")
		}
		start := last.start(entries)
		if !last.moved {
			start = min(max(start-listing.Shift, 0), len(entries))
		}
		entries, moved = entries[start:], listing.Shift != 0
	}
	if len(entries) > limit {
		entries = entries[:limit]
		query.Set("after", position{entries[limit-1].sequence, moved}.cursor(cursorKind))
		result.links = append(result.links, o.link(r, query, "next"))
	}
	result.body = views(r, entries)
	return result
}

// visible leaves out what a fault hides from the request.
func visible(r *http.Request, entries []entry) []entry {
	listing := kit.ListingOf(r)
	return slices.DeleteFunc(entries, func(e entry) bool { return listing.Hides(e.id, e.name) })
}

func views(r *http.Request, entries []entry) []object {
	shown := make([]object, 0, len(entries))
	for _, e := range entries {
		shown = append(shown, e.view(r))
	}
	return shown
}

func readLimit(query url.Values, limits pageLimits) (int, *answer) {
	text := query.Get("limit")
	if text == "" {
		return limits.standard, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil {
		refusal := invalid("limit", "limit: The value must be a number.")
		return 0, &refusal
	}
	if limit < 1 {
		return limits.standard, nil
	}
	return min(limit, limits.most), nil
}

// link is a Link header value.
func (o *Org) link(r *http.Request, query url.Values, relation string) string {
	return fmt.Sprintf(`<%s%s?%s>; rel="%s"`, o.url, r.URL.EscapedPath(), query.Encode(), relation)
}

// position is the place behind an item of a list.
type position struct {
	sequence int
	// moved means that the list has moved already, by a fault: it does so once.
	moved bool
}

// start is the index of the first item behind the position.
func (p position) start(entries []entry) int {
	index := slices.IndexFunc(entries, func(e entry) bool { return e.sequence > p.sequence })
	if index < 0 {
		return len(entries)
	}
	return index
}

// movedMark is above every number that an item has.
const movedMark = 1 << 40

// cursor points to the position. It looks like an id, as Okta's do, but it goes on working when the item is
// deleted between two pages.
func (p position) cursor(kind string) string {
	number := int64(p.sequence)
	if p.moved {
		number += movedMark
	}
	text := strconv.FormatInt(number, 36)
	return kind + strings.Repeat("0", idLength-len(kind)-len(text)) + text
}

func parseCursor(text, kind string) (p position, ok bool) {
	if len(text) != idLength || !strings.HasPrefix(text, kind) {
		return position{}, false
	}
	number, err := strconv.ParseInt(text[len(kind):], 36, 64)
	return position{int(number % movedMark), number >= movedMark}, err == nil
}

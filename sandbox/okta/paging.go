package okta

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// pageLimits are how many items a page holds where the caller doesn't say, and at most.
type pageLimits struct {
	standard, most int
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
	query := r.URL.Query()
	limit, refusal := readLimit(query, limits)
	if refusal != nil {
		return *refusal
	}
	query.Set("limit", strconv.Itoa(limit))
	result := answer{status: http.StatusOK, links: []string{o.link(r, query, "self")}}
	if after := query.Get("after"); after != "" {
		last, ok := parseCursor(after, cursorKind)
		if !ok {
			return invalid("after", "after: The cursor is invalid.")
		}
		entries = slices.DeleteFunc(entries, func(e entry) bool { return e.sequence <= last })
	}
	if len(entries) > limit {
		entries = entries[:limit]
		query.Set("after", cursor(cursorKind, entries[limit-1].sequence))
		result.links = append(result.links, o.link(r, query, "next"))
	}
	items := make([]object, 0, len(entries))
	for _, e := range entries {
		items = append(items, e.view(r))
	}
	result.body = items
	return result
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

// cursor points behind the item with a number. It looks like an id, as Okta's do, but it goes on working
// when the item is deleted between two pages.
func cursor(kind string, sequence int) string {
	text := strconv.FormatInt(int64(sequence), 36)
	return kind + strings.Repeat("0", idLength-len(kind)-len(text)) + text
}

func parseCursor(text, kind string) (sequence int, ok bool) {
	if len(text) != idLength || !strings.HasPrefix(text, kind) {
		return 0, false
	}
	number, err := strconv.ParseInt(text[len(kind):], 36, 64)
	return int(number), err == nil
}

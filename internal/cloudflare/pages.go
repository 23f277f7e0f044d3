package cloudflare

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/accessbridge/accessbridge/internal/transport"
)

const (
	// pageSize is how many items a page is asked to hold, in every list. A page may hold fewer: the account decides.
	pageSize = 200
	// maxPages bounds a list that would else never end.
	maxPages = 100
	// readings is how often a list is read that changed while it was read.
	readings = 3
)

// reading is a list as it was read from its first page to its last.
type reading struct {
	items []json.RawMessage
	// total is how many items there are, by the account's word; 0 is no word.
	total int
	// unique are the items without those that were on an earlier page already.
	unique []json.RawMessage
	// recounted means that a later page told another total.
	recounted bool
}

// moved reports whether the list changed while it was read: what someone creates moves the rest of it to the next page, where it is
// listed twice; what someone deletes moves it to the page before, where it is not read.
func (r reading) moved() bool { return r.recounted || len(r.unique) < len(r.items) }

// short reports whether there are more items than were listed. An account that counts what it lists twice lists everything.
func (r reading) short() bool { return len(r.unique) < r.total && len(r.items) != r.total }

// list reads every page of a collection. A list that changes meanwhile can show an item twice, and hide another: it is read again.
func list[T any](ctx context.Context, c *Client, collection string) ([]T, error) {
	var last reading
	for range readings {
		var err error
		if last, err = c.read(ctx, collection); err != nil {
			return nil, err
		}
		if !last.moved() && !last.short() {
			break
		}
	}
	if last.short() || last.recounted {
		return nil, &transport.Error{
			Provider: dialect.Provider, Method: http.MethodGet, Path: collection, Kind: transport.Unavailable,
			Summary: fmt.Sprintf("the list shows %d of %d, or changed, each time that it was read", len(last.unique), last.total),
		}
	}
	all := make([]T, len(last.unique))
	for i, item := range last.unique {
		if err := json.Unmarshal(item, &all[i]); err != nil {
			return nil, fmt.Errorf("read the answer to GET %s: %w", collection, transport.Plain(err))
		}
	}
	return all, nil
}

// read reads a collection once, up to the page that ends it.
func (c *Client) read(ctx context.Context, collection string) (reading, error) {
	var all reading
	seen := map[string]bool{}
	for page := 1; page <= maxPages; page++ {
		query := url.Values{"page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(pageSize)}}
		var items []json.RawMessage
		info, err := c.do(ctx, http.MethodGet, collection+"?"+query.Encode(), nil, &items)
		if err != nil {
			return reading{}, err
		}
		before := len(all.unique)
		all.add(items, seen)
		size, pages := pageSize, 0
		if info != nil {
			all.recounted = all.recounted || (page > 1 && info.Total != all.total)
			all.total, pages = info.Total, info.TotalPages
			if info.PerPage > 0 {
				size = min(info.PerPage, pageSize)
			}
		}
		// A page with nothing new on it ends the list: the account sends the same one for every number, or the list went on moving.
		ended := len(all.unique) == before
		switch {
		case all.total > 0:
			ended = ended || len(all.items) >= all.total
		case pages > 0:
			ended = ended || page >= pages
		default:
			ended = ended || len(items) < size
		}
		if ended {
			return all, nil
		}
	}
	return reading{}, fmt.Errorf("list %s: more than %d pages", collection, maxPages)
}

// add takes the items of a page in.
func (r *reading) add(items []json.RawMessage, seen map[string]bool) {
	for _, item := range items {
		var identified struct {
			ID string `json:"id"`
		}
		_ = json.Unmarshal(item, &identified) // the caller finds out what is wrong with it
		if !seen[identified.ID] {
			r.unique = append(r.unique, item)
		}
		seen[identified.ID] = true
		r.items = append(r.items, item)
	}
}

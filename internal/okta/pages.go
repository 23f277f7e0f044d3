package okta

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/accessbridge/accessbridge/internal/transport"
)

const (
	// maxPages bounds a list that would else never end.
	maxPages = 500
	// readings is how often a list is read that shows something twice: it changed while it was read, and may hide something else.
	readings = 3
)

// pages reads every page of a list.
func pages[T any](ctx context.Context, c *Client, path string, query url.Values) ([]T, error) {
	var items []json.RawMessage
	for range readings {
		var twice bool
		var err error
		if items, twice, err = c.read(ctx, path, query); err != nil {
			return nil, err
		}
		if !twice {
			break
		}
	}
	all := make([]T, len(items))
	for i, item := range items {
		if err := json.Unmarshal(item, &all[i]); err != nil {
			return nil, fmt.Errorf("read the answer to GET %s: %w", path, transport.Plain(err))
		}
	}
	return all, nil
}

// read reads a list once, and leaves out what was on an earlier page already.
func (c *Client) read(ctx context.Context, path string, query url.Values) (all []json.RawMessage, twice bool, err error) {
	items, links := map[string]bool{}, map[string]bool{}
	next := path + "?" + query.Encode()
	for range maxPages {
		links[next] = true
		var page []json.RawMessage
		response, err := c.do(ctx, http.MethodGet, next, nil, &page)
		if err != nil {
			return nil, false, err
		}
		for _, item := range page {
			var identified struct {
				ID string `json:"id"`
			}
			_ = json.Unmarshal(item, &identified) // the caller finds out what is wrong with it
			if items[identified.ID] {
				twice = true
				continue
			}
			items[identified.ID] = true
			all = append(all, item)
		}
		if !response.HasNextPage() {
			return all, twice, nil
		}
		if next = response.NextPage; links[next] {
			break
		}
	}
	return nil, false, &transport.Error{
		Provider: dialect.Provider, Method: http.MethodGet, Path: path, Kind: transport.Malformed,
		Summary: fmt.Sprintf("the pages of the list go round in a circle, or are more than %d", maxPages),
	}
}

package cloudflare_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// numbered are the ids of n policies, from the given one on.
func numbered(from, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("policy-%04d", from+i)
	}
	return ids
}

// pagesOf is a page of ids, and what the account says of it.
func pagesOf(ids []string, page, size int) (items []map[string]string, info map[string]int) {
	items = []map[string]string{}
	for _, id := range ids[min((page-1)*size, len(ids)):min(page*size, len(ids))] {
		items = append(items, map[string]string{"id": id})
	}
	return items, map[string]int{"page": page, "per_page": size, "count": len(items), "total_count": len(ids)}
}

// TestList_AnyWayToPage_IsReadToTheEnd has cases that change while they are read, so they share no time.
func TestList_AnyWayToPage_IsReadToTheEnd(t *testing.T) {
	t.Parallel()
	type page func(number, asked int) (items []map[string]string, info map[string]int)
	all := numbered(0, 60)
	without := func(ids []string, size int, keys ...string) page {
		return func(number, _ int) ([]map[string]string, map[string]int) {
			items, info := pagesOf(ids, number, size)
			for _, key := range keys {
				delete(info, key)
			}
			return items, info
		}
	}
	asked := 0
	for name, test := range map[string]struct {
		page page
		want []string
		fail bool
	}{
		"a page is capped":         {without(all, 50), all, false},
		"much capped":              {without(all, 7), all, false},
		"no word of pages":         {without(all, 50, "page", "per_page", "count"), all, false},
		"no total":                 {without(all, 50, "total_count"), all, false},
		"no total, full last page": {without(all, 30, "total_count"), all, false},
		"total of pages": {func(number, _ int) ([]map[string]string, map[string]int) {
			items, info := pagesOf(all, number, 25)
			return items, map[string]int{"total_pages": 3, "page": info["page"]}
		}, all, false},
		"no info": {func(number, asked int) ([]map[string]string, map[string]int) {
			items, _ := pagesOf(all, number, asked)
			return items, nil
		}, all, false},
		"nothing": {without(nil, 50), nil, false},
		"moved by a new one": {func(number, _ int) ([]map[string]string, map[string]int) {
			if asked++; asked == 1 {
				return pagesOf(all, number, 50)
			}
			return pagesOf(numbered(-1, 61), number, 50)
		}, numbered(-1, 61), false},
		"moved, and as many as before": {func(number, _ int) ([]map[string]string, map[string]int) {
			if asked++; asked == 1 {
				return pagesOf(all, number, 50)
			}
			return pagesOf(numbered(-1, 60), number, 50)
		}, numbered(-1, 60), false},
		"moved by a deletion": {func(number, _ int) ([]map[string]string, map[string]int) {
			if asked++; asked == 1 {
				return pagesOf(all, number, 50)
			}
			return pagesOf(all[1:], number, 50) // the 51st is now the 50th: it is on no page that was read
		}, all[1:], false},
		"one twice for good": {without(slices.Concat(all, all[:1]), 50), all, false},
		"fewer than it says, for good": {func(number, _ int) ([]map[string]string, map[string]int) {
			items, info := pagesOf(all, number, 50)
			info["total_count"] = 61
			return items, info
		}, nil, true},
		"always the first page": {func(int, int) ([]map[string]string, map[string]int) { return pagesOf(all, 1, 50) }, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			asked = 0
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				number, _ := strconv.Atoi(r.URL.Query().Get("page"))
				size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
				items, info := test.page(number, size)
				send(w, http.StatusOK, items, info)
			})
			found, err := client.ListPolicies(t.Context())
			if test.fail {
				if failure := transport.As(err); failure == nil || failure.Kind != transport.Unavailable || !failure.Retryable() {
					t.Errorf("%d policies, %v", len(found), err)
				}
				return
			}
			var got []string
			for _, policy := range found {
				got = append(got, policy.ID)
			}
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
		})
	}
}

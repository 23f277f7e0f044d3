package okta_test

import (
	"fmt"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// listing is a client of an org whose list of apps has these pages; how often it was asked decides which.
func listing(t *testing.T, page func(after string, asked int) (ids []string, next string)) *okta.Client {
	t.Helper()
	asked := 0
	return answering(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		ids, next := page(r.URL.Query().Get("after"), asked)
		if next != "" {
			w.Header().Set("Link", fmt.Sprintf(`<https://%s/api/v1/apps?limit=200&after=%s>; rel="next"`, r.Host, next))
		}
		body := ""
		for _, id := range ids {
			body += `,{"id":"` + id + `"}`
		}
		_, _ = io.WriteString(w, "["+body[min(1, len(body)):]+"]")
	})
}

func TestListApps_ChangesWhileItIsRead_IsReadAgain(t *testing.T) {
	t.Parallel()
	const a, b, c, d = "0oa0000a", "0oa0000b", "0oa0000c", "0oa0000d"
	for name, test := range map[string]struct {
		page func(after string, asked int) ([]string, string)
		want []string
	}{
		"moved": {func(after string, asked int) ([]string, string) {
			switch {
			case asked == 1:
				return []string{a, b}, "1"
			case after == "":
				return []string{d, a}, "1"
			default:
				return []string{b, c}, ""
			}
		}, []string{d, a, b, c}},
		"twice for good": {func(after string, _ int) ([]string, string) {
			if after == "" {
				return []string{a, b}, "1"
			}
			return []string{b, c}, ""
		}, []string{a, b, c}},
		"an empty page in the middle": {func(after string, _ int) ([]string, string) {
			return map[string][]string{"": {a}, "2": {b}}[after], map[string]string{"": "1", "1": "2"}[after]
		}, []string{a, b}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apps, err := listing(t, test.page).ListApps(t.Context())
			var got []string
			for _, app := range apps {
				got = append(got, app.ID)
			}
			if diff := cmp.Diff(test.want, got); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
		})
	}
}

func TestListApps_PagesGoRound_IsAFailureThatMayPass(t *testing.T) {
	t.Parallel()
	asked := 0
	client := listing(t, func(after string, total int) ([]string, string) {
		asked = total
		return []string{"0oa0000a" + after}, map[string]string{"": "1", "1": "2", "2": "1"}[after]
	})
	if apps, err := client.ListApps(t.Context()); !transport.Is(err, transport.Malformed) || asked != 3 {
		t.Errorf("%d apps, %v after %d requests", len(apps), err, asked)
	}
}

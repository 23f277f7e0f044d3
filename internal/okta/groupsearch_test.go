package okta_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/planner"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
	sandbox "github.com/accessbridge/accessbridge/sandbox/okta"
)

// counting counts the requests for groups by their kind, and fails some.
type counting struct {
	base http.RoundTripper
	fail func(*http.Request) bool

	mutex   sync.Mutex
	counts  map[string]int
	longest int
	atOnce  int
	most    int
}

// RoundTrip counts a request.
func (c *counting) RoundTrip(request *http.Request) (*http.Response, error) {
	kind := "list"
	for _, each := range []string{"q", "search"} {
		if request.URL.Query().Has(each) {
			kind = each
		}
	}
	c.mutex.Lock()
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	c.counts[kind]++
	c.longest = max(c.longest, len(request.URL.String()))
	c.atOnce++
	c.most = max(c.most, c.atOnce)
	c.mutex.Unlock()
	defer func() {
		c.mutex.Lock()
		defer c.mutex.Unlock()
		c.atOnce--
	}()
	if c.fail != nil && c.fail(request) {
		return &http.Response{
			StatusCode: http.StatusTooManyRequests, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}")), Request: request,
		}, nil
	}
	return c.base.RoundTrip(request)
}

// count is how many requests of each kind there were, as "list q search", since the last time.
func (c *counting) count() string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	counts := c.counts
	c.counts = nil
	return fmt.Sprint(counts["list"], counts["q"], counts["search"])
}

// counted is a client of the org whose requests are counted.
func (f fixture) counted(t *testing.T) (*okta.Client, *counting) {
	t.Helper()
	base := &counting{base: f.server.Client().Transport}
	client, err := okta.New(f.server.URL, secret.New(token), transport.Options{Base: base})
	if err != nil {
		t.Fatal(err)
	}
	return client, base
}

// named makes n groups of a name with a number, and returns their names.
func (f fixture) named(name string, n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("%s %d", name, i)
		f.org.CreateGroup(sandbox.Group{Name: names[i]})
	}
	return names
}

func namesOf(found map[string][]planner.Group) (names []string) {
	for name, groups := range found {
		for _, group := range groups {
			if group.ID != "" && group.Name == name {
				names = append(names, name)
			}
		}
	}
	return slices.Sorted(slices.Values(names))
}

func TestGroupsByName_ManyNames_TakesFewCalls(t *testing.T) {
	t.Parallel()
	f := serve(t)
	names := f.named("Group", 410)
	long := f.named(strings.Repeat("東", 80), 40)
	client, calls := f.counted(t)
	for name, test := range map[string]struct {
		names []string
		want  []string
		calls string // list, q, search
	}{
		"none":                {nil, nil, "0 0 0"},
		"one":                 {names[:1], names[:1], "0 0 1"},
		"a portion":           {names[:40], names[:40], "0 0 1"},
		"more than a portion": {names[:41], names[:41], "0 0 2"},
		"one that isn't":      {[]string{names[0], "Nobody"}, names[:1], "0 1 1"},
		"a name twice":        {[]string{names[0], names[0]}, names[:1], "0 0 1"},
		"long ones":           {long, long, "0 0 6"},
		"very many":           {names, names, "1 0 0"},
	} {
		found, err := client.GroupsByName(f.ctx, test.names, nil)
		if err != nil {
			t.Fatal(name, err)
		}
		if diff := cmp.Diff(slices.Sorted(slices.Values(test.want)), namesOf(found)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got := calls.count(); got != test.calls {
			t.Errorf("%s: the calls are %s, want %s", name, got, test.calls)
		}
	}
	if calls.longest > 6000 {
		t.Errorf("a URL has %d characters", calls.longest)
	}
}

func TestGroupsByName_HostileNames_AreFoundExactly(t *testing.T) {
	t.Parallel()
	f := serve(t)
	names := append([]string{"Twice", "case", "Süd – 東京"}, hostile...)
	want := map[string][]string{}
	for _, name := range append([]string{"Twice"}, names...) {
		kind := map[bool]string{true: "APP_GROUP"}[name == "Twice" && want["Twice"] != nil]
		want[name] = append(want[name], f.org.CreateGroup(sandbox.Group{Name: name, Type: kind}))
		f.org.CreateGroup(sandbox.Group{Name: name + " and more"})
		f.org.CreateGroup(sandbox.Group{Name: strings.ToUpper(name) + "."})
	}
	f.org.CreateGroup(sandbox.Group{Name: "CASE"})
	found, err := f.GroupsByName(f.ctx, names, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for name, groups := range found {
		got[name] = idsOf(groups)
	}
	if diff := cmp.Diff(want, got, cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Error(diff)
	}
}

func TestGroupsByName_SearchLagsBehind_AsksForEachNameByItself(t *testing.T) {
	t.Parallel()
	f := serve(t)
	names := f.named("New", 30)
	for name, status := range map[string]int{"lags": http.StatusOK, "can't read a name": http.StatusBadRequest} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Has("search") {
					w.WriteHeader(status)
					_, _ = io.WriteString(w, map[int]string{200: "[]", 400: `{"errorCode":"E0000031","errorSummary":"Invalid search criteria."}`}[status])
					return
				}
				f.org.ServeHTTP(w, r)
			})
			found, err := client.GroupsByName(f.ctx, names, nil)
			if diff := cmp.Diff(slices.Sorted(slices.Values(names)), namesOf(found)); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
		})
	}
}

func TestGroupsByName_FailedOnce_AsksOnlyForTheRest(t *testing.T) {
	t.Parallel()
	f := serve(t)
	names := f.named("Group", 200)
	client, calls := f.counted(t)
	var before okta.FoundGroups
	calls.fail = func(request *http.Request) bool {
		calls.mutex.Lock()
		defer calls.mutex.Unlock()
		return calls.counts["search"] > 3
	}
	if _, err := client.GroupsByName(f.ctx, names, &before); !transport.Is(err, transport.RateLimited) {
		t.Fatalf("got %v", err)
	}
	calls.count()
	saved, err := json.Marshal(&before)
	if err != nil {
		t.Fatal(err)
	}
	var after okta.FoundGroups
	if err := json.Unmarshal(saved, &after); err != nil {
		t.Fatal(err)
	}
	calls.fail = nil
	found, err := client.GroupsByName(f.ctx, names, &after)
	if diff := cmp.Diff(slices.Sorted(slices.Values(names)), namesOf(found)); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if got := calls.count(); got != "0 0 2" {
		t.Errorf("the calls of the second attempt are %s, want those for the two portions that failed", got)
	}
}

func TestGroupsByName_ManyAreMissing_AsksForSomeAtATime(t *testing.T) {
	t.Parallel()
	f := serve(t)
	client, calls := f.counted(t)
	var names []string
	for i := range 60 {
		names = append(names, fmt.Sprint("Nobody ", i))
	}
	if found, err := client.GroupsByName(f.ctx, names, nil); len(found) > 0 || err != nil {
		t.Errorf("%v, %v", found, err)
	}
	if calls.most > 8 {
		t.Errorf("%d requests were under way at the same time", calls.most)
	}
	calls.count()
	calls.fail = func(request *http.Request) bool { return request.URL.Query().Has("q") }
	_, err := client.GroupsByName(f.ctx, names, nil)
	calls.mutex.Lock()
	defer calls.mutex.Unlock()
	if asked := calls.counts["q"]; !transport.Is(err, transport.RateLimited) || asked > 8 {
		t.Errorf("%d requests after the first that failed: %v", asked, err)
	}
}

func TestFoundGroups_Empty_IsAnObject(t *testing.T) {
	t.Parallel()
	if saved, err := json.Marshal(&okta.FoundGroups{}); err != nil || string(saved) != "{}" {
		t.Errorf("%s, %v", saved, err)
	}
}

func TestGroupsNamed_AnswerMayBeCut_AsksSearchToo(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		found int  // how many groups the search by prefix finds
		exact bool // whether one of them has the name
		want  int  // how many groups have it
	}{
		"nothing":              {0, false, 0},
		"the name and others":  {5, true, 1},
		"others only":          {5, false, 1},
		"10 and the name":      {10, true, 2},
		"200 and the name":     {200, true, 2},
		"300 and the name":     {300, true, 2},
		"more than any bounds": {301, true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := answering(t, func(w http.ResponseWriter, r *http.Request) {
				type group struct {
					ID      string            `json:"id"`
					Profile map[string]string `json:"profile"`
				}
				found := []group{}
				for i := range test.found {
					found = append(found, group{fmt.Sprintf("00g%05d", i), map[string]string{"name": fmt.Sprint("Sales ", i)}})
				}
				if test.exact {
					found[0].Profile["name"] = "Sales"
				}
				if r.URL.Query().Has("search") {
					found = []group{{"00g99999", map[string]string{"name": "Sales"}}}
				}
				_ = json.NewEncoder(w).Encode(found)
			})
			groups, err := client.GroupsNamed(t.Context(), "Sales")
			if err != nil || len(groups) != test.want {
				t.Errorf("%v, %v", groups, err)
			}
		})
	}
}

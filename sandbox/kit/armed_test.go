package kit

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// lister is a counter with lists: it answers GET with how they are shown.
type lister struct {
	*counter
	watched bool
}

func (l *lister) Watch(on bool) { l.watched = on }

func (l *lister) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		listing := ListingOf(r)
		fmt.Fprintf(w, "%v %v %v", listing.created, listing.updated, listing.deleted)
		return
	}
	l.counter.ServeHTTP(w, r)
}

func TestFaults_OfLists_StrikeBesideTheOthers(t *testing.T) {
	t.Parallel()
	simulator := &lister{counter: newCounter()}
	f := serve(t, simulator)
	f.Inject(Fault{Kind: KindLag, Path: "/a", Delay: hour})
	f.Inject(Fault{Kind: KindDropAfter, Method: "POST", Path: "/a", Count: 1})
	f.Inject(Fault{Kind: KindLag, Path: "*", Delay: 2 * hour, After: []string{AfterDelete}})
	f.Inject(Fault{Kind: KindStatus, Status: 503, Method: "GET", Path: "/b", Count: 1})
	f.Inject(Fault{Kind: KindFiltered, Path: "/a", Hide: []string{"*"}, Count: 3}) // a POST is no list
	if !simulator.watched {
		t.Error("the simulator must watch its lists")
	}
	if _, _, err := f.do(t, "POST", "/a", ""); err == nil {
		t.Error("the fault behind the lag must strike")
	}
	for path, want := range map[string]string{"/a": "1h0m0s 1h0m0s 2h0m0s", "/c": "0s 0s 2h0m0s"} {
		if _, body, _ := f.do(t, "GET", path, ""); !strings.HasPrefix(body, want) {
			t.Errorf("%s: lists are shown as %s, want %s", path, body, want)
		}
	}
	if response, _, _ := f.do(t, "GET", "/b", ""); response.StatusCode != 503 {
		t.Errorf("got %d", response.StatusCode)
	}
	f.do(t, "GET", "/a", "")
	if waiting := f.Faults(); len(waiting) != 3 {
		t.Errorf("the lags and what struck twice stay, got %+v", waiting)
	}
	f.do(t, "GET", "/a", "")
	if waiting := f.Faults(); len(waiting) != 2 {
		t.Errorf("the lags stay, got %+v", waiting)
	}
	f.ClearFaults()
	if _, body, _ := f.do(t, "GET", "/a", ""); !strings.HasPrefix(body, "0s 0s 0s") || simulator.watched {
		t.Errorf("after all is cleared: %s", body)
	}
}

func TestFaults_OfLists_NeedLists(t *testing.T) {
	t.Parallel()
	f := start(t)
	if response, body, _ := f.do(t, "POST", "/_sandbox/faults", `{"kind":"lag","delay":"1s"}`); response.StatusCode != 400 || !strings.Contains(body, "no lists") {
		t.Errorf("got %d %s", response.StatusCode, body)
	}
}

func TestFault_Validate_OfLists(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault Fault
		want  string
	}{
		{Fault{Kind: KindLag, Delay: hour, Method: "get", After: []string{AfterCreate, AfterUpdate, AfterDelete}}, ""},
		{Fault{Kind: KindLag, Delay: hour, Method: "POST"}, "kind lag is for GET, not for POST"},
		{Fault{Kind: KindLag, Delay: hour, After: []string{"read"}}, `after "read" is not one of create, update, delete`},
		{Fault{Kind: KindLag}, "kind lag needs a delay above 0"},
		{Fault{Kind: KindLag, Delay: hour, Cut: true}, "cut is for kind late, not for lag"},
		{Fault{Kind: KindPages, PageSize: 5, Shift: -1, Count: 2}, ""},
		{Fault{Kind: KindPages}, "kind pages needs a page_size or a shift"},
		{Fault{Kind: KindPages, Shift: 2}, "page_size 0 must not be below 0, and shift 2 must be 1 or -1"},
		{Fault{Kind: KindPages, PageSize: -1}, "page_size -1 must not be below 0, and shift 0 must be 1 or -1"},
		{Fault{Kind: KindFiltered, Hide: []string{"*"}}, ""},
		{Fault{Kind: KindFiltered}, "kind filtered needs something to hide"},
		{Fault{Kind: KindGarbage, Hide: []string{"*"}}, "hide is for kind filtered, not for garbage"},
		{Fault{Kind: KindGarbage, PageSize: 1}, "page_size is for kind pages, not for garbage"},
		{Fault{Kind: KindGarbage, Shift: 1}, "shift is for kind pages, not for garbage"},
	} {
		err := test.fault.Validate()
		if got := fmt.Sprint(err); err == nil && test.want != "" || err != nil && got != test.want {
			t.Errorf("%+v: got %v, want %q", test.fault, err, test.want)
		}
	}
}

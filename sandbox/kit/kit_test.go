package kit

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// counter counts the requests for each path: the smallest simulator there is.
type counter struct {
	mutex sync.Mutex
	seen  map[string]int
	asked chan struct{}
}

func newCounter() *counter { return &counter{seen: map[string]int{}, asked: make(chan struct{}, 100)} }

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	c.mutex.Lock()
	c.seen[r.URL.Path]++
	c.mutex.Unlock()
	c.asked <- struct{}{}
	w.Header().Add("Link", "<one>")
	w.Header().Add("Link", "<two>")
	w.WriteHeader(http.StatusAccepted)
	_, _ = w.Write(body)
}

func (c *counter) State() any {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	state := map[string]int{}
	for path, count := range c.seen {
		state[path] = count
	}
	return state
}

func (c *counter) Reset() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.seen = map[string]int{}
}

type fixture struct {
	*Server
	simulator *counter
	client    *http.Client
	url       string
}

func start(t *testing.T, options ...Option) fixture {
	t.Helper()
	simulator := newCounter()
	f := serve(t, simulator, options...)
	f.simulator = simulator
	return f
}

func serve(t *testing.T, simulator Simulator, options ...Option) fixture {
	t.Helper()
	ca, err := NewCA()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := Listen("127.0.0.1:0", ca, "")
	if err != nil {
		t.Fatal(err)
	}
	server := Wrap(simulator, options...)
	listener.Serve(server)
	client := ca.Client()
	t.Cleanup(func() {
		client.CloseIdleConnections()
		if err := listener.Close(); err != nil {
			t.Error(err)
		}
	})
	return fixture{Server: server, client: client, url: listener.URL()}
}

func (f fixture) do(t *testing.T, method, path, body string) (*http.Response, string, error) {
	t.Helper()
	request, err := http.NewRequest(method, f.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := f.client.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response, string(answer), err
}

func (f fixture) count(path string) int { return f.simulator.State().(map[string]int)[path] }

func TestWrap_NoFault_AnswersAndWritesTheJournal(t *testing.T) {
	t.Parallel()
	var observed string
	f := start(t, WithObserver(func(r *http.Request, status int, header http.Header, body []byte) {
		sent, _ := io.ReadAll(r.Body)
		observed = fmt.Sprintf("%s %d %d %s %s", sent, status, len(header["Link"]), body, r.URL.Path)
	}))
	response, body, err := f.do(t, "POST", "/a?b=c", "hello")
	if err != nil || response.StatusCode != http.StatusAccepted || body != "hello" {
		t.Fatalf("got %v, %q, %v", response, body, err)
	}
	if links := response.Header.Values("Link"); len(links) != 2 {
		t.Errorf("Link headers must stay on separate lines, got %q", links)
	}
	if observed != "hello 202 2 hello /a" {
		t.Errorf("the observer saw %q", observed)
	}
	requests := f.Requests()
	if len(requests) != 1 || requests[0].Method != "POST" || requests[0].Path != "/a?b=c" || requests[0].Status != 202 {
		t.Errorf("journal: %+v", requests)
	}
}

func TestFaults_EachKind_DoesWhatItsNameSays(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		fault    Fault
		status   int // what the client gets; 0: a cut connection
		body     string
		executed int
		journal  int
	}{
		{Fault{Kind: KindStatus, Status: 503, Body: "busy", Headers: map[string]string{"Retry-After": "7"}}, 503, "busy", 0, 503},
		{Fault{Kind: KindStatusAfter, Status: 500}, 500, "", 1, 500},
		{Fault{Kind: KindDropBefore}, 0, "", 0, 0},
		{Fault{Kind: KindDropAfter}, 0, "", 1, 0},
		{Fault{Kind: KindDelay, Delay: Duration(time.Millisecond)}, 202, "hello", 1, 202},
		{Fault{Kind: KindDelayAfter, Delay: Duration(time.Millisecond)}, 202, "hello", 1, 202},
		{Fault{Kind: KindLate, Delay: Duration(time.Millisecond)}, 202, "hello", 1, 202},
		{Fault{Kind: KindGarbage}, 200, garbage, 0, 200},
	} {
		t.Run(test.fault.Kind, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			f.Inject(test.fault)
			response, body, err := f.do(t, "POST", "/a", "hello")
			switch {
			case test.status == 0 && err == nil:
				t.Errorf("the connection must be cut, got %d", response.StatusCode)
			case test.status != 0 && err != nil:
				t.Error(err)
			case test.status != 0 && (response.StatusCode != test.status || body != test.body):
				t.Errorf("got %d %q", response.StatusCode, body)
			}
			if got := f.count("/a"); got != test.executed {
				t.Errorf("executed %d times, want %d", got, test.executed)
			}
			if requests := f.Requests(); len(requests) != 1 || requests[0].Status != test.journal {
				t.Errorf("journal: %+v", requests)
			}
			if test.status == 503 && response.Header.Get("Retry-After") != "7" {
				t.Error("the fault's headers are missing")
			}
		})
	}
}

func TestFaults_DelayAndTheClientLeaves_NothingIsDone(t *testing.T) {
	t.Parallel()
	for kind, executed := range map[string]int{KindDelay: 0, KindDelayAfter: 1} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			f := start(t)
			f.Inject(Fault{Kind: kind, Delay: Duration(time.Hour)})
			// By hand: a client that leaves this way has certainly sent everything.
			connection, err := tls.Dial("tcp", strings.TrimPrefix(f.url, "https://"), f.client.Transport.(*http.Transport).TLSClientConfig)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(connection, "POST /a HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nhello")
			if kind == KindDelayAfter {
				<-f.simulator.asked
				for len(f.Requests()) == 0 { // what is done is in the journal at once, not an hour later
					runtime.Gosched()
				}
			}
			if err := connection.Close(); err != nil {
				t.Fatal(err)
			}
			for len(f.Requests()) == 0 { // the server notices in its own time
				runtime.Gosched()
			}
			if got := f.count("/a"); got != executed {
				t.Errorf("executed %d times, want %d", got, executed)
			}
		})
	}
}

func TestFaults_SkipAndCount(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Inject(Fault{Method: "post", Path: "/x/*", Skip: 1, Count: 2, Kind: KindStatus, Status: 500})
	got := ""
	for _, call := range []string{"GET /x/1", "POST /x/1/2", "POST /y", "POST /x/1", "POST /x/1/2/3?q=1", "POST /x/1"} {
		method, path, _ := strings.Cut(call, " ")
		response, _, err := f.do(t, method, path, "")
		if err != nil {
			t.Fatal(err)
		}
		got += fmt.Sprint(response.StatusCode, " ")
	}
	if got != "202 202 202 500 500 202 " {
		t.Errorf("got %s", got)
	}
	if waiting := f.Faults(); len(waiting) != 0 {
		t.Errorf("a used up fault must be gone, got %+v", waiting)
	}
}

func TestGlob(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"/a/*/c", "/a/b/c", true},
		{"/a/*/c", "/a/b/b/c", true},
		{"/a/*", "/a", false},
		{"*identity_providers", "/client/v4/accounts/1/access/identity_providers", true},
		{"*identity_providers", "/client/v4/accounts/1/access/identity_providers/2", false},
		{"/a?q=*", "/a?q=Engineering", true},
		{"/a", "/ab", false},
		{"*", "", true},
	} {
		if got := glob(test.pattern, test.text); got != test.want {
			t.Errorf("glob(%q, %q) = %v", test.pattern, test.text, got)
		}
	}
}

func TestEndpoints(t *testing.T) {
	t.Parallel()
	f := start(t, WithLatency(time.Millisecond))
	if response, body, _ := f.do(t, "POST", "/_sandbox/faults", `{"path":"/a","kind":"delay","delay":"2ms","count":1}`); response.StatusCode != 201 {
		t.Errorf("got %d %s", response.StatusCode, body)
	}
	if _, body, _ := f.do(t, "GET", "/_sandbox/faults", ""); !strings.Contains(body, `"2ms"`) {
		t.Errorf("the fault must be listed, got %s", body)
	}
	for _, wrong := range []string{
		`{"kind":"boom"}`, `{"kind":"status"}`, `{"kind":"delay"}`, `{"sort":"status"}`, `[{"kind":"garbage","skip":-1}]`, `{"kind":"delay","delay":[]}`,
		`{"kind":"lag"}`, `{"kind":"late"}`, `{"kind":"delay","delay":1,"after":["create"]}`, `{"kind":"delay","delay":1,"cut":true}`,
	} {
		if response, body, _ := f.do(t, "POST", "/_sandbox/faults", wrong); response.StatusCode != 400 {
			t.Errorf("%s: got %d %s", wrong, response.StatusCode, body)
		}
	}
	f.do(t, "GET", "/a", "")
	if _, body, _ := f.do(t, "GET", "/_sandbox/state", ""); strings.Join(strings.Fields(body), "") != `{"/a":1}` {
		t.Errorf("state: %s", body)
	}
	var requests []Request
	if _, body, _ := f.do(t, "GET", "/_sandbox/requests", ""); json.Unmarshal([]byte(body), &requests) != nil || len(requests) != 1 || requests[0].Duration < 3*time.Millisecond {
		t.Errorf("requests: %s", body)
	}
	f.Inject(Fault{Kind: KindGarbage})
	f.do(t, "DELETE", "/_sandbox/faults", "")
	if waiting := f.Faults(); len(waiting) != 0 {
		t.Errorf("got %+v", waiting)
	}
	f.do(t, "POST", "/_sandbox/reset", "")
	if state, _ := f.State(); state != "{}" || len(f.Requests()) != 0 {
		t.Errorf("after a reset: %s %+v", state, f.Requests())
	}
}

func TestDuration_NumberIsMilliseconds(t *testing.T) {
	t.Parallel()
	var fault Fault
	if err := json.Unmarshal([]byte(`{"kind":"delay","delay":1500}`), &fault); err != nil || time.Duration(fault.Delay) != 1500*time.Millisecond {
		t.Errorf("got %v, %v", fault, err)
	}
}

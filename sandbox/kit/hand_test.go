package kit

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

func TestHand_ComesBeforeOrAfterARequest_BesideOtherFaults(t *testing.T) {
	t.Parallel()
	seen := make(chan string, 10)
	simulator := &recorder{newCounter(), func(r *http.Request) { seen <- r.URL.Path }}
	f := serve(t, simulator)
	hand := func(when, path string) Fault {
		return Fault{Kind: KindHand, Method: "POST", Path: "/a", When: when, Count: 1, Do: []HandRequest{{Method: "PUT", Path: path, Body: json.RawMessage(`{}`)}}}
	}
	f.Inject(hand(WhenAfter, "/after"))
	f.Inject(Fault{Kind: KindDropAfter, Method: "POST"})
	f.Inject(Fault{Kind: KindStatus, Status: 500, Method: "PUT"}) // not for what is done by hand
	f.Inject(hand("", "/before?x=1"))
	for range 2 {
		if _, _, err := f.do(t, "POST", "/a", "hello"); err == nil {
			t.Error("the connection must be cut")
		}
	}
	var order []string
	for range 4 {
		order = append(order, <-seen)
	}
	if want := []string{"/before", "/a", "/after", "/a"}; !slices.Equal(order, want) || len(seen) != 0 {
		t.Errorf("the simulator saw %q, want %q", order, want)
	}
	if requests := f.Requests(); len(requests) != 2 {
		t.Errorf("what is done by hand isn't in the journal, got %+v", requests)
	}
	hands := f.Hands()
	if len(hands) != 2 || hands[0].Path != "/before?x=1" || hands[1].Status != http.StatusAccepted {
		t.Errorf("got %+v", hands)
	}
	if f.Reset(); len(f.Hands()) != 0 {
		t.Error("a reset must forget them")
	}
}

// recorder is a counter that shows what it sees.
type recorder struct {
	*counter
	see func(*http.Request)
}

func (o *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.see(r)
	if strings.HasPrefix(r.URL.Path, "/refuse") {
		http.Error(w, "no", http.StatusConflict)
		return
	}
	o.counter.ServeHTTP(w, r)
}

func TestHand_AfterWhatIsNeverCarriedOut_IsNot(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Inject(Fault{Kind: KindStatus, Status: 503})
	f.Inject(Fault{Kind: KindHand, When: WhenAfter, Act: func(*http.Request, *Answer) { t.Error("nothing was carried out") }})
	f.Inject(Fault{Kind: KindHand, Do: []HandRequest{{Method: "POST", Path: "/before"}}})
	if response, _, err := f.do(t, "POST", "/a", ""); err != nil || response.StatusCode != 503 || f.count("/before") != 1 {
		t.Errorf("got %v, %v, and %d before", response, err, f.count("/before"))
	}
}

func TestHand_Act_GetsTheRequestAndTheAnswer(t *testing.T) {
	t.Parallel()
	f := start(t)
	seen := map[string]*Answer{}
	for _, when := range []string{WhenBefore, WhenAfter} {
		f.Inject(Fault{Kind: KindHand, When: when, Act: func(r *http.Request, answer *Answer) {
			body, _ := io.ReadAll(r.Body)
			seen[when+" "+r.Method+" "+r.URL.Path+" "+string(body)] = answer
		}})
	}
	if response, body, err := f.do(t, "POST", "/a", "hello"); err != nil || response.StatusCode != 202 || body != "hello" {
		t.Fatalf("got %v %q, %v", response, body, err)
	}
	before, isBefore := seen["before POST /a hello"]
	after := seen["after POST /a hello"]
	if !isBefore || before != nil || after == nil || after.Status != 202 || string(after.Body) != "hello" || len(after.Header["Link"]) != 2 {
		t.Errorf("got %+v", seen)
	}
}

func TestHands_ShowWhatWasRefused(t *testing.T) {
	t.Parallel()
	f := serve(t, &recorder{newCounter(), func(*http.Request) {}})
	if answer := f.ByHand(HandRequest{Method: "POST", Path: "/refuse"}); answer.Status != http.StatusConflict || string(answer.Body) != "no\n" {
		t.Errorf("got %+v", answer)
	}
	if answer := f.ByHand(HandRequest{Method: "?", Path: "/a"}); answer.Status != 0 {
		t.Errorf("got %+v", answer)
	}
	if _, body, _ := f.do(t, "GET", "/_sandbox/hands", ""); !strings.Contains(body, `"answer": "no\n"`) || !strings.Contains(body, "invalid method") {
		t.Errorf("got %s", body)
	}
}

func TestFault_Validate_Hand(t *testing.T) {
	t.Parallel()
	f := start(t)
	for fault, want := range map[string]string{
		`{"kind":"hand","when":"after","do":[{"method":"POST","path":"/a","body":{"b":1}}]}`: "",
		`{"kind":"hand","when":"soon","do":[{"method":"POST","path":"/a"}]}`:                 `when \"soon\" is not before or after`,
		`{"kind":"hand"}`:                                                  "needs something to do",
		`{"kind":"hand","do":[{"path":"/a"}]}`:                             "needs a method",
		`{"kind":"hand","do":[{"method":"PUT","path":"a"}]}`:               "needs a method",
		`{"kind":"hand","do":[{"method":"PUT","path":"https://a/b"}]}`:     "needs a method",
		`{"kind":"garbage","when":"after"}`:                                "when is for kind hand",
		`{"kind":"garbage","do":[{"method":"POST","path":"/a"}]}`:          "do is for kind hand",
		`{"kind":"hand","do":[{"method":"POST","path":"/a","unknown":1}]}`: "unknown field",
	} {
		response, body, err := f.do(t, "POST", "/_sandbox/faults", fault)
		switch {
		case err != nil:
			t.Fatal(err)
		case want == "" && response.StatusCode != 201:
			t.Errorf("%s: %s", fault, body)
		case want != "" && (response.StatusCode != 400 || !strings.Contains(body, want)):
			t.Errorf("%s: got %d %s, want %q", fault, response.StatusCode, body, want)
		}
	}
}

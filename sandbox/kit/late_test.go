package kit

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// hour is a delay that no test waits for.
const hour = Duration(time.Hour)

func TestLate_Cut_IsCarriedOutAllTheSame(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Inject(Fault{Kind: KindLate, Delay: Duration(20 * time.Millisecond), Cut: true, Count: 1})
	asked := time.Now()
	if response, _, err := f.do(t, "POST", "/a", "hello"); err == nil {
		t.Fatalf("the connection must be cut, got %d", response.StatusCode)
	}
	if err := f.Settle(t.Context()); err != nil || f.Pending() != 0 {
		t.Fatalf("%d pending, %v", f.Pending(), err)
	}
	if got := f.count("/a"); got != 1 {
		t.Errorf("executed %d times, want once", got)
	}
	requests := f.Requests()
	if len(requests) != 1 || requests[0].Status != 0 || requests[0].ExecutedAt.Sub(asked) < 20*time.Millisecond {
		t.Errorf("journal: %+v", requests)
	}
}

func TestLate_TheClientLeaves_IsCarriedOutAllTheSame(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Inject(Fault{Kind: KindLate, Delay: Duration(500 * time.Millisecond), Count: 1})
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, "POST", f.url+"/a", strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	left := make(chan error, 1)
	go func() {
		_, err := f.client.Do(request)
		left <- err
	}()
	for f.Pending() == 0 { // the request has come in
		runtime.Gosched()
	}
	if _, body, _ := f.do(t, "GET", "/_sandbox/pending", ""); !strings.Contains(body, `"pending": 1`) {
		t.Errorf("got %s", body)
	}
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := f.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, requests := f.count("/a"), f.Requests(); got != 1 || requests[0].ExecutedAt.IsZero() {
		t.Errorf("executed %d times, journal: %+v", got, requests)
	}
}

func TestLate_Reset_DropsWhatIsPending(t *testing.T) {
	t.Parallel()
	f := start(t)
	f.Inject(Fault{Kind: KindLate, Delay: hour, Cut: true, Count: 1})
	f.Inject(Fault{Kind: KindLate, Delay: hour})
	_, _, _ = f.do(t, "POST", "/cut", "")
	cutOff := make(chan error, 1)
	go func() {
		response, err := f.client.Post(f.url+"/waiting", "", nil)
		if err == nil {
			_ = response.Body.Close()
		}
		cutOff <- err
	}()
	for f.Pending() < 2 {
		runtime.Gosched()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.Settle(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a wait must end with its context, got %v", err)
	}
	f.Reset()
	if err := <-cutOff; err == nil {
		t.Error("who waits for an answer that never comes must be cut off")
	}
	if state, _ := f.State(); f.Pending() != 0 || state != "{}" {
		t.Errorf("%d pending, state %s", f.Pending(), state)
	}
}

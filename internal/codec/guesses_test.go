package codec_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	commonpb "go.temporal.io/api/common/v1"

	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/secret"
)

// asked sends a codec server a request as from an address, with a token, and returns the answer's status and when to come again.
func asked(t *testing.T, server http.Handler, from, token string) (status int, after string) {
	t.Helper()
	request := httptest.NewRequest(http.MethodPost, "http://codec.example/decode", bytes.NewReader(encrypted(t, "a")))
	request.RemoteAddr = from
	request.Header.Set("Authorization", "Bearer "+token)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	return recorder.Code, recorder.Header().Get("Retry-After")
}

// guarded is a codec server with a clock of the test's.
func guarded(t *testing.T) (server http.Handler, clock *atomic.Int64) {
	t.Helper()
	clock = new(atomic.Int64)
	return codec.NewServer(newCodec(t, key("a", 'a')), codec.ServerOptions{Token: secret.New(token), Now: func() time.Time { return time.Unix(clock.Load(), 0) }}), clock
}

func TestServer_WrongTokens_AreSlowedDown(t *testing.T) {
	t.Parallel()
	server, clock := guarded(t)
	const guesser, colleague = "198.51.100.7:1000", "198.51.100.8:1000"
	for range 10 {
		if status, _ := asked(t, server, guesser, "wrong"); status != http.StatusUnauthorized {
			t.Fatalf("one of the first wrong tokens is answered with %d", status)
		}
	}
	for _, each := range []string{"wrong", token} { // the right one is not looked at: that would be another guess
		if status, after := asked(t, server, "198.51.100.7:2000", each); status != http.StatusTooManyRequests || after != "5" {
			t.Errorf("the next is answered with %d, and again after %q", status, after)
		}
	}
	if status, _ := asked(t, server, colleague, token); status != http.StatusOK {
		t.Errorf("who knows the token gets %d", status)
	}
	clock.Add(5)
	if status, _ := asked(t, server, guesser, "wrong"); status != http.StatusUnauthorized {
		t.Errorf("after a while it is answered with %d", status)
	}
	if status, _ := asked(t, server, guesser, "wrong"); status != http.StatusTooManyRequests {
		t.Errorf("and then with %d", status)
	}
	clock.Add(5)
	if status, _ := asked(t, server, guesser, token); status != http.StatusOK {
		t.Errorf("the right one gets %d", status)
	}
}

func TestServer_WrongTokens_OfOneNetworkOrAtTheSameMoment(t *testing.T) {
	t.Parallel()
	server, _ := guarded(t)
	var refused atomic.Int64
	var group sync.WaitGroup
	for i := range 30 {
		group.Go(func() {
			if status, _ := asked(t, server, "[2001:db8:1:2::"+string(rune('a'+i%6))+"]:1000", "wrong"); status == http.StatusUnauthorized {
				refused.Add(1)
			}
		})
	}
	group.Wait()
	if refused.Load() != 10 {
		t.Errorf("%d guesses were looked at, want 10", refused.Load())
	}
}

func TestServer_SignIn_WrongTokens_AreSlowedDownToo(t *testing.T) {
	t.Parallel()
	server, _ := guarded(t)
	for i := range 11 {
		request := httptest.NewRequest(http.MethodPost, "http://codec.example/", strings.NewReader(url.Values{"token": {"wrong"}}.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		recorder := httptest.NewRecorder()
		server.ServeHTTP(recorder, request)
		want := http.StatusUnauthorized
		if i == 10 {
			want = http.StatusTooManyRequests
		}
		if recorder.Code != want {
			t.Errorf("wrong token %d is answered with %d, want %d", i+1, recorder.Code, want)
		}
	}
}

func TestServer_TooMuchAtOnce_IsRefused(t *testing.T) {
	t.Parallel()
	serving := served(t, token)
	payloads := func(n int) []byte {
		all := make([]*commonpb.Payload, n)
		for i := range all {
			all[i] = &commonpb.Payload{}
		}
		body, err := json.Marshal(&commonpb.Payloads{Payloads: all})
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	for name, test := range map[string]struct {
		body []byte
		want int
	}{
		"as many as may be":  {payloads(10_000), http.StatusOK},
		"one more":           {payloads(10_001), http.StatusBadRequest},
		"as long as may be":  {append([]byte(`{"payloads":[]}`), bytes.Repeat([]byte(" "), 16<<20-20)...), http.StatusOK},
		"longer than may be": {append([]byte(`{"payloads":[]}`), bytes.Repeat([]byte(" "), 16<<20)...), http.StatusBadRequest},
	} {
		for _, path := range []string{"/decode", "/encode"} {
			if response, body := ask(t, http.MethodPost, serving.URL+path, test.body, "Authorization", "Bearer "+token); response.StatusCode != test.want {
				t.Errorf("%s of %s: the answer is %s: %.200s", path, name, response.Status, body)
			}
		}
	}
}

// TestServer_ManyAtOnce_WaitForTheirTurn holds as many requests as are answered at the same time, in the middle of their bodies.
func TestServer_ManyAtOnce_WaitForTheirTurn(t *testing.T) {
	t.Parallel()
	server, _ := guarded(t)
	ask := func(ctx context.Context, body io.Reader) *httptest.ResponseRecorder {
		request := httptest.NewRequestWithContext(ctx, http.MethodPost, "http://codec.example/decode", body)
		request.Header.Set("Authorization", "Bearer "+token)
		recorder := httptest.NewRecorder()
		server.ServeHTTP(recorder, request)
		return recorder
	}
	var group sync.WaitGroup
	var held []*io.PipeWriter
	for range 8 {
		body, writer := io.Pipe()
		held = append(held, writer)
		group.Go(func() { ask(t.Context(), body) })
		if _, err := writer.Write([]byte(" ")); err != nil { // which returns once the server reads it
			t.Fatal(err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if answer := ask(gone, bytes.NewReader(encrypted(t, "a"))); answer.Body.Len() > 0 {
		t.Errorf("one more is answered: %s", answer.Body)
	}
	for _, writer := range held {
		_ = writer.Close()
	}
	group.Wait()
	if answer := ask(t.Context(), bytes.NewReader(encrypted(t, "a"))); answer.Code != http.StatusOK {
		t.Errorf("the next is answered with %d: %s", answer.Code, answer.Body)
	}
}

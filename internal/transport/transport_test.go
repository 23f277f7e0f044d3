package transport_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// dialect is a provider that says "code words" in a failure and its limits in headers of its own.
var dialect = transport.Dialect{
	Changes:  func(r *http.Request) bool { return r.Method != http.MethodGet },
	Provider: "okta", RequestID: "Request-Id",
	JSON:   func(r *http.Request) bool { return r.URL.Path != "/page" },
	Failed: func(body []byte) bool { return strings.Contains(string(body), `"success":false`) },
	Explain: func(body []byte) (string, string) {
		code, words, _ := strings.Cut(string(body), " ")
		return code, words
	},
	Kind: func(_ int, code string, kind transport.Kind) transport.Kind {
		if code == "FEATURE" {
			return transport.Forbidden
		}
		return kind
	},
	Limit: func(header http.Header) (int, time.Duration) {
		reset, _ := time.ParseDuration(header.Get("Reset"))
		left := -1
		if header.Get("Left") == "0" {
			left = 0
		}
		return left, reset
	},
	Bucket: func(r *http.Request) string { return r.URL.Path },
}

// ask sends one request to a server that answers as told, through the transport.
func ask(t *testing.T, path string, timeout time.Duration, answer http.HandlerFunc) (*http.Response, *transport.Error, error) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	response, err := transport.Client(dialect, transport.Options{Base: server.Client().Transport, Timeout: timeout}).Get(server.URL + path)
	if response != nil {
		t.Cleanup(func() { _ = response.Body.Close() })
	}
	return response, transport.As(err), err
}

func TestClient_EveryFailure_IsOneTypedError(t *testing.T) {
	t.Parallel()
	status := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Request-Id", "r1")
			w.Header().Set("Reset", "7s")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, test := range map[string]struct {
		answer               http.HandlerFunc
		kind                 transport.Kind
		retryable, ambiguous bool
	}{
		"400":                   {status(400, "E1 bad"), transport.Invalid, false, false},
		"401":                   {status(401, "E1 who"), transport.Unauthorized, false, false},
		"401 that means 403":    {status(401, "FEATURE missing"), transport.Forbidden, false, false},
		"403":                   {status(403, "E1 no"), transport.Forbidden, false, false},
		"404":                   {status(404, "E1 gone"), transport.NotFound, false, false},
		"409":                   {status(409, "E1 used"), transport.Conflict, false, false},
		"423":                   {status(423, "E1 locked"), transport.Unavailable, true, true},
		"429":                   {status(429, "E1 slow"), transport.RateLimited, true, false},
		"500":                   {status(500, "E1 oops"), transport.Unavailable, true, true},
		"503 with a page":       {status(503, "<html>"), transport.Unavailable, true, true},
		"200 that failed":       {status(200, `{"success":false}`), transport.Invalid, false, false},
		"200 that isn't JSON":   {status(200, "<html>"), transport.Malformed, true, true},
		"200 that is empty":     {status(200, ""), transport.Malformed, true, true},
		"a Link that is no URL": {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Link", `<:%zz>; rel="next"`) }, transport.Malformed, true, true},
		"cut before the answer": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, transport.Disconnected, true, true},
		"cut in the middle": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "99")
			_, _ = io.WriteString(w, "{")
		}, transport.Disconnected, true, true},
		"no answer in time": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, transport.TimedOut, true, true},
		"redirect":          {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }, transport.Malformed, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, failure, err := ask(t, "/", 300*time.Millisecond, test.answer)
			if failure == nil {
				t.Fatalf("no typed error: %v", err)
			}
			if failure.Kind != test.kind || failure.Retryable() != test.retryable || failure.Ambiguous() != test.ambiguous {
				t.Errorf("kind %s retryable %v ambiguous %v: %v", failure.Kind, failure.Retryable(), failure.Ambiguous(), failure)
			}
			if failure.Status >= 400 && (failure.RequestID != "r1" || failure.Summary == "") {
				t.Errorf("what the provider said is lost: %+v", failure)
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				t.Error("an SDK would find an EOF inside and repeat the request without end")
			}
		})
	}
}

func TestClient_CallerGivesUp_ErrorUnwrapsToItsContext(t *testing.T) {
	t.Parallel()
	asked := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { close(asked); <-r.Context().Done() }))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	_, err = transport.Client(dialect, transport.Options{}).Do(request)
	if !errors.Is(err, context.Canceled) || !transport.Ended(err) {
		t.Errorf("the error doesn't unwrap to context.Canceled: %v", err)
	}
}

func TestClient_PageWhereAPageIsDue_IsNoFailure(t *testing.T) {
	t.Parallel()
	if _, _, err := ask(t, "/page", 0, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }); err != nil {
		t.Error(err)
	}
}

func TestClient_RedirectWhereAPageIsDue_IsAnAnswer(t *testing.T) {
	t.Parallel()
	response, _, err := ask(t, "/page", 0, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/page", http.StatusFound) })
	if err != nil || response.StatusCode != http.StatusFound {
		t.Errorf("a redirect must be an answer: %v", err)
	}
}

func TestClient_ControlCharacters_AreNotPassedOn(t *testing.T) {
	t.Parallel()
	_, failure, _ := ask(t, "/", 0, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, "E1 one\x1b[2Jtwo\nthree\u202efour"+strings.Repeat("x", 10000))
	})
	if strings.ContainsAny(failure.Error(), "\x1b\n\u202e") || len(failure.Error()) > 1000 {
		t.Errorf("the error has control characters or is endless: %q", failure.Error())
	}
}

func TestClient_EmptyBucket_HoldsRequestsBack(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Left", "0")
		w.Header().Set("Reset", "1h")
		_, _ = io.WriteString(w, "{}")
	}))
	t.Cleanup(server.Close)
	client := transport.Client(dialect, transport.Options{})
	get := func(path string) *transport.Error {
		response, err := client.Get(server.URL + path)
		if response != nil {
			_ = response.Body.Close()
		}
		return transport.As(err)
	}
	if failure := get("/a"); failure != nil {
		t.Fatal(failure)
	}
	held := get("/a")
	if held == nil || held.Kind != transport.RateLimited || held.RetryAfter < 59*time.Minute {
		t.Errorf("the second request was not held back until the reset: %v", held)
	}
	if failure := get("/b"); failure != nil {
		t.Errorf("a request of another bucket was held back: %v", failure)
	}
	if asked.Load() != 2 {
		t.Errorf("%d requests were sent, want 2", asked.Load())
	}
}

func TestClient_ProviderQuotesWhatItWasSent_SecretsAreHidden(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, "12130 "+strings.Repeat("x", 380)+string(body)+" by "+r.Header.Get("Authorization"))
	}))
	t.Cleanup(server.Close)
	ctx := transport.Hiding(transport.Hiding(t.Context(), secret.New("client+secret/that-is-long"), secret.Secret{}), secret.New("00lookup-token-that-is-long"))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader("client+secret/that-is-long client%2Bsecret%2Fthat-is-long 00lookup-token-that-is-long"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer api-token-that-is-long")
	_, err = transport.Client(dialect, transport.Options{Base: server.Client().Transport}).Do(request)
	failure := transport.As(err)
	if failure == nil || !strings.Contains(failure.Summary, secret.Redacted) {
		t.Fatalf("got %v", err)
	}
	for _, part := range []string{"clie", "api-", "look"} {
		if strings.Contains(err.Error(), part) {
			t.Errorf("the error repeats %q: %v", part, err)
		}
	}
}

package cloudflare_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// TestEveryCall_LedToAnotherHost_DoesNotGoThere: the SDK would send the token to whom an answer names.
func TestEveryCall_LedToAnotherHost_DoesNotGoThere(t *testing.T) {
	t.Parallel()
	var strayed atomic.Int64
	other := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		strayed.Add(1)
		send(w, 200, []any{}, nil)
	}))
	t.Cleanup(other.Close)
	host := strings.TrimPrefix(other.URL, "https://")
	for name, answer := range map[string]http.HandlerFunc{
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.Path+"?token="+token, http.StatusTemporaryRedirect)
		},
		"link": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", "<"+other.URL+"/client/v4/accounts?after="+token+`>; rel="next"`)
			send(w, 200, []any{}, nil)
		},
	} {
		var asked atomic.Int64
		client := answering(t, func(w http.ResponseWriter, r *http.Request) { asked.Add(1); answer(w, r) })
		for call, run := range calls(t.Context()) {
			asked.Store(0)
			err := run(client)
			failure := transport.As(err)
			if failure == nil || failure.Kind != transport.Misdirected || failure.Provider != "cloudflare" || failure.Host != host || failure.Retryable() || !failure.Ambiguous() {
				t.Errorf("%s: %s ends with %v", name, call, err)
				continue
			}
			if asked.Load() != 1 {
				t.Errorf("%s: %s asked %d times", name, call, asked.Load())
			}
			if !strings.Contains(err.Error(), host) || strings.Contains(err.Error(), token) {
				t.Errorf("%s: %s says %v", name, call, err)
			}
		}
	}
	if strayed.Load() != 0 {
		t.Errorf("the other host was asked %d times", strayed.Load())
	}
}

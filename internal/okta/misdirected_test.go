package okta_test

import (
	"io"
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
		_, _ = io.WriteString(w, "[]")
	}))
	t.Cleanup(other.Close)
	host := strings.TrimPrefix(other.URL, "https://")
	for name, answer := range map[string]http.HandlerFunc{
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.Path+"?token="+token, http.StatusTemporaryRedirect)
		},
		"link": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", "<"+other.URL+"/api/v1/apps?after="+token+`>; rel="next"`)
			_, _ = io.WriteString(w, "[]")
		},
	} {
		var asked atomic.Int64
		client := answering(t, func(w http.ResponseWriter, r *http.Request) { asked.Add(1); answer(w, r) })
		for call, run := range calls(t.Context()) {
			asked.Store(0)
			err := run(client)
			if call == "AcceptsRedirect" && name == "redirect" { // it asks for a redirect, and follows none
				continue
			}
			failure := transport.As(err)
			if failure == nil || failure.Kind != transport.Misdirected || failure.Provider != "okta" || failure.Host != host || failure.Retryable() || !failure.Ambiguous() {
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

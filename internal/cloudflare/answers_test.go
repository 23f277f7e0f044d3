package cloudflare_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// answering is a client of an account that answers as told, which doesn't wait for what is deleted to be gone.
func answering(t *testing.T, answer http.HandlerFunc) *cloudflare.Client {
	t.Helper()
	return settling(t, time.Millisecond, answer)
}

// settling is a client that waits so long for what is deleted to be gone.
func settling(t *testing.T, settle time.Duration, answer http.HandlerFunc) *cloudflare.Client {
	t.Helper()
	server := httptest.NewTLSServer(answer)
	t.Cleanup(server.Close)
	client, err := cloudflare.New(server.URL, account, secret.New(token), transport.Options{Base: server.Client().Transport, Settle: settle})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// send writes an envelope.
func send(w http.ResponseWriter, status int, result any, info map[string]int) {
	body := map[string]any{"success": status < 400, "errors": []any{}, "messages": []any{}, "result": result}
	if info != nil {
		body["result_info"] = info
	}
	if status >= 400 {
		body["errors"] = []any{result}
		body["result"] = nil
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// last is the last part of a request's path.
func last(r *http.Request) string { return r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:] }

package cloudflare_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// answering is a client of an account that answers as told.
func answering(t *testing.T, answer http.HandlerFunc, changes ...func(*transport.Options)) *cloudflare.Client {
	t.Helper()
	server := httptest.NewTLSServer(answer)
	t.Cleanup(server.Close)
	options := transport.Options{Base: server.Client().Transport}
	for _, change := range changes {
		change(&options)
	}
	client, err := cloudflare.New(server.URL, account, secret.New(token), options)
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

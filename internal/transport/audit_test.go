package transport_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// TestAudit_EveryChangeThatWasSent_IsOneLine, and nothing else is one.
func TestAudit_EveryChangeThatWasSent_IsOneLine(t *testing.T) {
	t.Parallel()
	const shown = "00-s3cret-token-of-this-org"
	status := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Request-Id", "req-1")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	refuse := func(context.Context) (transport.Permit, error) {
		return transport.Permit{}, errors.New("no more this worker's")
	}
	for name, test := range map[string]struct {
		method, path string
		answer       http.HandlerFunc
		guard        transport.Guard
		want         string // "" is no line
	}{
		"created":              {"POST", "/apps", status(200, `{"id":"app-1","name":"x"}`), nil, `POST /apps "app" app-1 done 200 req-1 `},
		"created, enveloped":   {"POST", "/apps", status(201, `{"result":{"id":"app-1"}}`), nil, `POST /apps "app" app-1 done 201 req-1 `},
		"answered with no id":  {"POST", "/apps", status(200, `{"id":5}`), nil, `POST /apps "app"  done 200 req-1 `},
		"answered with a text": {"POST", "/apps", status(200, `{"id":"<script>"}`), nil, `POST /apps "app"  done 200 req-1 `},
		"answered a secret":    {"POST", "/apps", status(200, `{"id":"`+shown+`"}`), nil, `POST /apps "app"  done 200 req-1 `},
		"changed":              {"PUT", "/apps/app-2", status(200, `{"id":"other"}`), nil, `PUT /apps/app-2 "app" app-2 done 200 req-1 `},
		"deleted":              {"DELETE", "/apps/app-2", status(204, ``), nil, `DELETE /apps/app-2 "app" app-2 done 204 req-1 `},
		"of no known kind":     {"POST", "/elsewhere", status(200, `{}`), nil, `POST /elsewhere ""  done 200 req-1 `},
		"refused":              {"PUT", "/apps/app-2", status(403, "E1 no"), nil, `PUT /apps/app-2 "app" app-2 refused 403 req-1 forbidden`},
		"refused for now":      {"PUT", "/apps/app-2", status(429, "E1 no"), nil, `PUT /apps/app-2 "app" app-2 refused 429 req-1 rate_limited`},
		"failed":               {"PUT", "/apps/app-2", status(503, "no"), nil, `PUT /apps/app-2 "app" app-2 unknown 503 req-1 unavailable`},
		"answer lost": {
			"POST", "/apps", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, nil,
			`POST /apps "app"  unknown 0  disconnected`,
		},
		"read":     {"GET", "/apps", status(200, `{}`), nil, ""},
		"not sent": {"POST", "/apps", status(200, `{}`), refuse, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(test.answer)
			t.Cleanup(server.Close)
			spoken := dialect
			spoken.Endpoints = transport.NewEndpoints("/", map[string]string{"/apps": "app", "/apps/{app}": "app"})
			var logged bytes.Buffer
			client := transport.Client(spoken, transport.Options{
				Base: server.Client().Transport, Timeout: 5 * time.Second, Owner: "okta.orgs.acme", Audit: slog.New(slog.NewJSONHandler(&logged, nil)),
			})
			ctx := transport.OnBehalf(t.Context(), slog.String("connection", "acme"), slog.Int("attempt", 3))
			if test.guard != nil {
				ctx = transport.Guarded(ctx, test.guard)
			}
			request, err := http.NewRequestWithContext(ctx, test.method, server.URL+test.path+"?q=name-of-a-person", strings.NewReader(`{"body":"of the request"}`))
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Authorization", "SSWS "+shown)
			if response, err := client.Do(request); err == nil {
				body, err := io.ReadAll(response.Body)
				_ = response.Body.Close()
				if err != nil || (test.want != "" && response.StatusCode != http.StatusNoContent && len(body) == 0) {
					t.Errorf("the answer can't be read any more: %q, %v", body, err)
				}
			}
			if test.want == "" {
				if logged.Len() != 0 {
					t.Errorf("the audit log has %s", logged.String())
				}
				return
			}
			checkAudit(t, logged.Bytes(), test.want)
			for _, hidden := range []string{shown, "name-of-a-person", "of the request"} {
				if strings.Contains(logged.String(), hidden) {
					t.Errorf("the audit log shows %q: %s", hidden, logged.String())
				}
			}
		})
	}
}

// checkAudit holds the one line of an audit log against what it is to say, and against what all lines say.
func checkAudit(t *testing.T, logged []byte, want string) {
	t.Helper()
	var line struct {
		Msg, Provider, Owner, Connection, Method, Path, Kind, ID, Result, Error string
		Status, Attempt                                                         int
		RequestID                                                               string `json:"request_id"`
	}
	if err := json.Unmarshal(logged, &line); err != nil {
		t.Fatalf("the audit log is no one line: %v: %s", err, logged)
	}
	got := fmt.Sprintf("%s %s %q %s %s %d %s %s", line.Method, line.Path, line.Kind, line.ID, line.Result, line.Status, line.RequestID, line.Error)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the line (-want +got):\n%s", diff)
	}
	if line.Msg != "audit" || line.Provider != "okta" || line.Owner != "okta.orgs.acme" || line.Connection != "acme" || line.Attempt != 3 {
		t.Errorf("the line is %+v", line)
	}
}

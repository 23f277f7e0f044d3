package transport_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/transport"
)

func TestClient_ClockIsWrong_SaysSoOnceAndInWhatItExplains(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		off  time.Duration
		want string
	}{
		"right":        {0, ""},
		"nearly right": {4 * time.Minute, ""},
		"behind":       {2 * time.Hour, "this machine's clock is 2h0m"},
		"ahead":        {-2 * time.Hour, "this machine's clock is 2h0m"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Date", time.Now().Add(test.off+time.Second/2).UTC().Format(http.TimeFormat))
				if r.URL.Path == "/refused" {
					w.WriteHeader(http.StatusUnauthorized)
				}
				_, _ = io.WriteString(w, "{}")
			}))
			t.Cleanup(server.Close)
			var logged bytes.Buffer
			client := transport.Client(dialect, transport.Options{Base: server.Client().Transport, Logger: slog.New(slog.NewTextHandler(&logged, nil))})
			for range 2 {
				response, err := client.Get(server.URL)
				if err != nil {
					t.Fatal(err)
				}
				_ = response.Body.Close()
			}
			_, err := client.Get(server.URL + "/refused")
			if err == nil || strings.Contains(err.Error(), "clock") != (test.want != "") || !strings.Contains(err.Error(), test.want) {
				t.Errorf("the failure is %v", err)
			}
			if got := strings.Count(logged.String(), "level=WARN"); (got == 1) != (test.want != "") || !strings.Contains(logged.String(), test.want) {
				t.Errorf("the log is %q", logged.String())
			}
			if test.want != "" && !strings.Contains(logged.String(), name+" ") {
				t.Errorf("the log doesn't say %s: %q", name, logged.String())
			}
		})
	}
}

func TestClient_NegativeReset_IsNoTimeToWait(t *testing.T) {
	t.Parallel()
	_, failure, _ := ask(t, "/", 0, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Reset", "-5h")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	if failure == nil || failure.RetryAfter != 0 {
		t.Errorf("got %+v", failure)
	}
}

package transport_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// saying is a provider that always says the same.
type saying struct {
	status       int
	header, body string
}

// RoundTrip answers with the header's value in every header that the transport reads.
func (s saying) RoundTrip(request *http.Request) (*http.Response, error) {
	header := http.Header{}
	for _, name := range []string{"Link", "Request-Id", "Reset", "Left", "Location", "Content-Length", "Date"} {
		header.Set(name, s.header)
	}
	return &http.Response{StatusCode: s.status, Header: header, Body: io.NopCloser(strings.NewReader(s.body)), Request: request, ProtoMajor: 1}, nil
}

// FuzzAnswers gives the transport any answer: it ends well or as an *Error, and neither that nor a log line has anything in it
// that a terminal or a reader of logs acts on.
func FuzzAnswers(f *testing.F) {
	f.Add(200, `<https://a.example/?after=1>; rel="next"`, `{"a":1}`)
	f.Add(200, `<:%zz>; rel="next"`, "")
	f.Add(200, "\x1b[31m", `{"success":false}`)
	f.Add(204, "", "")
	f.Add(302, "https://evil.example/", "")
	f.Add(400, "forged\nlevel=ERROR", "E1 one\x1b[2J two\nlevel=ERROR msg=forged \u202e")
	f.Add(429, "7s", "E1 slow")
	f.Add(503, "99999999999999999h", "<html>")
	f.Fuzz(func(t *testing.T, status int, header, body string) {
		var log bytes.Buffer
		client := transport.Client(dialect, transport.Options{
			Base: saying{status, header, body}, Timeout: time.Second,
			Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		})
		response, err := client.Get("https://a.example/api/v1/apps")
		if response != nil {
			_ = response.Body.Close()
		}
		if err != nil && transport.As(err) == nil && (response == nil || response.StatusCode/100 != 3) {
			t.Fatalf("the failure is no *Error: %v", err)
		}
		if failure := transport.As(err); failure != nil && (strings.ContainsFunc(failure.Error(), func(r rune) bool { return !unicode.IsPrint(r) }) || len(failure.Error()) > 10_000) {
			t.Errorf("the error has what a terminal acts on, or is endless: %q", failure.Error())
		}
		if line := strings.TrimSuffix(log.String(), "\n"); strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("the log line can be forged: %q", line)
		}
	})
}

package transporttest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/accessbridge/accessbridge/internal/transport"
)

// Misdirected is a provider whose answers lead to another host, and a client of it: its SDK would send the token there.
type Misdirected[Client any] struct {
	Provider string
	Token    string
	// Empty is the body of an answer with nothing in it, List the path of something that has pages.
	Empty string
	List  string
	// Client is a client whose requests the handler answers, Calls are all that it can be asked for.
	Client func(t *testing.T, answer http.HandlerFunc) Client
	Calls  map[string]func(Client) error
	// TakesRedirect is the call that asks for a redirect and follows none; "" where there is none.
	TakesRedirect string
}

// Refused fails the test unless every call ends at an answer that leads to another host, with an error that names the host and not the token.
func (m Misdirected[Client]) Refused(t *testing.T) {
	t.Helper()
	var strayed atomic.Int64
	other := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		strayed.Add(1)
		m.nothing(w)
	}))
	t.Cleanup(other.Close)
	for kind, answer := range m.answers(other.URL) {
		var asked atomic.Int64
		client := m.Client(t, func(w http.ResponseWriter, r *http.Request) { asked.Add(1); answer(w, r) })
		for name, call := range m.Calls {
			asked.Store(0)
			err := call(client)
			if kind == redirect && name == m.TakesRedirect {
				continue
			}
			m.isMisdirected(t, kind+": "+name, err, strings.TrimPrefix(other.URL, "https://"))
			if asked.Load() != 1 {
				t.Errorf("%s: %s asked %d times", kind, name, asked.Load())
			}
		}
	}
	if strayed.Load() != 0 {
		t.Errorf("the other host was asked %d times", strayed.Load())
	}
}

// redirect is the kind of answer that sends the client elsewhere at once.
const redirect = "redirect"

// answers lead to the other host, by their kind.
func (m Misdirected[Client]) answers(other string) map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		redirect: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other+r.URL.Path+"?token="+m.Token, http.StatusTemporaryRedirect)
		},
		"link": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Link", "<"+other+m.List+"?after="+m.Token+`>; rel="next"`)
			m.nothing(w)
		},
	}
}

func (m Misdirected[Client]) nothing(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, m.Empty)
}

// isMisdirected fails the test unless a call ended with the error for an answer that led to the host.
func (m Misdirected[Client]) isMisdirected(t *testing.T, call string, err error, host string) {
	t.Helper()
	failure := transport.As(err)
	if failure == nil || failure.Kind != transport.Misdirected || failure.Provider != m.Provider || failure.Host != host || failure.Retryable() || !failure.Ambiguous() {
		t.Errorf("%s ends with %v", call, err)
		return
	}
	if !strings.Contains(err.Error(), host) || strings.Contains(err.Error(), m.Token) {
		t.Errorf("%s says %v", call, err)
	}
}

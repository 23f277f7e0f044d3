package transport_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/transport"
)

// clientSecret is a secret that no test may find in words.
const clientSecret = "q+Zr/x7Vn2Lk-9TdW_4bYcHs"

// quoting is a dialect of a provider whose secrets are at /secrets, and that shows one at /app.
func quoting() transport.Dialect {
	quoting := dialect
	quoting.Secrecy = func(r *http.Request) transport.Secrecy {
		return map[string]transport.Secrecy{"/secrets": transport.Wholly, "/app": transport.Partly}[r.URL.Path]
	}
	return quoting
}

// raw is a server that answers a request with these bytes, however wrong, and then waits for the client to close the connection.
func raw(t *testing.T, answer string) (address string, closed <-chan struct{}) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	done := make(chan struct{})
	go func() {
		defer close(done)
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		defer connection.Close()
		reader := bufio.NewReader(connection)
		if _, err := http.ReadRequest(reader); err != nil {
			return
		}
		_, _ = io.WriteString(connection, answer)
		_, _ = io.Copy(io.Discard, reader)
	}()
	return "http://" + listener.Addr().String(), done
}

func TestClient_MalformedAnswer_NothingOfItIsTold(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"status line":       clientSecret + "\r\n\r\n",
		"protocol":          "HTTP/" + clientSecret + " 200 OK\r\n\r\n",
		"status":            "HTTP/1.1 " + clientSecret + " OK\r\n\r\n",
		"header":            "HTTP/1.1 200 OK\r\n" + clientSecret + "\r\n\r\n",
		"header's name":     "HTTP/1.1 200 OK\r\n" + clientSecret + " x: y\r\n\r\n",
		"content length":    "HTTP/1.1 200 OK\r\nContent-Length: " + clientSecret + "\r\n\r\n",
		"two lengths":       "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: " + clientSecret + "\r\n\r\n{}",
		"transfer encoding": "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + clientSecret + "\r\n\r\n",
		"chunk":             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + clientSecret + "\r\n",
		"no JSON":           "HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n" + clientSecret,
		"location":          "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: :%zz" + clientSecret + "\r\n\r\n",
		"link":              "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nLink: <:%zz" + clientSecret + ">; rel=\"next\"\r\n\r\n{}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"/", "/page"} {
				if path == "/page" && name != "location" {
					continue
				}
				address, _ := raw(t, answer)
				response, err := transport.Client(quoting(), transport.Options{Base: &http.Transport{}, Timeout: 5 * time.Second}).Get(address + path)
				if response != nil {
					_ = response.Body.Close()
				}
				failure := transport.As(err)
				if failure == nil || failure.Kind != transport.Malformed {
					t.Fatalf("%s: the failure is %v", path, err)
				}
				if strings.Contains(err.Error(), clientSecret[:8]) || strings.Contains(err.Error(), clientSecret[16:]) {
					t.Errorf("%s: the error quotes the answer: %v", path, err)
				}
			}
		})
	}
}

// TestClient_AnswerLongerThanItSays_IsNotLogged isn't parallel: net/http logs to the one standard logger.
func TestClient_AnswerLongerThanItSays_IsNotLogged(t *testing.T) {
	var logged bytes.Buffer
	log.SetOutput(&logged)
	t.Cleanup(func() { log.SetOutput(io.Discard) })
	for _, path := range []string{"/secrets", "/app", "/hiding"} {
		address, closed := raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"+clientSecret)
		ctx := t.Context()
		if path == "/hiding" {
			ctx = transport.Hiding(ctx, secret.New(clientSecret))
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, address+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		base := &http.Transport{}
		response, err := transport.Client(quoting(), transport.Options{Base: base, Timeout: 5 * time.Second}).Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		<-closed // the client has read what was left, and closed the connection
		base.CloseIdleConnections()
	}
	if logged.Len() > 0 {
		t.Errorf("the standard logger got %q", logged.String())
	}
}

func TestClient_SecretsEndpointFails_OnlyTheCodeIsTold(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, "E0000001 the record is client_secret=short1")
	}))
	t.Cleanup(server.Close)
	_, err := transport.Client(quoting(), transport.Options{Base: server.Client().Transport}).Get(server.URL + "/secrets")
	failure := transport.As(err)
	if failure == nil || failure.Code != "E0000001" || failure.Kind != transport.Invalid || failure.Summary == "" || strings.Contains(err.Error(), "record") {
		t.Errorf("the failure is %v", err)
	}
}

func TestClient_ProviderQuotesInAnyEncoding_SecretsAreHidden(t *testing.T) {
	t.Parallel()
	escaped := ""
	for _, b := range []byte(clientSecret) {
		escaped += "%" + hex.EncodeToString([]byte{b})
	}
	quotations := map[string]string{
		"plain": clientSecret, "the start": clientSecret[:8], "the middle": clientSecret[7:15], "the end": clientSecret[len(clientSecret)-8:],
		"base64": base64.StdEncoding.EncodeToString([]byte(clientSecret)), "base64 for URLs": base64.URLEncoding.EncodeToString([]byte(clientSecret)),
		"raw base64":             base64.RawStdEncoding.EncodeToString([]byte(clientSecret)),
		"raw base64 for URLs":    base64.RawURLEncoding.EncodeToString([]byte(clientSecret)),
		"base64 of more":         base64.StdEncoding.EncodeToString([]byte("a" + clientSecret)),
		"base64 of more still":   base64.StdEncoding.EncodeToString([]byte("ab" + clientSecret)),
		"base64 of a part":       base64.StdEncoding.EncodeToString([]byte(clientSecret[5:15])),
		"hex":                    hex.EncodeToString([]byte(clientSecret)),
		"hex in capitals":        strings.ToUpper(hex.EncodeToString([]byte(clientSecret))),
		"hex of a part":          hex.EncodeToString([]byte(clientSecret[3:11])),
		"escaped for a query":    url.QueryEscape(clientSecret),
		"escaped for a path":     url.PathEscape(clientSecret),
		"a part, escaped":        url.QueryEscape(clientSecret)[1:9],
		"a part, for a path":     url.PathEscape(clientSecret)[:9],
		"twice, with text after": clientSecret + clientSecret + " is wrong",
		"JSON":                   `{"client_secret":"` + clientSecret + `"}`,
	}
	for name, quotation := range quotations {
		for where, header := range map[string]string{"sent": "", "authorization": "SSWS " + clientSecret} {
			t.Run(name+" "+where, func(t *testing.T) {
				t.Parallel()
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Request-Id", quotation)
					w.WriteHeader(http.StatusBadRequest)
					_, _ = io.WriteString(w, "E1 these are shown: "+quotation+" as well as the rest")
				}))
				t.Cleanup(server.Close)
				ctx := t.Context()
				if header == "" {
					ctx = transport.Hiding(ctx, secret.New(clientSecret))
				}
				request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, http.NoBody)
				if err != nil {
					t.Fatal(err)
				}
				request.Header.Set("Authorization", header)
				_, err = transport.Client(dialect, transport.Options{Base: server.Client().Transport}).Do(request)
				failure := transport.As(err)
				if failure == nil || !strings.Contains(failure.Summary, "these are shown: ") || !strings.Contains(failure.Summary, " the rest") {
					t.Fatalf("the words around it are lost: %v", err)
				}
				for at := 0; at+8 <= len(quotation); at++ {
					if part := quotation[at : at+8]; strings.Contains(err.Error(), part) && name != "JSON" && !strings.Contains(part, " ") {
						t.Fatalf("%q is told: %v", part, err)
					}
				}
				if strings.Contains(err.Error(), clientSecret[:8]) || strings.Contains(err.Error(), clientSecret[12:20]) {
					t.Errorf("the secret is told: %v", err)
				}
			})
		}
	}
}

func TestClient_CodeIsASecret_IsNotTold(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, r.Header.Get("Authorization")[len("SSWS "):][:9]+" words")
	}))
	t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "SSWS "+clientSecret)
	_, err = transport.Client(dialect, transport.Options{Base: server.Client().Transport}).Do(request)
	if failure := transport.As(err); failure == nil || failure.Code != "" || failure.Summary != "words" {
		t.Errorf("got %v", err)
	}
}

func TestClient_ProviderQuotesAnUnknownSecret_ItIsHidden(t *testing.T) {
	t.Parallel()
	unknown := strings.Repeat("aB3dE", 13)[:64]
	id := "0oau0hvgs0aM3AjZW1d7 f174e90a-fafe-4643-bbbc-4a0ed4fc8415 accessbridge-a-connection-with-a-very-long-name-0123abcd"
	_, failure, _ := ask(t, "/", 0, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, "E1 the app "+id+" has "+unknown)
	})
	if strings.Contains(failure.Summary, unknown[:8]) || !strings.Contains(failure.Summary, id) {
		t.Errorf("got %v", failure)
	}
}

func TestClient_NoConnection_SaysWhyInKnownWords(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	tls := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(tls.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, test := range map[string]struct {
		url  string
		kind transport.Kind
		want string
	}{
		"refused": {gone.URL, transport.Disconnected, "the connection was refused: dial tcp"},
		"DNS":     {"http://nowhere.invalid", transport.Disconnected, "address isn't found"},
		"TLS":     {tls.URL, transport.Untrusted, "certificate is not trusted"},
		"no TLS":  {strings.Replace(plain.URL, "http:", "https:", 1), transport.Disconnected, "speaks no TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := transport.Client(dialect, transport.Options{Base: &http.Transport{}, Timeout: 5 * time.Second}).Get(test.url)
			failure := transport.As(err)
			if failure == nil || failure.Kind != test.kind || !strings.Contains(failure.Summary, test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

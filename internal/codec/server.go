package codec

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.temporal.io/sdk/converter"

	"github.com/accessbridge/accessbridge/internal/secret"
)

// sessionCookie is what a browser that has shown the token once sends from then on.
const sessionCookie = "accessbridge-codec"

// ServerOptions say who may ask a codec server.
type ServerOptions struct {
	// Origins are those of Temporal UI: pages of others are refused.
	Origins []string
	// Token is what callers must know; zero for a server that only this machine reaches.
	Token secret.Secret
	// TLS tells that it is served by TLS.
	TLS bool
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// server answers Temporal UI and Temporal's command line.
type server struct {
	options ServerOptions
	payload http.Handler
	guesses *guesses
	// turns has room for the requests that are answered at the same time.
	turns chan struct{}
}

// NewServer is a codec server: Temporal UI and Temporal's command line send it encrypted payloads and get them readable.
func NewServer(codec *Codec, options ServerOptions) http.Handler {
	s := &server{
		options: options, payload: converter.NewPayloadCodecHTTPHandler(bounded{codec}),
		guesses: newGuesses(options.Now), turns: make(chan struct{}, mostAtOnce),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("OPTIONS /", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("POST /{$}", s.signIn)
	for _, path := range []string{"/encode", "/decode", "/{namespace}/encode", "/{namespace}/decode"} {
		mux.HandleFunc("POST "+path, s.answer)
	}
	return s.guard(mux)
}

// guard lets pages of Temporal UI in and keeps those of others out. Tools send no origin.
func (s *server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Vary", "Origin")
		header.Set("Cache-Control", "no-store")
		header.Set("X-Content-Type-Options", "nosniff")
		origin := r.Header.Get("Origin")
		switch {
		case s.options.Token.IsZero() && !loopback(r.Host):
			// A name that leads here only by a foreign name server: the page of somebody else would count as ours.
			http.Error(w, "without a token only this machine may ask, by localhost or its address", http.StatusForbidden)
			return
		case slices.Contains(s.options.Origins, origin):
			header.Set("Access-Control-Allow-Origin", origin)
			header.Set("Access-Control-Allow-Credentials", "true")
			header.Set("Access-Control-Allow-Methods", "POST, OPTIONS")
			header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Namespace")
		case origin != "" && origin != s.self(r):
			http.Error(w, "this origin may not ask; add it to codec_server.ui_origins if it is Temporal UI's", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// answer decrypts or encrypts payloads for those who know the token.
func (s *server) answer(w http.ResponseWriter, r *http.Request) {
	known, wait := s.knows(r)
	if wait > 0 {
		http.Error(w, "too many wrong tokens came from this address: "+tooSoon(w, wait), http.StatusTooManyRequests)
		return
	}
	if !known {
		w.Header().Set("WWW-Authenticate", `Bearer realm="codec server"`)
		http.Error(w, "the token is missing or wrong: send it as Authorization: Bearer TOKEN, or open this server's own address in the browser and sign in", http.StatusUnauthorized)
		return
	}
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-r.Context().Done():
		return // the caller is gone
	}
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	s.payload.ServeHTTP(w, r)
}

// tooSoon says when a caller that was wrong too often may try again, in words and in the answer's header.
func tooSoon(w http.ResponseWriter, wait time.Duration) string {
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	w.Header().Set("Retry-After", seconds)
	return "try again in " + seconds + " s"
}

// knows reports whether the caller has shown the token, or how long one must wait that was wrong too often. The cookie can't be guessed: it
// is as long as a key.
func (s *server) knows(r *http.Request) (is bool, wait time.Duration) {
	if s.options.Token.IsZero() {
		return true, 0
	}
	if cookie, err := r.Cookie(sessionCookie); err == nil && hmac.Equal([]byte(cookie.Value), []byte(s.session())) {
		return true, 0
	}
	token, sent := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !sent {
		return false, 0
	}
	return s.right(r, token)
}

// right reports whether a token is the one, or how long its caller must wait.
func (s *server) right(r *http.Request, token string) (is bool, wait time.Duration) {
	return s.guesses.try(addressOf(r), func() bool { return s.options.Token.Equal(secret.New(token)) })
}

// session is the value of the cookie: it shows that its bearer knew the token, and can't be turned back into it.
func (s *server) session() string {
	mac := hmac.New(sha256.New, []byte(s.options.Token.Reveal()))
	_, _ = io.WriteString(mac, sessionCookie) // never fails
	return hex.EncodeToString(mac.Sum(nil))
}

// page asks a person for the token, because Temporal UI has no field for one.
func (s *server) page(w http.ResponseWriter, _ *http.Request) { s.write(w, http.StatusOK, form) }

// signIn gives a browser that shows the token the cookie.
func (s *server) signIn(w http.ResponseWriter, r *http.Request) {
	const mostForm = 4 << 10
	r.Body = http.MaxBytesReader(w, r.Body, mostForm)
	right, wait := s.right(r, strings.TrimSpace(r.PostFormValue("token")))
	if wait > 0 {
		s.write(w, http.StatusTooManyRequests, "<p>Too many wrong tokens came from here: "+tooSoon(w, wait)+".</p>"+form)
		return
	}
	if s.options.Token.IsZero() || !right {
		s.write(w, http.StatusUnauthorized, "<p>This is not the token.</p>"+form)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: sessionCookie, Value: s.session(), Path: "/", HttpOnly: true, Secure: s.options.TLS, SameSite: http.SameSiteStrictMode,
	})
	s.write(w, http.StatusOK, "<p>Temporal UI in this browser can read encrypted runs now, until the browser is closed. Switch on "+
		"<em>Include cross-origin credentials</em> in its codec server settings.</p>")
}

const form = `<form method="post"><label>Token of the codec server: <input type="password" name="token" autofocus></label> <button>Sign in</button></form>`

func (s *server) write(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<!doctype html><title>accessbridge codec server</title>"+body)
}

// self is the origin of the server's own page.
func (s *server) self(r *http.Request) string {
	if s.options.TLS {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// loopback tells whether a host, with or without a port, is this machine by its own name.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

package kit

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

// Listener is an address with TLS, open before there is anything to serve: a simulator can be told its
// own URL before it is made.
type Listener struct {
	host   string
	inner  net.Listener
	server *http.Server
	served sync.WaitGroup
}

// Listen opens the address with a certificate of the authority. The name is what clients call it by,
// without the port; when empty, it is the address's own host.
func Listen(address string, ca *CA, name string) (*Listener, error) {
	inner, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	listener := &Listener{host: inner.Addr().String(), inner: inner}
	var names []string
	if name != "" {
		_, port, _ := net.SplitHostPort(listener.host) // an address that was listened on has a port
		listener.host = net.JoinHostPort(name, port)
		names = append(names, name)
	}
	certificate, err := ca.Leaf(names...)
	if err != nil {
		return nil, errors.Join(err, inner.Close())
	}
	// HTTP/1.1 only: a dropped connection is then the loss of one request, as the faults promise.
	listener.inner = tls.NewListener(inner, &tls.Config{
		Certificates: []tls.Certificate{certificate},
		NextProtos:   []string{"http/1.1"},
		MinVersion:   tls.VersionTLS12,
	})
	return listener, nil
}

// complaints are what a server has to say about itself, such as a panic. A client that doesn't trust the
// authority is not among them: that is the client's story to tell.
type complaints struct{}

func (complaints) Write(line []byte) (int, error) {
	if bytes.Contains(line, []byte("TLS handshake error")) {
		return len(line), nil
	}
	return os.Stderr.Write(line)
}

// Host is the host and port that clients use.
func (l *Listener) Host() string { return l.host }

// URL is the origin that clients use, without a slash at the end.
func (l *Listener) URL() string { return "https://" + l.host }

// Serve answers with the handler, in the background, until Close.
func (l *Listener) Serve(handler http.Handler) {
	l.server = &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: time.Minute,
		ErrorLog:          log.New(complaints{}, "sandbox: ", 0),
	}
	l.served.Go(func() { _ = l.server.Serve(l.inner) }) // ends with ErrServerClosed at Close
}

// Close closes the address and every connection to it.
func (l *Listener) Close() error {
	if l.server == nil {
		return l.inner.Close()
	}
	err := l.server.Close()
	l.served.Wait()
	return err
}

package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
)

// broken is a request that got no whole answer. The HTTP library quotes in its errors what the server sent, which can be a secret:
// so an error of it is told apart by its type, and told in words of our own.
func (t *roundTripper) broken(request *http.Request, ctx context.Context, err error) *Error {
	failure := t.failure(request, Malformed)
	switch {
	case request.Context().Err() != nil:
		failure.Kind, failure.context = TimedOut, request.Context().Err()
		failure.Summary = "given up before an answer came"
	case ctx.Err() != nil:
		failure.Kind = TimedOut
		failure.Summary = fmt.Sprintf("no answer within %s", t.options.Timeout)
	default:
		failure.Kind, failure.Summary = cause(err)
	}
	return failure
}

// cause is the kind of an error of the HTTP library, and what to say of it. An error of no known type is an answer that is no HTTP.
func cause(err error) (Kind, string) {
	var certificate *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	var alert tls.AlertError
	var unknownHost *net.DNSError
	var slow net.Error
	switch {
	case errors.As(err, &certificate):
		return Untrusted, "the server's certificate is not trusted: " + printable(certificate.Err.Error())
	case errors.As(err, &noTLS):
		return Disconnected, "the server speaks no TLS there"
	case errors.As(err, &alert), remoteAlert(err):
		return Disconnected, "the server and this worker agree on no TLS connection"
	case errors.As(err, &unknownHost):
		return Disconnected, "the server's address isn't found: " + printable(unknownHost.Error())
	case dialed(err) != nil:
		return Disconnected, "the connection was refused: " + printable(dialed(err).Error())
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return TimedOut, "the server took too long to answer"
	case cut(err):
		return Disconnected, "the connection was cut before the answer was whole"
	default:
		return Malformed, "the answer is not HTTP as it should be; a proxy may stand between"
	}
}

// dialed is the operating system's error of a connection that didn't come about, or nil.
func dialed(err error) error {
	var operation *net.OpError
	for errors.As(err, &operation) {
		if operation.Op == "dial" {
			return operation
		}
		err = operation.Err
	}
	return nil
}

// remoteAlert reports whether the server ended the TLS handshake.
func remoteAlert(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && (operation.Op == "remote error" || operation.Op == "local error")
}

// cutTexts begin the errors of a connection's end that have no type to be told by.
var cutTexts = []string{
	"http: server closed idle connection", "http2: ", "stream error: ", "connection error: ",
}

// cut reports whether a connection ended in the middle.
func cut(err error) bool {
	for _, ending := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED} {
		if errors.Is(err, ending) {
			return true
		}
	}
	var operation *net.OpError
	if errors.As(err, &operation) {
		return true
	}
	for _, text := range cutTexts {
		if strings.HasPrefix(err.Error(), text) {
			return true
		}
	}
	return false
}

package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/config"
	"github.com/accessbridge/accessbridge/internal/secret"
)

// selfSigned is a certificate of this machine, and those who trust it.
func selfSigned(t *testing.T) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	encoded, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(encoded)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Certificate{Certificate: [][]byte{encoded}, PrivateKey: private}, roots
}

// lines passes on what is written, a line a write, as slog does.
type lines chan string

func (l lines) Write(line []byte) (int, error) {
	l <- string(line)
	return len(line), nil
}

func TestServeCodec_WithACertificate_ServesTLSUntilToldToStop(t *testing.T) {
	t.Parallel()
	certificate, roots := selfSigned(t)
	settings := config.Config{
		EncryptionKeys: []codec.Key{{ID: "a", Value: secret.New(strings.Repeat("a", 32))}},
		CodecServer:    config.CodecServer{Listen: "127.0.0.1:0", Token: secret.New("t0ken"), Certificate: certificate},
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	written, ended := make(lines, 10), make(chan error, 1)
	go func() { ended <- serveCodec(ctx, settings, slog.New(slog.NewTextHandler(written, nil))) }()
	address := regexp.MustCompile(`url=(https://\S+)`).FindStringSubmatch(<-written)[1]

	caller := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/encode", bytes.NewReader([]byte(`{"payloads":[{"data":"dGV4dA=="}]}`)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer t0ken")
	response, err := caller.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !bytes.Contains(body, []byte(codec.MetadataKeyID)) {
		t.Errorf("the answer is %s: %s, %v", response.Status, body, err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

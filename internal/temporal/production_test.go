package temporal_test

import (
	"crypto/x509"
	"encoding/pem"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/internal/temporal"
)

// noVariables is an environment with nothing in it.
type noVariables struct{}

func (noVariables) Environ() []string { return nil }

func (noVariables) LookupEnv(string) (string, bool) { return "", false }

// identified reports whether the server is told who asks: by an API key, or by a certificate.
func identified(resolved client.Options) bool {
	tls := resolved.ConnectionOptions.TLS
	return resolved.Credentials != nil || tls != nil && len(tls.Certificates) > 0
}

// clientCertificate writes a certificate and its private key into files.
func clientCertificate(t *testing.T) (certificate, key string) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	server.Close()
	pair := server.TLS.Certificates[0]
	private, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	write := func(name, kind string, bytes []byte) string {
		file := filepath.Join(directory, name)
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	return write("client.pem", "CERTIFICATE", pair.Certificate[0]), write("client.key", "PRIVATE KEY", private)
}

// TestResolve_ProfilesOfTheDocumentation resolves each profile that docs/production.md shows.
func TestResolve_ProfilesOfTheDocumentation(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/production.md")
	if err != nil {
		t.Fatal(err)
	}
	certificate, key := clientCertificate(t)
	examples := strings.Split(string(page), "```toml\n")[1:]
	if len(examples) != 2 {
		t.Fatalf("there are %d profiles", len(examples))
	}
	for _, example := range examples {
		example, _, _ = strings.Cut(example, "```")
		example = strings.NewReplacer("/run/secrets/temporal_client.pem", certificate, "/run/secrets/temporal_client.key", key).Replace(example)
		file := filepath.Join(t.TempDir(), "temporal.toml")
		if err := os.WriteFile(file, []byte(example), 0o600); err != nil {
			t.Fatal(err)
		}
		resolved, err := temporal.Resolve(temporal.Options{ConfigFile: file, Environment: noVariables{}})
		if err != nil {
			t.Fatalf("%v\n%s", err, example)
		}
		if resolved.HostPort != "accessbridge.a2b3c.tmprl.cloud:7233" || resolved.Namespace != "accessbridge.a2b3c" || !identified(resolved) {
			t.Errorf("it leads to %s, namespace %q, TLS %v\n%s", resolved.HostPort, resolved.Namespace, resolved.ConnectionOptions.TLS != nil, example)
		}
		if warning := temporal.Warning(resolved); warning != "" {
			t.Errorf("%s\n%s", warning, example)
		}
	}
}

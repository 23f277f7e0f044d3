package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.temporal.io/api/proxy"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"

	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/internal/devserver/devservertest"
)

const apiKey = "s3cret-of-temporal"

// TestAdvice_OfTemporalThatDenies_IsDone has a server before the dev server that lets in who has an API key or a certificate, as Temporal
// Cloud does.
func TestAdvice_OfTemporalThatDenies_IsDone(t *testing.T) {
	t.Parallel()
	front := guarded(t, devservertest.Start(t.Context(), t, devserver.Options{}).Address)
	row := struct {
		advice string
		ways   map[string][]string
	}{
		advice: "check the credentials: TEMPORAL_API_KEY, or the certificate of the profile",
		ways: map[string][]string{
			"API key":     {"TEMPORAL_API_KEY=" + apiKey},
			"certificate": {"TEMPORAL_CONFIG_FILE=" + front.profile(t, "client_cert_path = \""+front.certificate+"\"\nclient_key_path = \""+front.key+"\"\n")},
		},
	}
	for name, environment := range map[string][]string{
		"no credentials": nil, "another API key": {"TEMPORAL_API_KEY=another"},
	} {
		if output, err := front.list(t, environment); err == nil || !strings.Contains(output, row.advice) {
			t.Errorf("%s: %v: %s", name, err, output)
		}
	}
	for name, environment := range row.ways {
		if output, err := front.list(t, environment); err != nil {
			t.Errorf("%s: it was done, and yet %v: %s", name, err, output)
		}
	}
}

// frontend is a server that asks for credentials, with the files that its clients need.
type frontend struct{ address, folder, certificate, key string }

// guarded starts a frontend before a server.
func guarded(t *testing.T, behind string) frontend {
	t.Helper()
	connection, err := grpc.NewClient(behind, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	passes, err := proxy.NewWorkflowServiceProxyServer(proxy.WorkflowServiceProxyOptions{Client: workflowservice.NewWorkflowServiceClient(connection)})
	if err != nil {
		t.Fatal(err)
	}
	borrowed := httptest.NewTLSServer(nil)
	borrowed.Close()
	own := borrowed.TLS.Certificates[0]
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving := grpc.NewServer(
		grpc.Creds(credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{own}, ClientAuth: tls.RequestClientCert, MinVersion: tls.VersionTLS12})),
		grpc.UnaryInterceptor(letIn),
	)
	workflowservice.RegisterWorkflowServiceServer(serving, passes)
	go func() { _ = serving.Serve(listener) }()
	t.Cleanup(serving.Stop)
	private, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	front := frontend{address: listener.Addr().String(), folder: t.TempDir()}
	front.certificate = front.file(t, "cert.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate[0]}))
	front.key = front.file(t, "key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	return front
}

// letIn passes on the calls of those who have credentials.
func letIn(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	sent, _ := metadata.FromIncomingContext(ctx)
	caller, _ := peer.FromContext(ctx)
	proven, _ := caller.AuthInfo.(credentials.TLSInfo)
	if slices.Contains(sent.Get("authorization"), "Bearer "+apiKey) || len(proven.State.PeerCertificates) > 0 {
		return handle(ctx, request)
	}
	return nil, status.Error(codes.PermissionDenied, "Request unauthorized.")
}

// list runs `starter list` against the frontend.
func (f frontend) list(t *testing.T, environment []string) (string, error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], "list")
	command.Args[0] = "starter"
	command.Env = append([]string{
		"HOME=" + f.folder, "TEMPORAL_ADDRESS=" + f.address, "TEMPORAL_NAMESPACE=default", "TEMPORAL_TLS=true",
		"TEMPORAL_TLS_SERVER_CA_CERT_PATH=" + f.certificate,
	}, environment...)
	output, err := command.CombinedOutput()
	return string(output), err
}

// profile writes a profile of Temporal's configuration file with settings of its TLS.
func (f frontend) profile(t *testing.T, tls string) string {
	t.Helper()
	return f.file(t, "temporal.toml", []byte("[profile.default.tls]\n"+tls))
}

func (f frontend) file(t *testing.T, name string, content []byte) string {
	t.Helper()
	file := filepath.Join(f.folder, name)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

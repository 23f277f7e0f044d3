package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
)

// output is a buffer that tells when the sandbox is ready.
type output struct {
	mutex sync.Mutex
	text  bytes.Buffer
	ready chan struct{}
}

func (o *output) Write(data []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	written, err := o.text.Write(data)
	if strings.Contains(string(data), "ready") {
		close(o.ready) // the last line
	}
	return written, err
}

func TestCommand_Serves_AndSignsIn(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	ca, config := filepath.Join(folder, "ca.pem"), filepath.Join(folder, "worker.yaml")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := &output{ready: make(chan struct{})}
	command := newCommand()
	command.SetOut(out)
	command.SetArgs([]string{
		"--ca", ca, "--write-config", config, "--okta-acme", "127.0.0.1:0", "--okta-globex", "127.0.0.1:0", "--cloudflare-api", "127.0.0.1:0",
		"--access-acme", "127.0.0.1:0", "--access-globex", "127.0.0.1:0", "--name", "localhost", "--okta-token-acme", "00-mine",
		"--block-deleted-client-ids",
	})
	ended := make(chan error, 1)
	go func() { ended <- command.ExecuteContext(ctx) }()
	select {
	case err := <-ended:
		t.Fatal(err)
	case <-out.ready:
	}
	written := readConfig(t, config)
	acme := written.Okta.Orgs["acme"]
	if written.CAFile != ca || acme.APIToken != "00-mine" || !strings.HasPrefix(acme.URL, "https://localhost:") {
		t.Errorf("got %+v", written)
	}
	text := out.text.String()
	for _, wanted := range []string{"alice@acme.example", "sandbox-alice", "00-mine", "sandbox-cloudflare-token-of-globex", acme.URL, ca} {
		if !strings.Contains(text, wanted) {
			t.Errorf("%q isn't printed: %s", wanted, text)
		}
	}
	// Nobody connected anything: there is no Okta to choose.
	signIn := newCommand()
	_, login, _ := strings.Cut(text, "login  ")
	login, _, _ = strings.Cut(login, "\n")
	signIn.SetArgs([]string{"sign-in", "--ca", ca, "--url", login, "--user", "alice@acme.example", "--password", "sandbox-alice"})
	if err := signIn.ExecuteContext(ctx); err == nil || !strings.Contains(err.Error(), `has neither a sign-in form nor "Okta"`) {
		t.Errorf("got %v", err)
	}
	health := newCommand()
	health.SetArgs([]string{"health", "--ca", ca, acme.URL, login})
	if err := health.ExecuteContext(ctx); err != nil {
		t.Error(err)
	}
	deletedClientIDIsRefused(t, ca, acme.URL)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// deletedClientIDIsRefused makes an app, deletes it, and asks for another with the same client id.
func deletedClientIDIsRefused(t *testing.T, ca, org string) {
	t.Helper()
	trusted, err := os.ReadFile(ca)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(trusted)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
	defer client.CloseIdleConnections()
	const app = `{"name":"oidc_client","label":"a","signOnMode":"OPENID_CONNECT","credentials":{"oauthClient":{"client_id":"accessbridge"}},
		"settings":{"oauthClient":{"redirect_uris":["https://acme.example/callback"]}}}`
	var made struct{ ID string }
	for _, step := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "?activate=false", app, 200},
		{"DELETE", "/", "", 204},
		{"POST", "", app, 400},
	} {
		path := step.path
		if path == "/" {
			path += made.ID
		}
		request, err := http.NewRequestWithContext(t.Context(), step.method, org+"/api/v1/apps"+path, strings.NewReader(step.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "SSWS 00-mine")
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = json.NewDecoder(response.Body).Decode(&made) // some answers are empty
		_ = response.Body.Close()
		if response.StatusCode != step.status {
			t.Errorf("%s %s: got %d, want %d", step.method, path, response.StatusCode, step.status)
		}
	}
}

// written is what this test reads of a worker's configuration.
type written struct {
	CAFile string `yaml:"ca_file"`
	Okta   struct {
		Orgs map[string]struct {
			URL      string `yaml:"url"`
			APIToken string `yaml:"api_token"`
		}
	}
}

func readConfig(t *testing.T, path string) written {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var read written
	if err := yaml.Unmarshal(content, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

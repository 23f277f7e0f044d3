package e2e

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/cloudflare"
	"github.com/accessbridge/accessbridge/internal/okta"
	"github.com/accessbridge/accessbridge/internal/secret"
	"github.com/accessbridge/accessbridge/internal/temporal"
	"github.com/accessbridge/accessbridge/internal/transport"
	"github.com/accessbridge/accessbridge/workflows"
)

// panicking carries requests out, but panics once where the client secret has been read and is about to be sent.
type panicking struct {
	http.RoundTripper
	panicked atomic.Bool
}

// RoundTrip panics with what is at hand, as a programming error in the innermost call would.
func (p *panicking) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.Method == http.MethodPut && strings.Contains(request.URL.Path, "/access/identity_providers/") && p.panicked.CompareAndSwap(false, true) {
		panic(fmt.Sprintf("no answer to %s %s", request.Method, request.URL.Path))
	}
	return p.RoundTripper.RoundTrip(request)
}

// panicked edits the connection with a worker of this process, the same as the real one but for the panic in it.
func (c *canaries) panicked(spec connection.Spec) {
	c.t.Helper()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	steps, base := c.steps(logger)
	dialled, err := temporal.Dial(c.ctx, temporal.Options{Address: c.Temporal.Address, Namespace: "default", ConfigFile: os.DevNull, Logger: temporal.Logger(logger)})
	if err != nil {
		c.t.Fatal(err)
	}
	defer dialled.Close()
	work := worker.New(dialled, "canary-panic", worker.Options{Interceptors: []interceptor.WorkerInterceptor{&activities.StepInterceptor{}}})
	workflows.Register(work, &workflows.Workflows{Options: workflows.Options{
		Attempt: 10 * time.Second, Heartbeat: time.Second, InitialInterval: 20 * time.Millisecond, MaximumInterval: 200 * time.Millisecond,
	}}, steps)
	if err := work.Start(); err != nil {
		c.t.Fatal(err)
	}
	spec.Cloudflare.IDPName = "Sign in"
	run, err := dialled.ExecuteWorkflow(c.ctx, client.StartWorkflowOptions{ID: connection.WorkflowID(spec.Name), TaskQueue: "canary-panic"}, connection.ConnectWorkflow, spec)
	if err != nil {
		c.t.Fatal(err)
	}
	c.result(run)
	work.Stop()
	if !base.panicked.Load() {
		c.t.Error("no activity panicked")
	}
	c.keep("panicked", run)
	c.place("the output of the worker that panicked", log.String(), "no answer to PUT")
}

// steps are the activities as the worker makes them.
func (c *canaries) steps(logger *slog.Logger) (*activities.Activities, *panicking) {
	c.t.Helper()
	certificates, err := os.ReadFile(c.Sandbox.WorkerConfig()["ca_file"].(string))
	if err != nil {
		c.t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(certificates)
	base := &panicking{RoundTripper: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	options := transport.Options{Base: base, Timeout: 2 * time.Second, Logger: logger}
	org, account := c.Sandbox.Orgs["acme"], c.Sandbox.Accounts["acme"]
	oktaClient, err := okta.New(org.URL, secret.New(org.Token), options)
	if err != nil {
		c.t.Fatal(err)
	}
	cloudflareURL := c.Sandbox.WorkerConfig()["cloudflare"].(map[string]any)["base_url"].(string)
	cloudflareClient, err := cloudflare.New(cloudflareURL, account.ID, secret.New(account.Token), options)
	if err != nil {
		c.t.Fatal(err)
	}
	return &activities.Activities{
		Orgs: map[string]*okta.Client{"acme": oktaClient}, Accounts: map[string]*cloudflare.Client{"acme": cloudflareClient},
		LookupTokens: map[string]func() (secret.Secret, error){"acme": func() (secret.Secret, error) { return secret.New(lookupToken), nil }},
		Waits:        activities.Waits{Late: time.Second, Lag: time.Second},
	}, base
}

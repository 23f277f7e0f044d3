package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/client"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/config"
	"github.com/accessbridge/accessbridge/internal/health"
)

// credentials are those that the worker holds, and how each is tried.
func credentials(settings config.Config, steps *activities.Activities) []health.Credential {
	var all []health.Credential
	for name, org := range settings.Orgs {
		all = append(all, health.Credential{Key: credential(oktaOrgs+name, org.TokenFile), Try: steps.Orgs[name].TryToken, Advice: activities.Advice})
	}
	for name, account := range settings.Accounts {
		all = append(all, health.Credential{Key: credential(cloudflareAccounts+name, account.TokenFile), Try: steps.Accounts[name].TryToken, Advice: activities.Advice})
	}
	slices.SortFunc(all, func(a, b health.Credential) int { return strings.Compare(a.Key, b.Key) })
	return all
}

// askTemporal asks whether the server answers.
func askTemporal(server client.Client) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := server.CheckHealth(ctx, &client.CheckHealthRequest{})
		return err
	}
}

// serveHTTP serves a handler on the address that a key of the configuration has, until stop is called. An empty address serves nothing.
func serveHTTP(key, address string, handler http.Handler, logger *slog.Logger) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w; choose another %s", address, err, key)
	}
	logger.Info("listening", "for", key, "address", listener.Addr().String())
	serving := &http.Server{Handler: handler, ReadHeaderTimeout: health.Within}
	go func() { _ = serving.Serve(listener) }()
	return func() { _ = serving.Close() }, nil
}

// The paths of the probes.
const (
	livePath  = "/livez"
	readyPath = "/readyz"
)

// askHealth sends one probe to a worker. The error has what the worker says it lacks.
func askHealth(ctx context.Context, address, path string) error {
	ctx, cancel := context.WithTimeout(ctx, health.Within+time.Second) // the worker itself waits for Temporal that long
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+path, http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		return nil
	}
	said, err := io.ReadAll(io.LimitReader(response.Body, mostSaid))
	if err != nil {
		return err
	}
	return fmt.Errorf("it answers %s:\n%s", response.Status, strings.TrimSpace(string(said)))
}

// mostSaid bounds what is read of a worker's answer, in bytes.
const mostSaid = 64 << 10

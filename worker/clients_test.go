package main

import (
	"context"
	"crypto/x509"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/activities"
	"github.com/accessbridge/accessbridge/internal/config"
	"github.com/accessbridge/accessbridge/internal/secret"
)

func TestNewActivities_ClientsHaveTheirBoundOfRequests(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		org, account int
		call         func(context.Context, *activities.Activities) error
	}{
		"org": {1, 9, func(ctx context.Context, steps *activities.Activities) error {
			_, err := steps.Orgs["acme"].ListApps(ctx)
			return err
		}},
		"account": {9, 1, func(ctx context.Context, steps *activities.Activities) error {
			_, err := steps.Accounts["acme"].AuthDomain(ctx)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arrived, release := make(chan struct{}, 2), make(chan struct{})
			server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				arrived <- struct{}{}
				<-release
				w.Header().Set("Content-Type", "application/json")
				_, _ = io.WriteString(w, "[]")
			}))
			t.Cleanup(server.Close)
			roots := x509.NewCertPool()
			roots.AddCert(server.Certificate())
			steps, err := newActivities(config.Config{
				RootCAs: roots, CloudflareURL: server.URL, Timeouts: config.Timeouts{Request: time.Minute},
				Orgs:     map[string]config.Org{"acme": {URL: server.URL, Token: secret.New("t"), MaxConcurrentRequests: test.org}},
				Accounts: map[string]config.Account{"acme": {ID: "0123456789abcdef0123456789abcdef", Token: secret.New("t"), MaxConcurrentRequests: test.account}},
			}, slog.New(slog.DiscardHandler), nil, instruments{})
			if err != nil {
				t.Fatal(err)
			}
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				_ = test.call(t.Context(), steps)
			}()
			<-arrived
			second, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			defer cancel()
			if err := test.call(second, steps); err == nil || !strings.Contains(err.Error(), "while other requests were under way") {
				t.Errorf("a second request got a turn: %v", err)
			}
			close(release)
			<-ended
		})
	}
}

// TestNewActivities_LookupTokens are read from their files each time.
func TestNewActivities_LookupTokens(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	write := func(token string) {
		if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("one")
	steps, err := newActivities(config.Config{CloudflareURL: "https://cloudflare.example", Orgs: map[string]config.Org{
		"none":  {URL: "https://none.example", Token: secret.New("t"), MaxConcurrentRequests: 1},
		"value": {URL: "https://value.example", Token: secret.New("t"), MaxConcurrentRequests: 1, LookupToken: secret.New("value")},
		"file":  {URL: "https://file.example", Token: secret.New("t"), MaxConcurrentRequests: 1, LookupToken: secret.New("one"), LookupTokenFile: file},
	}}, slog.New(slog.DiscardHandler), nil, instruments{})
	if err != nil {
		t.Fatal(err)
	}
	write("two")
	for name, want := range map[string]string{"value": "value", "file": "two"} {
		if token, err := steps.LookupTokens[name](); err != nil || token.Reveal() != want {
			t.Errorf("%s: the token is %q, %v", name, token.Reveal(), err)
		}
	}
	if len(steps.LookupTokens) != 2 {
		t.Errorf("%d orgs have a token for group look-up", len(steps.LookupTokens))
	}
}

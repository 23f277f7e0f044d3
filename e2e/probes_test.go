package e2e

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/sandbox/cloudflare"
)

// listening is where the worker listens for what a key of its configuration is for.
func (b *bench) listening(key string) string {
	b.t.Helper()
	found := regexp.MustCompile(`msg=listening for=`+key+` address=(\S+)`).FindAllStringSubmatch(b.Worker.Output(), -1)
	if found == nil {
		b.t.Fatalf("the worker doesn't listen for %s", key)
	}
	return found[len(found)-1][1]
}

// restartWorker stops the worker and starts it with its settings as they are now.
func (b *bench) restartWorker() {
	b.t.Helper()
	if err := b.Worker.Stop(); err != nil {
		b.t.Fatal(err)
	}
	if err := b.StartWorker(b.ctx); err != nil {
		b.t.Fatal(err)
	}
}

// get asks the worker over HTTP.
func (b *bench) get(url string) (int, string) {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// untilReady waits until /readyz answers with the status, and returns what it says.
func (b *bench) untilReady(status int) (said string) {
	b.t.Helper()
	b.eventually("/readyz answers "+strconv.Itoa(status), func() (holds bool) {
		var code int
		code, said = b.get("http://" + b.listening("health_address") + "/readyz")
		return code == status
	})
	return said
}

// healthcheck runs the worker's command, and fails the test when it doesn't exit so.
func (b *bench) healthcheck(code int, says string, flags ...string) {
	b.t.Helper()
	outcome := b.WorkerCommand(b.ctx, append([]string{"healthcheck", b.listening("health_address")}, flags...)...)
	if outcome.Code != code || !strings.Contains(outcome.Stderr, says) {
		b.t.Errorf("healthcheck %v ends with %d, want %d and %q: %s", flags, outcome.Code, code, says, outcome.Stderr)
	}
}

func TestProbes_TemporalAway_LivesAndIsNotReady(t *testing.T) {
	t.Parallel()
	temporal, err := devserver.Start(t.Context(), devserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = temporal.Stop() }()
	b := setUpOn(t, temporal, map[string]any{"health_address": "127.0.0.1:0", "token_check_interval": "5m"}, nil)
	b.untilReady(http.StatusOK)
	b.healthcheck(0, "")
	if err := temporal.Stop(); err != nil {
		t.Fatal(err)
	}
	if said := b.untilReady(http.StatusServiceUnavailable); !strings.Contains(said, "temporal: it doesn't answer") {
		t.Errorf("/readyz says %q", said)
	}
	if code, said := b.get("http://" + b.listening("health_address") + "/livez"); code != http.StatusOK || b.Worker.Ended() {
		t.Errorf("/livez answers %d: %s", code, said)
	}
	b.healthcheck(1, "temporal: it doesn't answer")
	b.healthcheck(0, "", "--live")
	_, port, err := net.SplitHostPort(temporal.Address)
	if err != nil {
		t.Fatal(err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	if temporal, err = devserver.Start(t.Context(), devserver.Options{Port: number}); err != nil {
		t.Fatal(err)
	}
	b.untilReady(http.StatusOK)
}

// TestProbes_TokenRevoked_IsToldByItsKey, at start and later, and ends nothing. A replaced one is noticed.
func TestProbes_TokenRevoked_IsToldByItsKey(t *testing.T) {
	for name, test := range map[string]struct {
		key    string
		entry  func(b *bench, file string) map[string]any
		token  func(*bench) string
		revoke func(b *bench, token string)
		allow  func(b *bench, token string)
	}{
		"Okta": {
			"okta.orgs.acme", func(b *bench, file string) map[string]any {
				return map[string]any{"url": b.Sandbox.Orgs["acme"].URL, "api_token_file": file}
			}, func(b *bench) string { return b.Sandbox.Orgs["acme"].Token },
			func(b *bench, token string) { b.Sandbox.Orgs["acme"].Org.RevokeToken(token) },
			func(b *bench, token string) { b.Sandbox.Orgs["acme"].Org.AddToken(token) },
		},
		"Cloudflare": {
			"cloudflare.accounts.acme", func(b *bench, file string) map[string]any {
				return map[string]any{"account_id": b.account(), "api_token_file": file}
			}, func(b *bench) string { return b.Sandbox.Accounts["acme"].Token },
			func(b *bench, token string) { b.Sandbox.API.API.RevokeToken(token) },
			func(b *bench, token string) { b.Sandbox.API.API.AddToken(b.account(), cloudflare.Token{Value: token}) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, another := filepath.Join(t.TempDir(), "token"), "another-token-of-40-characters-0123456789"
			b := setUpOn(t, server, map[string]any{"health_address": "127.0.0.1:0", "token_check_interval": "100ms"}, nil)
			write := func(token string) {
				if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write(test.token(b))
			b.Set(test.key, test.entry(b, file))
			b.restartWorker()
			b.untilReady(http.StatusOK)
			told := "credential=" + test.key + ".api_token_file"
			test.revoke(b, test.token(b))
			if said := b.untilReady(http.StatusServiceUnavailable); !strings.Contains(said, "into the file that "+test.key+".api_token_file names") {
				t.Errorf("/readyz says %q", said)
			}
			b.restartWorker()
			if err := b.Worker.WaitFor(b.ctx, told); err != nil {
				t.Fatal(err)
			}
			if log := b.Worker.Output(); !strings.Contains(log, "level=ERROR") || strings.Contains(log, test.token(b)) {
				t.Errorf("the log of a worker that starts with a revoked token is %s", tail(log))
			}
			b.untilReady(http.StatusServiceUnavailable)
			test.allow(b, another)
			write(another)
			b.untilReady(http.StatusOK)
		})
	}
}

// TestWorker_AtItsStart_SaysWhatItIs.
func TestWorker_AtItsStart_SaysWhatItIs(t *testing.T) {
	b := setUp(t, nil)
	line := regexp.MustCompile(`msg=starting version=".*built with go[^"]*" task_queue=` + b.name + ` encryption=off orgs="\[acme globex\]" accounts="\[acme globex\]"`)
	if log := b.Worker.Output(); !line.MatchString(log) {
		t.Errorf("the worker's log begins %s", log[:min(len(log), 1000)])
	}
	for _, arguments := range [][]string{{"version"}, {"--version"}} {
		for program, outcome := range map[string]rig.Outcome{
			"worker": b.WorkerCommand(b.ctx, arguments...), "starter": b.Starter(b.ctx, arguments...),
		} {
			if outcome.Code != 0 || !regexp.MustCompile(`^`+program+` .*built with go`).MatchString(outcome.Stdout) {
				t.Errorf("%s %v says %+v", program, arguments, outcome)
			}
		}
	}
}

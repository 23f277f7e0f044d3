package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// installsWithin bounds how long npm may take.
const installsWithin = 5 * time.Minute

// unreachable is what npm says where it doesn't reach its registry.
var unreachable = regexp.MustCompile(`ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|EIDLETIMEOUT`)

// script is the TypeScript example, installed and built in a folder of its own.
type script struct{ folder string }

// installScript copies the example, with what it is made from, installs what it needs, and builds it.
func installScript(t *testing.T) script {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Skipf("npm is not on PATH: %v", err)
	}
	root := t.TempDir()
	s := script{folder: filepath.Join(root, "examples", "typescript")}
	for _, file := range []string{"package.json", "package-lock.json", ".npmrc", "tsconfig.json", "src"} {
		s.copy(t, filepath.Join("../examples/typescript", file), filepath.Join(s.folder, file))
	}
	s.copy(t, "../docs/contract.schema.json", filepath.Join(root, "docs", "contract.schema.json"))
	if output, err := s.npm(t, "ci", "--no-audit", "--no-fund", "--prefer-offline"); unreachable.MatchString(output) {
		t.Skipf("npm's registry can't be reached: %s", output)
	} else if err != nil {
		t.Fatalf("npm ci: %v: %s", err, output)
	}
	if output, err := s.npm(t, "run", "build"); err != nil {
		t.Fatalf("build the example: %v: %s", err, output)
	}
	return s
}

// copy copies a file, or the files of a folder.
func (s script) copy(t *testing.T, from, to string) {
	t.Helper()
	if info, err := os.Stat(from); err != nil {
		t.Fatal(err)
	} else if info.IsDir() {
		if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
		return
	}
	content, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s script) npm(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), installsWithin)
	defer cancel()
	command := exec.CommandContext(ctx, "npm", arguments...)
	command.Dir = s.folder
	output, err := command.CombinedOutput()
	return string(output), err
}

// node is one of the example's programs, for the test's connection.
func (s script) node(b *bench, program string, arguments ...string) *exec.Cmd {
	command := exec.CommandContext(b.ctx, "node", append([]string{filepath.Join("dist", program)}, arguments...)...)
	command.Dir = s.folder
	command.Env = []string{
		"HOME=" + b.t.TempDir(), "PATH=" + os.Getenv("PATH"), "TEMPORAL_ADDRESS=" + b.Temporal.Address,
		"ACCESSBRIDGE_TASK_QUEUE=" + b.TaskQueue, "ONBOARDING_TASK_QUEUE=" + onboardingQueue(b),
	}
	return command
}

// onboardingQueue is where the example's worker listens in the test.
func onboardingQueue(b *bench) string { return "onboarding-" + b.name }

func TestTypeScript(t *testing.T) {
	t.Parallel()
	s := installScript(t)
	t.Run("its types are current", s.typesAreCurrent)
	for name, test := range clientCases {
		t.Run("client: "+name, func(t *testing.T) { s.tellsHowTheRunEnded(setUp(t, nil), test) })
	}
	t.Run("parent workflow", func(t *testing.T) { s.parentWorkflow(setUp(t, nil)) })
}

func (s script) typesAreCurrent(t *testing.T) {
	file := filepath.Join("src", "contract.ts")
	committed, err := os.ReadFile(filepath.Join(s.folder, file))
	if err != nil {
		t.Fatal(err)
	}
	if output, err := s.npm(t, "run", "types"); err != nil {
		t.Fatalf("generate the types: %v: %s", err, output)
	}
	generated, err := os.ReadFile(filepath.Join(s.folder, file))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(committed), string(generated)); diff != "" {
		t.Errorf("examples/typescript/src/contract.ts is out of date; run there: npm ci && npm run types\n%s", diff)
	}
}

// clientCase is a way that a run ends, and what the client says then.
type clientCase struct {
	kind string
	// shows is a part of what it shows meanwhile, why a part of its reason.
	shows, why string
	// before happens before the client starts a run, meanwhile while the run creates its policy.
	before, meanwhile func(*bench)
	change            func(*connection.Spec)
}

var clientCases = map[string]clientCase{
	"connected": {kind: "connected", shows: `Create the Okta app "Cloudflare Access": done`},
	"refused": {
		kind: "refused", why: "Nonesuch",
		change: func(spec *connection.Spec) { spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "Nonesuch") },
	},
	"rolled back": {
		kind: "rolled back", why: "RegisterIdentityProvider failed", shows: ": failed",
		before: func(b *bench) {
			b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindStatus, Status: 403})
		},
	},
	"cancelled": {kind: "cancelled", meanwhile: func(b *bench) { b.cancel(b.child()) }},
	"terminated": {kind: "unknown", why: "no time", meanwhile: func(b *bench) {
		if err := b.Client.TerminateWorkflow(b.ctx, connection.WorkflowID(b.name), "", "no time"); err != nil {
			b.t.Fatal(err)
		}
	}},
	"busy": {kind: "busy", why: "another run", before: func(b *bench) {
		b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindStatus, Status: 403})
		spec := b.spec()
		spec.OnFailure = connection.OnFailurePause // it stays open until it is cancelled
		run := b.start(connection.ConnectWorkflow, spec)
		b.inState(run, connection.RunNeedsOperator)
		b.t.Cleanup(func() { b.cancel(run) })
	}},
}

// outcome is what the example's client says at its end.
type outcome struct {
	Kind, Why string
	Result    json.RawMessage
}

func (s script) tellsHowTheRunEnded(b *bench, test clientCase) {
	spec := b.spec()
	if test.change != nil {
		test.change(&spec)
	}
	if test.before != nil {
		test.before(b)
	}
	var stdout, stderr bytes.Buffer
	command := s.node(b, "connect.js", b.write("connection.json", spec))
	command.Stdout, command.Stderr = &stdout, &stderr
	start := func() client.WorkflowRun {
		if err := command.Start(); err != nil {
			b.t.Fatal(err)
		}
		return nil
	}
	if test.meanwhile == nil {
		start()
	} else {
		b.delayPolicy(start)
		test.meanwhile(b)
	}
	ended := command.Wait()
	var told outcome
	if err := json.Unmarshal(stdout.Bytes(), &told); err != nil {
		b.t.Fatalf("the client ended with %v and wrote %s: %v: %s", ended, stdout.String(), err, stderr.String())
	}
	if told.Kind != test.kind || !strings.Contains(told.Why, test.why) || (ended == nil) != (test.kind == "connected") {
		b.t.Errorf("the client ended with %v and said %q: %s, want %q: %s", ended, told.Kind, told.Why, test.kind, test.why)
	}
	if !strings.Contains(stderr.String(), test.shows) {
		b.t.Errorf("the client showed no %q: %s", test.shows, stderr.String())
	}
	if told.Kind == "busy" || told.Kind == "unknown" {
		return // what these runs did isn't told
	}
	if _, err := message[connection.Result](b, func(into any) error { return json.Unmarshal(told.Result, into) }); err != nil {
		b.t.Errorf("the client tells no result: %v: %s", err, told.Result)
	}
}

// parentWorkflow has the example's workflow connect as a child: what is refused, what is cancelled, what ends well.
func (s script) parentWorkflow(b *bench) {
	before := b.state()
	s.work(b)
	spec := b.spec()
	spec.Okta.AssignGroups = append(spec.Okta.AssignGroups, "Nonesuch")
	err := s.onboard(b, spec).Get(b.ctx, nil)
	var failed *temporal.ApplicationError
	if !errors.As(err, &failed) || failed.Type() != "NotConnected" || !strings.Contains(failed.Message(), "Nonesuch") {
		b.t.Fatalf("the parent of a run that was refused ended with %v", err)
	}
	var told outcome
	if err := failed.Details(&told); err != nil || told.Kind != "refused" {
		b.t.Errorf("its error tells %+v: %v", told, err)
	}
	run := b.delayPolicy(func() client.WorkflowRun { return s.onboard(b, b.spec()) })
	if err := b.Client.CancelWorkflow(b.ctx, run.GetID(), run.GetRunID()); err != nil {
		b.t.Fatal(err)
	}
	b.endsCancelled(run)
	b.endsCancelled(b.child())
	b.unchanged(before)
	var onboarded struct{ Customer, TestURL string }
	if err := s.onboard(b, b.spec()).Get(b.ctx, &onboarded); err != nil || onboarded.Customer != b.name || onboarded.TestURL == "" {
		b.t.Errorf("the parent returned %+v: %v", onboarded, err)
	}
}

// work runs the example's worker for the rest of the test.
func (s script) work(b *bench) {
	b.t.Helper()
	log, err := os.Create(filepath.Join(b.t.TempDir(), "worker.log"))
	if err != nil {
		b.t.Fatal(err)
	}
	command := s.node(b, "worker.js")
	command.Stdout, command.Stderr = log, log
	if err := command.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		if err := command.Wait(); err != nil {
			b.t.Errorf("the example's worker ended with %v", err)
		}
		_ = log.Close()
		if written, _ := os.ReadFile(log.Name()); b.t.Failed() {
			b.t.Logf("the end of what the example's worker wrote:\n%s", tail(string(written)))
		}
	})
}

func (s script) onboard(b *bench, spec connection.Spec) client.WorkflowRun {
	b.t.Helper()
	run, err := b.Client.ExecuteWorkflow(b.ctx, client.StartWorkflowOptions{ID: "onboarding/" + b.name, TaskQueue: onboardingQueue(b)}, "onboard", map[string]any{
		"customer": b.name, "connection": spec, "connectionTaskQueue": b.TaskQueue,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return run
}

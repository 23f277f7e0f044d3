package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.temporal.io/sdk/client"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/e2e/rig"
	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/devserver"
	"github.com/accessbridge/accessbridge/internal/devserver/devservertest"
	"github.com/accessbridge/accessbridge/sandbox/host"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// planted is no secret: it is in the document, so that a search that doesn't find it in a place has not looked there.
const planted = "planted-policy-that-must-be-found"

// secretOf reads an app's client secret.
func (b *bench) secretOf(appID string) string {
	b.t.Helper()
	clientSecret, err := b.ClientSecret(b.ctx, "acme", appID)
	if err != nil {
		b.t.Fatal(err)
	}
	return clientSecret
}

// history is a run's history as it can be exported, and its payloads as they were before protobuf wrote them as base64.
func (b *bench) history(run client.WorkflowRun) string {
	b.t.Helper()
	var text strings.Builder
	for _, event := range b.events(run) {
		text.WriteString(protojson.Format(event))
		for _, payload := range payloadData(event) {
			text.WriteString(payload)
		}
	}
	return text.String()
}

// setUpWithDatabase is setUp with a Temporal server that keeps its runs in a file of the test's own.
func setUpWithDatabase(t *testing.T) (b *bench, database string) {
	t.Helper()
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	database = filepath.Join(t.TempDir(), "temporal.db")
	own := devservertest.Start(ctx, t, devserver.Options{DBFilename: database})
	seeds := host.Ephemeral()
	started, err := rig.Start(ctx, rig.Options{Temporal: own, Sandbox: &seeds, TaskQueue: "canary", Settings: rig.Quick(map[string]any{"okta.orgs.acme.group_lookup_token": lookupToken}), Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(started.Close)
	return &bench{Rig: started, t: t, ctx: ctx, name: "canary-connection"}, database
}

// canaries is one search for every secret that the test knows of, and the places to search.
type canaries struct {
	*bench
	secrets finder
	places  map[string]string
}

// place notes a place. The clue must be found there by the search that looks for the secrets: one that finds nothing
// anywhere proves nothing.
func (c *canaries) place(name, text, clue string) {
	c.t.Helper()
	clues := finder{}
	clues.add("clue", clue)
	if clues.find(text) == "" {
		c.t.Errorf("%s holds nothing of %q: it was not looked at", name, clue)
	}
	c.places[name] = text
}

// keep notes the history of a run, with how it ended.
func (c *canaries) keep(name string, run client.WorkflowRun) {
	c.t.Helper()
	c.place("the history of the run that "+name, c.history(run), planted)
	if err := run.Get(c.ctx, nil); err != nil {
		c.place("the error of the run that "+name, fmt.Sprintf("%v %+v %#v", err, err, err), "WorkflowExecutionError")
	}
}

func TestSecrets_FailuresRetriesRollbackAndPanic_AppearNowhere(t *testing.T) {
	b, database := setUpWithDatabase(t)
	c := &canaries{bench: b, secrets: finder{}, places: map[string]string{}}
	for name, org := range b.Sandbox.Orgs {
		c.secrets.add("Okta token of "+name, org.Token)
	}
	for name, account := range b.Sandbox.Accounts {
		c.secrets.add("Cloudflare token of "+name, account.Token)
	}
	spec := b.spec()
	spec.Policy.Name, spec.Cloudflare.GroupLookup = planted, true
	c.secrets.add("token for group look-up", lookupToken)
	c.retried(spec)
	c.rolledBack(spec)
	c.panicked(spec)
	c.starter()
	c.encrypted(spec)
	c.end(database)
	for place, text := range c.places {
		if found := c.secrets.find(text); found != "" {
			t.Errorf("in %s: the %s", place, found)
		}
	}
}

// retried connects, with an answer that is lost and one that is repeated.
func (c *canaries) retried(spec connection.Spec) {
	c.t.Helper()
	c.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindDropAfter, Count: 1})
	c.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 503, Count: 1})
	run := c.start(connection.ConnectWorkflow, spec)
	appID := c.result(run).AppID
	c.secrets.add("client secret", c.secretOf(appID))
	c.keep("connected", run)
	c.place("the worker's output at debug level", c.Worker.Output(), "/api/v1/apps/"+appID)
}

// rolledBack fails and puts back what it changed.
func (c *canaries) rolledBack(spec connection.Spec) {
	c.t.Helper()
	c.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	spec.Cloudflare.IDPName = "Sign in"
	run := c.start(connection.ConnectWorkflow, spec)
	result := c.failure(run, connection.ErrorRolledBack)
	c.okta().ClearFaults()
	c.keep("was rolled back", run)
	c.place("the failure that the run carries", asJSON(result), "/oauth2/v1/introspect")
	c.place("what the run tells of its progress", asJSON(c.progress(run)), "/oauth2/v1/introspect")
}

// asJSON is a value as programs write it.
func asJSON(value any) string {
	text, _ := json.Marshal(value) // the values of this test can be written
	return string(text)
}

// starter shows the runs in every way.
func (c *canaries) starter() {
	c.t.Helper()
	for _, args := range [][]string{{"status", c.name}, {"status", c.name, "--output", "json"}, {"list"}, {"list", "--output", "json"}, {"watch", c.name}} {
		shown := c.Starter(c.ctx, args...)
		c.place("starter "+strings.Join(args, " "), shown.Stdout+shown.Stderr, c.name)
	}
}

// encrypted runs with a key, which is a secret too.
func (c *canaries) encrypted(spec connection.Spec) {
	c.t.Helper()
	file := c.keyFile("2026-11")
	keys, err := codec.ReadFile(file)
	if err != nil {
		c.t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		c.t.Fatal(err)
	}
	c.secrets.add("encryption key", keys[0].Value.Reveal())
	c.secrets.add("encryption key as it is written", strings.TrimPrefix(strings.TrimSpace(string(text)), "2026-11:"))
	c.encrypt(file)
	c.connect(spec)
	c.place("the worker's output with a key", c.Worker.Output(), "msg=working task_queue")
	shown := c.Starter(c.ctx, "status", c.name)
	c.place("what starter status says without the key", shown.Stderr, "--encryption-key-file")
}

// end ends all programs and takes what they leave on the disk.
func (c *canaries) end(database string) {
	c.t.Helper()
	if err := c.Worker.Stop(); err != nil {
		c.t.Error(err)
	}
	if err := c.Temporal.Stop(); err != nil {
		c.t.Error(err)
	}
	log, err := os.ReadFile(c.WorkerLog())
	if err != nil {
		c.t.Fatal(err)
	}
	c.place("the worker's log", string(log), "msg=working task_queue")
	files, err := filepath.Glob(database + "*") // the write-ahead log too
	if err != nil {
		c.t.Fatal(err)
	}
	var content strings.Builder
	for _, file := range files {
		part, err := os.ReadFile(file)
		if err != nil {
			c.t.Fatal(err)
		}
		content.Write(part)
	}
	c.place("Temporal's database", content.String(), planted)
}

package e2e

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/accessbridge/accessbridge/connection"
	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/temporal"
	"github.com/accessbridge/accessbridge/sandbox/kit"
)

// keyFile makes a key in a file of its own, and returns the file.
func (b *bench) keyFile(id string) string {
	b.t.Helper()
	value := make([]byte, 32)
	_, _ = rand.Read(value) // never fails
	return b.file(id, id+":"+base64.StdEncoding.EncodeToString(value)+"\n")
}

// file makes a file that only its owner can read.
func (b *bench) file(name, content string) string {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return file
}

// append puts what another file holds at the end of a file.
func (b *bench) append(file, other string) {
	b.t.Helper()
	var both []byte
	for _, each := range []string{file, other} {
		content, err := os.ReadFile(each)
		if err != nil {
			b.t.Fatal(err)
		}
		both = append(both, content...)
	}
	if err := os.WriteFile(file, both, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// encrypt restarts the worker with the files of keys, and gives the test a client that has them too.
func (b *bench) encrypt(files ...string) {
	b.t.Helper()
	if err := b.Worker.Stop(); err != nil {
		b.t.Fatal(err)
	}
	b.Set("encryption.key_files", files)
	if err := b.StartWorker(b.ctx); err != nil {
		b.t.Fatal(err)
	}
	keyed := b.clientWith(files...)
	b.Client.Close()
	b.Client = keyed
}

// clientWith is a client that has the files of keys. The caller closes it.
func (b *bench) clientWith(files ...string) client.Client {
	b.t.Helper()
	var keys []codec.Key
	for _, file := range files {
		read, err := codec.ReadFile(file)
		if err != nil {
			b.t.Fatal(err)
		}
		keys = append(keys, read...)
	}
	encryption, err := codec.New(keys)
	if err != nil {
		b.t.Fatal(err)
	}
	converters := encryption.ForClient()
	keyed, err := temporal.Dial(b.ctx, temporal.Options{
		Address: b.Temporal.Address, Namespace: "default", ConfigFile: os.DevNull,
		DataConverter: converters.Data, FailureConverter: converters.Failure,
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return keyed
}

// events is a run's history.
func (b *bench) events(run client.WorkflowRun) []*historypb.HistoryEvent {
	b.t.Helper()
	var all []*historypb.HistoryEvent
	events := b.Client.GetWorkflowHistory(b.ctx, run.GetID(), run.GetRunID(), false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			b.t.Fatal(err)
		}
		all = append(all, event)
	}
	return all
}

// memo is a run's memo as Temporal keeps it.
func (b *bench) memo(run client.WorkflowRun) *commonpb.Memo {
	b.t.Helper()
	described, err := b.Client.DescribeWorkflowExecution(b.ctx, run.GetID(), run.GetRunID())
	if err != nil {
		b.t.Fatal(err)
	}
	return described.GetWorkflowExecutionInfo().GetMemo()
}

// connectAndFail makes a run that connects and one that has a retry and is rolled back, and returns them with what the document and the
// providers have said in them.
func (b *bench) connectAndFail() (both []client.WorkflowRun, words []string) {
	b.t.Helper()
	connected := b.start(connection.ConnectWorkflow, b.spec())
	result := b.result(connected)
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	b.cloudflare().Inject(kit.Fault{Method: "PUT", Path: identityProvidersPath + "/*", Kind: kit.KindStatus, Status: 503, Count: 1})
	edited := b.spec()
	edited.Cloudflare.IDPName = "Sign in"
	failed := b.start(connection.ConnectWorkflow, edited)
	message := b.failure(failed, connection.ErrorRolledBack).Failure.Message
	words = []string{"answered 503", "Cloudflare Access", "Okta staff", "ceo@acme.example", "Engineering", result.AppID, result.ClientID, message, "rolled_back"}
	return []client.WorkflowRun{connected, failed}, words
}

// versions reports whether an event only says which version of a workflow's code the run goes by. The SDK encrypts none of these.
func versions(event *historypb.HistoryEvent) bool {
	marker := event.GetMarkerRecordedEventAttributes()
	attributes := event.GetUpsertWorkflowSearchAttributesEventAttributes().GetSearchAttributes().GetIndexedFields()
	return marker.GetMarkerName() == "Version" || len(attributes) == 1 && attributes["TemporalChangeVersion"] != nil
}

func TestEncryption_HistoryIsReadableWithTheKeyAlone(t *testing.T) {
	b := setUp(t, nil)
	keys := b.keyFile("2026-11")
	b.encrypt(keys)
	runs, words := b.connectAndFail()
	var raw strings.Builder
	var payloads []*commonpb.Payload
	for _, run := range runs {
		for _, event := range b.events(run) {
			raw.WriteString(protojson.Format(event))
			if versions(event) {
				continue
			}
			for _, payload := range payloadsOf(event) {
				raw.Write(payload.GetData())
				payloads = append(payloads, payload)
			}
		}
		for _, payload := range b.memo(run).GetFields() {
			raw.Write(payload.GetData())
			payloads = append(payloads, payload)
		}
	}
	for _, payload := range payloads {
		if got := string(payload.GetMetadata()[codec.MetadataKeyID]); got != "2026-11" {
			t.Errorf("a payload is encrypted with key %q: %s", got, payload.GetData())
		}
	}
	readable := b.throughCodecServer(keys, payloads)
	for _, word := range words {
		if strings.Contains(raw.String(), word) {
			t.Errorf("Temporal holds %q in the clear", word)
		}
		if !strings.Contains(readable, word) {
			t.Errorf("%q can't be read through the codec server", word)
		}
	}
}

// throughCodecServer is what Temporal UI gets to show of payloads.
func (b *bench) throughCodecServer(keys string, payloads []*commonpb.Payload) string {
	b.t.Helper()
	const token = "codec-server-token-of-a-test"
	serving, address, err := b.CodecServer(b.ctx, "--encryption-key-files", keys, "--token-file", b.file("token", token))
	if serving != nil {
		defer func() { _ = serving.Stop() }()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	decode := func(authorization string) ([]*commonpb.Payload, error) {
		return converter.NewRemotePayloadCodec(converter.RemotePayloadCodecOptions{Endpoint: address, ModifyRequest: func(request *http.Request) error {
			request.Header.Set("Authorization", authorization)
			return nil
		}}).Decode(payloads)
	}
	if _, err := decode("Bearer x"); err == nil {
		b.t.Error("the codec server decodes without its token")
	}
	decoded, err := decode("Bearer " + token)
	if err != nil {
		b.t.Fatal(err)
	}
	if strings.Contains(serving.Output(), token) {
		b.t.Error("the codec server writes its token")
	}
	var readable strings.Builder
	for _, payload := range decoded {
		readable.Write(payload.GetData())
	}
	return readable.String()
}

func TestEncryption_Rotation_ARunOfTheOldKeyWaitsForItAndGoesOn(t *testing.T) {
	b := setUp(t, nil)
	before, after := b.keyFile("old"), b.keyFile("new")
	b.encrypt(before)
	b.cloudflare().Inject(kit.Fault{Method: "POST", Path: identityProvidersPath, Kind: kit.KindStatus, Status: 403, Count: 1})
	spec := b.spec()
	spec.OnFailure = connection.OnFailurePause
	run := b.start(connection.ConnectWorkflow, spec)
	b.inState(run, connection.RunNeedsOperator)

	b.encrypt(after) // the old key was forgotten
	if err := b.Client.SignalWorkflow(b.ctx, run.GetID(), run.GetRunID(), "wake", nil); err != nil {
		t.Fatal(err)
	}
	b.eventually("the worker without the old key has looked at the run", func() bool {
		return slices.ContainsFunc(b.events(run), func(event *historypb.HistoryEvent) bool {
			return event.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_TASK_FAILED
		})
	})
	described, err := b.Client.DescribeWorkflowExecution(b.ctx, run.GetID(), run.GetRunID())
	if err != nil {
		t.Fatal(err)
	}
	if status := described.GetWorkflowExecutionInfo().GetStatus(); status != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		t.Fatalf("for a key that is missing the run is %s", status)
	}
	if !strings.Contains(b.Worker.Output(), `encrypted with key \"old\"`) {
		t.Errorf("the worker doesn't say which key it lacks")
	}

	b.append(after, before) // the worker isn't restarted
	keyed := b.clientWith(after)
	b.Client.Close()
	b.Client = keyed
	run = b.Client.GetWorkflow(b.ctx, run.GetID(), run.GetRunID())
	if err := b.update(run, connection.ResumeUpdate); err != nil {
		t.Fatal(err)
	}
	b.result(run)
	used := map[string]bool{}
	for _, event := range b.events(run) {
		for _, payload := range payloadsOf(event) {
			used[string(payload.GetMetadata()[codec.MetadataKeyID])] = true
		}
	}
	if !used["old"] || !used["new"] {
		t.Errorf("the keys of the run's payloads are %v, want old and new", used)
	}
}

func TestEncryption_Starter_ReadsWithTheKeyAndAsksForItWithout(t *testing.T) {
	b := setUp(t, nil)
	keys := b.keyFile("2026-11")
	b.encrypt(keys)
	connected := b.start(connection.ConnectWorkflow, b.spec())
	b.result(connected)
	for name, args := range map[string][]string{"status": {"status", b.name}, "list": {"list"}} {
		with := b.Starter(b.ctx, append(args, "--encryption-key-file", keys)...)
		if with.Code != 0 || !strings.Contains(with.Stdout, "connected") {
			t.Errorf("starter %s with the key: exit code %d, %s%s", name, with.Code, with.Stdout, with.Stderr)
		}
		without := b.Starter(b.ctx, args...)
		for _, part := range []string{`key "2026-11"`, "--encryption-key-file", "ACCESSBRIDGE_ENCRYPTION_KEY_FILES"} {
			if !strings.Contains(without.Stderr, part) {
				t.Errorf("starter %s without the key doesn't say %s: exit code %d, %s%s", name, part, without.Code, without.Stdout, without.Stderr)
			}
		}
	}
	b.okta().Inject(kit.Fault{Method: "POST", Path: introspectPath, Kind: kit.KindStatus, Status: 401})
	b.cloudflare().Inject(kit.Fault{Method: "PUT", Path: identityProvidersPath + "/*", Kind: kit.KindStatus, Status: 503, Count: 1})
	edited := b.spec()
	edited.Cloudflare.IDPName = "Sign in"
	b.failure(b.start(connection.ConnectWorkflow, edited), connection.ErrorRolledBack)
	with, without := b.Starter(b.ctx, "status", b.name, "--encryption-key-file", keys), b.Starter(b.ctx, "status", b.name)
	if with.Code != 0 || !strings.Contains(with.Stdout, "401") {
		t.Errorf("starter status of a failed run with the key: exit code %d, %s%s", with.Code, with.Stdout, with.Stderr)
	}
	if without.Code != 1 || !strings.Contains(without.Stderr, `key "2026-11"`) {
		t.Errorf("starter status of a failed run without the key: exit code %d, %s%s", without.Code, without.Stdout, without.Stderr)
	}
}

func TestEncryption_CodecServer_WithoutTokenOrCertificate_StaysOnThisMachine(t *testing.T) {
	b := setUp(t, nil)
	serving, _, err := b.CodecServer(b.ctx, "--encryption-key-files", b.keyFile("a"), "--listen", "0.0.0.0:0")
	if serving != nil {
		t.Cleanup(func() { _ = serving.Stop() })
	}
	if err == nil {
		t.Fatal("it serves")
	}
	for _, part := range []string{"codec_server.token: is missing", "codec_server.tls_cert_file: is missing"} {
		if !strings.Contains(err.Error(), part) {
			t.Error(errors.Join(errors.New("it doesn't say "+part), err))
		}
	}
}

func TestEncryption_StarterWithoutTheKey_ConnectsAndSaysThatTheEndCantBeRead(t *testing.T) {
	b := setUp(t, nil)
	earlier := b.connect(b.spec()) // in the clear
	b.encrypt(b.keyFile("2026-11"))
	edited := b.spec()
	edited.Policy.Name = "Staff"
	encoded, err := json.Marshal(edited)
	if err != nil {
		t.Fatal(err)
	}
	document := b.file("connection.json", string(encoded))
	for _, args := range [][]string{{"connect", "-f", document}, {"watch", b.name}, {"disconnect", b.name}} {
		outcome := b.Starter(b.ctx, args...)
		if outcome.Code != 1 || !strings.Contains(outcome.Stderr, `key "2026-11"`) {
			t.Errorf("starter %s ended with code %d: %s", args[0], outcome.Code, outcome.Stderr)
		}
	}
	if !strings.Contains(b.state(), earlier.PolicyID) {
		t.Error("a disconnect went by a document that is not the last")
	}
	if outcome := b.Starter(b.ctx, "disconnect", b.name, "-f", document); outcome.Code != 1 || strings.Contains(b.state(), earlier.PolicyID) {
		t.Errorf("starter disconnect -f ended with code %d: %s", outcome.Code, outcome.Stderr)
	}
}

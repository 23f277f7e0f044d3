package codec_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/accessbridge/accessbridge/internal/codec"
	"github.com/accessbridge/accessbridge/internal/secret"
)

// key is a key whose bytes are all the same.
func key(id string, value byte) codec.Key {
	return codec.Key{ID: id, Value: secret.New(strings.Repeat(string(value), 32))}
}

func newCodec(t *testing.T, keys ...codec.Key) *codec.Codec {
	t.Helper()
	made, err := codec.New(keys)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// payloads are one of JSON and one that is empty.
func payloads() []*commonpb.Payload {
	return []*commonpb.Payload{
		{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(converter.MetadataEncodingJSON)}, Data: []byte(`{"label":"Cloudflare Access"}`)},
		{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(converter.MetadataEncodingNil)}},
	}
}

func encode(t *testing.T, with *codec.Codec) []*commonpb.Payload {
	t.Helper()
	encoded, err := with.Encode(payloads())
	if err != nil {
		t.Fatal(err)
	}
	return encoded
}

func TestCodec_RoundTrip_HidesDataAndMetadata(t *testing.T) {
	t.Parallel()
	with := newCodec(t, key("new", 'n'))
	encoded := encode(t, with)
	for _, payload := range encoded {
		raw, err := proto.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte("Cloudflare")) || bytes.Contains(raw, []byte("json")) {
			t.Errorf("something can be read of %q", raw)
		}
		if got := string(payload.GetMetadata()[codec.MetadataKeyID]); got != "new" {
			t.Errorf("the payload names key %q", got)
		}
	}
	decoded, err := with.Decode(encoded)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(payloads(), decoded, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

func TestCodec_Rotation_TheFirstEncryptsAllDecrypt(t *testing.T) {
	t.Parallel()
	before, after := newCodec(t, key("old", 'o')), newCodec(t, key("new", 'n'), key("old", 'o'))
	decoded, err := after.Decode(encode(t, before))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(payloads(), decoded, protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	if got := string(encode(t, after)[0].GetMetadata()[codec.MetadataKeyID]); got != "new" {
		t.Errorf("after the rotation key %q encrypts", got)
	}
}

func TestCodec_UnknownKey_IsNamedWithWhatToDo(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]*codec.Codec{"another key": newCodec(t, key("new", 'n')), "no key": newCodec(t)} {
		_, err := other.Decode(encode(t, newCodec(t, key("old", 'o'))))
		var unknown *codec.UnknownKeyError
		if !errors.As(err, &unknown) || unknown.KeyID != "old" {
			t.Fatalf("%s: the error is %v", name, err)
		}
		for _, part := range []string{`"old"`, "encryption.key_files", "--encryption-key-file", "ACCESSBRIDGE_ENCRYPTION_KEY_FILES"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: the error doesn't say %s: %v", name, part, err)
			}
		}
	}
}

func TestCodec_Tampered_IsRefused(t *testing.T) {
	t.Parallel()
	with := newCodec(t, key("a", 'a'), key("b", 'a')) // the same bytes under another ID: the ID itself is protected
	good := encode(t, with)[0]
	for name, change := range map[string]func(*commonpb.Payload){
		"first byte":  func(p *commonpb.Payload) { p.Data[0] ^= 1 },
		"last byte":   func(p *commonpb.Payload) { p.Data[len(p.Data)-1] ^= 1 },
		"cut":         func(p *commonpb.Payload) { p.Data = p.Data[:len(p.Data)-1] },
		"empty":       func(p *commonpb.Payload) { p.Data = nil },
		"another key": func(p *commonpb.Payload) { p.Metadata[codec.MetadataKeyID] = []byte("b") },
	} {
		changed := proto.Clone(good).(*commonpb.Payload)
		change(changed)
		_, err := with.Decode([]*commonpb.Payload{changed})
		var damaged *codec.DamagedError
		if !errors.As(err, &damaged) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

func TestCodec_NotEncrypted_PassesThrough(t *testing.T) {
	t.Parallel()
	for name, with := range map[string]*codec.Codec{"with a key": newCodec(t, key("a", 'a')), "without": newCodec(t)} {
		decoded, err := with.Decode(payloads())
		if diff := cmp.Diff(payloads(), decoded, protocmp.Transform()); err != nil || diff != "" {
			t.Errorf("%s: %v%s", name, err, diff)
		}
	}
	if diff := cmp.Diff(payloads(), encode(t, newCodec(t)), protocmp.Transform()); diff != "" {
		t.Errorf("without a key something is encrypted: %s", diff)
	}
}

func TestCodec_NoNonceIsUsedTwice(t *testing.T) {
	t.Parallel()
	const nonceBytes = 12
	with := newCodec(t, key("a", 'a'))
	seen := map[string]bool{}
	for range 5000 {
		for _, payload := range encode(t, with) {
			nonce := string(payload.GetData()[:nonceBytes])
			if seen[nonce] {
				t.Fatalf("nonce %x came twice", nonce)
			}
			seen[nonce] = true
		}
	}
}

func TestNew_TwoKeysOfAnID_AreRefused(t *testing.T) {
	t.Parallel()
	if _, err := codec.New([]codec.Key{key("a", 'a'), key("a", 'b')}); err == nil || !strings.Contains(err.Error(), `"a"`) {
		t.Errorf("the error is %v", err)
	}
}

func TestConverters_AFailureShowsNothing(t *testing.T) {
	t.Parallel()
	converters := newCodec(t, key("a", 'a')).ForClient()
	failure := converters.Failure.ErrorToFailure(temporal.NewApplicationError("app Cloudflare Access", "Refused", "Cloudflare Access"))
	raw, err := proto.Marshal(failure)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, []byte("Cloudflare")) {
		t.Errorf("something can be read of %q", raw)
	}
	if got := converters.Failure.FailureToError(failure).Error(); !strings.Contains(got, "app Cloudflare Access") {
		t.Errorf("with the key the failure reads %q", got)
	}
}

func TestForWorker_MissingKey_BlocksAWorkflowAndFailsAnActivity(t *testing.T) {
	t.Parallel()
	encrypted, err := newCodec(t, key("old", 'o')).ForClient().Data.ToPayloads("text")
	if err != nil {
		t.Fatal(err)
	}
	data := newCodec(t).ForWorker(false).Data
	var text string
	if err := data.FromPayloads(encrypted, &text); !codec.Unreadable(err) {
		t.Errorf("an activity gets the error %v", err)
	}
	defer func() {
		if told, _ := recover().(error); !codec.Unreadable(told) {
			t.Errorf("a workflow gets the panic %v", told)
		}
	}()
	_ = data.(workflow.ContextAware).WithWorkflowContext(nil).FromPayloads(encrypted, &text)
}

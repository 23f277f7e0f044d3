package codec

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	commonpb "go.temporal.io/api/common/v1"
)

// keyLine is a line of a file of keys.
func keyLine(id string) string {
	return id + ":" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat(id[:1], keyBytes))) + "\n"
}

// followed is a codec that follows a file, with what it was told is wrong with it.
func followed(t *testing.T, every time.Duration, lines ...string) (with *Codec, write func(lines ...string), told *[]error) {
	t.Helper()
	path, written := filepath.Join(t.TempDir(), "keys"), 0
	write = func(lines ...string) {
		t.Helper()
		written++
		err := os.WriteFile(path, []byte(strings.Join(lines, "")), 0o600)
		if err == nil { // two changes within a tick of the file system's clock must not look alike
			err = os.Chtimes(path, time.Time{}, time.Now().Add(time.Duration(written)*time.Second))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write(lines...)
	keys, err := ReadFile(path)
	if err == nil {
		with, err = New(keys)
	}
	if err != nil {
		t.Fatal(err)
	}
	told = &[]error{}
	with.follow([]string{path}, func(err error) { *told = append(*told, err) }, every)
	return with, write, told
}

func encrypted(t *testing.T, with *Codec) *commonpb.Payload {
	t.Helper()
	encoded, err := with.Encode([]*commonpb.Payload{{Data: []byte("text")}})
	if err != nil {
		t.Fatal(err)
	}
	return encoded[0]
}

func wantKey(t *testing.T, with *Codec, want string) {
	t.Helper()
	if id := string(encrypted(t, with).GetMetadata()[MetadataKeyID]); id != want {
		t.Errorf("key %q encrypts, want %q", id, want)
	}
}

func TestFollow_FileChanges_TheFirstKeyEncryptsAndTheOldOneDecrypts(t *testing.T) {
	t.Parallel()
	with, write, told := followed(t, 0, keyLine("old"))
	before := encrypted(t, with)
	write(keyLine("old"), keyLine("new"))
	wantKey(t, with, "old")
	write(keyLine("new"))
	wantKey(t, with, "new")
	if _, err := with.Decode([]*commonpb.Payload{before, encrypted(t, with)}); err != nil {
		t.Error(err)
	}
	write("not a key\n")
	wantKey(t, with, "new")
	if len(*told) != 1 || !strings.Contains((*told)[0].Error(), "line 1") {
		t.Errorf("told %v", *told)
	}
	wantKey(t, with, "new")
	if len(*told) != 1 {
		t.Errorf("told again: %v", *told)
	}
}

// TestFollow_UnknownKey_IsLookedForAtOnce, however lately the files were looked at.
func TestFollow_UnknownKey_IsLookedForAtOnce(t *testing.T) {
	t.Parallel()
	with, write, _ := followed(t, time.Hour, keyLine("old"))
	other, _, _ := followed(t, time.Hour, keyLine("new"))
	payload := []*commonpb.Payload{encrypted(t, other)}
	var unknown *UnknownKeyError
	if _, err := with.Decode(payload); !errors.As(err, &unknown) {
		t.Errorf("got %v", err)
	}
	write(keyLine("old"), keyLine("new"))
	wantKey(t, with, "old") // it isn't time to look yet
	if _, err := with.Decode(payload); err != nil {
		t.Error(err)
	}
}

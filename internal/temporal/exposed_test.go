package temporal_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accessbridge/accessbridge/internal/temporal"
)

// TestExposed warns of the file that holds the credentials, wherever it is found.
func TestExposed(t *testing.T) {
	t.Parallel()
	file := func(content string, mode os.FileMode) string {
		path := filepath.Join(t.TempDir(), "temporal.toml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	const keyed, open = "[profile.cloud]\napi_key = \"s3cret\"\n", "[profile.default]\naddress = \"localhost:7233\"\n"
	private, groups, everyones, plain := file(keyed, 0o600), file(keyed, 0o640), file(keyed, 0o644), file(open, 0o644)
	header, inline := file("[profile.default.grpc_meta]\nAuthorization = \"s3cret\"\n", 0o604), file("[profile.default.tls]\nclient_key_data = \"s3cret\"\n", 0o640)
	key := file("s3cret", 0o644)
	const holds = "which holds credentials of Temporal's"
	for name, test := range map[string]struct {
		options temporal.Options
		want    []string
	}{
		"its owner's":   {temporal.Options{ConfigFile: private, Environment: variables{}}, nil},
		"nothing in it": {temporal.Options{ConfigFile: plain, Environment: variables{}}, nil},
		"not there":     {temporal.Options{ConfigFile: private + "x", Environment: variables{}}, nil},
		"its group":     {temporal.Options{ConfigFile: groups, Environment: variables{}}, []string{"the group of " + groups + " can read it, " + holds + "; run: chmod g-r " + groups}},
		"everyone":      {temporal.Options{Environment: variables{"TEMPORAL_CONFIG_FILE": everyones}}, []string{"every user of the machine can read " + everyones + ", " + holds + "; run: chmod go-r " + everyones}},
		"a header":      {temporal.Options{ConfigFile: header, Environment: variables{}}, []string{"every user of the machine can read " + header + ", " + holds + "; run: chmod o-r " + header}},
		"the key in it": {temporal.Options{ConfigFile: inline, Environment: variables{}}, []string{"the group of " + inline + " can read it, " + holds + "; run: chmod g-r " + inline}},
		"the key's file": {
			temporal.Options{ConfigFile: plain, Environment: variables{"TEMPORAL_TLS_CLIENT_KEY_PATH": key}},
			[]string{"every user of the machine can read " + key + ", which holds the private key of Temporal's client; run: chmod go-r " + key},
		},
	} {
		if diff := cmp.Diff(test.want, temporal.Exposed(test.options)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

package config_test

import (
	"encoding/base64"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/accessbridge/accessbridge/internal/config"
)

// keyValue is a key as a configuration writes it.
var keyValue = base64.StdEncoding.EncodeToString([]byte("a key that nobody else may see!!"))

// ids are the IDs of a configuration's keys, in their order.
func ids(loaded config.Config) string {
	var all []string
	for _, key := range loaded.EncryptionKeys {
		all = append(all, key.ID)
	}
	return strings.Join(all, " ")
}

func TestLoad_ReadsEncryptionKeysFromEverywhere(t *testing.T) {
	t.Parallel()
	two, one := write(t, "two", "new:"+keyValue+"\nold:"+keyValue+"\n"), write(t, "one", "older:"+keyValue+"\n")
	for name, test := range map[string]struct {
		text      string
		environ   []string
		arguments []string
		want      string
	}{
		"none":                   {least, nil, nil, ""},
		"list of files":          {least + "encryption: {key_files: [" + two + ", " + one + "]}\n", nil, nil, "new old older"},
		"one file":               {least + "encryption: {key_files: " + one + "}\n", nil, nil, "older"},
		"list of keys":           {least + "encryption: {keys: ['a:" + keyValue + "', 'b:" + keyValue + "']}\n", nil, nil, "a b"},
		"variable of files":      {least, []string{"ACCESSBRIDGE_ENCRYPTION_KEY_FILES=" + one + "," + two}, nil, "older new old"},
		"variable of keys":       {least, []string{"ACCESSBRIDGE_ENCRYPTION_KEYS=a:" + keyValue + ", b:" + keyValue}, nil, "a b"},
		"flag over the variable": {least, []string{"ACCESSBRIDGE_ENCRYPTION_KEY_FILES=" + two}, []string{"--encryption-key-files", one}, "older"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := ids(mustLoad(t, test.text, test.environ, test.arguments...)); got != test.want {
				t.Errorf("the keys are %q, want %q", got, test.want)
			}
		})
	}
}

func TestLoad_WarnsOfKeysThatEverybodyCanRead(t *testing.T) {
	t.Parallel()
	file := write(t, "keys", "a:"+keyValue+"\n")
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	want := []string{"every user of the machine can read " + file + ", which encryption.key_files names; run: chmod go-r " + file}
	if diff := cmp.Diff(want, mustLoad(t, least, nil, "--encryption-key-files", file).Warnings); diff != "" {
		t.Error(diff)
	}
}

func TestLoad_FaultsOfKeysAreAllToldAndShowNothing(t *testing.T) {
	t.Parallel()
	text := least + "encryption: {key_files: [/nowhere], keys: ['a:" + keyValue + "x', 5]}\n"
	_, err := load(t, text, nil)
	for _, part := range []string{"2 faults", "/nowhere can't be read: no such file or directory", "encryption.keys: entry 2 is a number"} {
		if err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("the error doesn't say %s: %v", part, err)
		}
	}
	for name, text := range map[string]string{
		"no base64": "keys: ['a:" + keyValue + "!']", "twice": "keys: ['a:" + keyValue + "', 'a:" + keyValue + "']", "no ID": "keys: " + keyValue,
	} {
		_, err := load(t, least+"encryption: {"+text+"}\n", nil)
		var faults config.Faults
		if !errors.As(err, &faults) || faults[0].Key != "encryption.keys" || strings.Contains(err.Error(), keyValue[:8]) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// loadCodecServer is load for a codec server that has a key.
func loadCodecServer(t *testing.T, arguments ...string) (config.Config, error) {
	t.Helper()
	flags := pflag.NewFlagSet("codec-server", pflag.ContinueOnError)
	config.AddCodecServerFlags(flags)
	if err := flags.Parse(arguments); err != nil {
		t.Fatal(err)
	}
	return config.LoadCodecServer(flags, []string{"ACCESSBRIDGE_ENCRYPTION_KEYS=a:" + keyValue})
}

func TestLoadCodecServer_NeedsNoCredentials(t *testing.T) {
	t.Parallel()
	loaded, err := loadCodecServer(t, "--token-file", write(t, "token", "t0ken-of-16-chars\n"))
	if err != nil {
		t.Fatal(err)
	}
	own := loaded.CodecServer
	if own.Listen != "127.0.0.1:8081" || own.Token.Reveal() != "t0ken-of-16-chars" || own.Certificate != nil || cmp.Diff([]string{"http://localhost:8233"}, own.UIOrigins) != "" {
		t.Errorf("the codec server is %+v", own)
	}
}

func TestLoadCodecServer_FindsEachFault(t *testing.T) {
	t.Parallel()
	token := write(t, "token", "t0ken-of-16-chars")
	for name, test := range map[string]struct {
		arguments []string
		want      []string
	}{
		"beyond this machine": {[]string{"--listen", ":8081"}, []string{"codec_server.token: is missing", "codec_server.tls_cert_file: is missing"}},
		"without TLS":         {[]string{"--listen", "0.0.0.0:8081", "--token-file", token}, []string{"has a fault", "codec_server.tls_cert_file: is missing"}},
		"token of 15 characters": {
			[]string{"--token-file", write(t, "short", "t0ken-of-15-cha\n")},
			[]string{"codec_server.token_file: holds a token of fewer than 16 characters", "openssl rand -hex 24"},
		},
		"certificate alone": {[]string{"--tls-cert-file", token}, []string{"codec_server.tls_key_file: is missing"}},
		"private key alone": {[]string{"--tls-key-file", token}, []string{"codec_server.tls_cert_file: is missing"}},
		"certificate alone, beyond this machine": {
			[]string{"--listen", ":8081", "--token-file", token, "--tls-cert-file", token}, []string{"has a fault", "codec_server.tls_key_file: is missing"},
		},
		"wrong token file, beyond this machine": {
			[]string{"--listen", ":8081", "--token-file", "/nowhere"}, []string{"has 2 faults", "token_file: /nowhere can't be read", "tls_cert_file: is missing"},
		},
		"every wrong origin":    {[]string{"--ui-origins", "*,http://ui.example"}, []string{`has "*"`, `has "http://ui.example"`}},
		"no certificate":        {[]string{"--tls-cert-file", token, "--tls-key-file", token}, []string{"hold no certificate with its private key"}},
		"origin with a path":    {[]string{"--ui-origins", "https://ui.example/"}, []string{`codec_server.ui_origins: has "https://ui.example/"`}},
		"origin without TLS":    {[]string{"--ui-origins", "http://ui.example"}, []string{"beyond this machine it must be https"}},
		"every origin":          {[]string{"--ui-origins", "*"}, []string{`codec_server.ui_origins: has "*"`}},
		"file that isn't there": {[]string{"--token-file", "/nowhere"}, []string{"codec_server.token_file: /nowhere can't be read"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := loadCodecServer(t, test.arguments...)
			for _, want := range test.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("the error doesn't say %s: %v", want, err)
				}
			}
		})
	}
}

func TestLoad_EncryptionRequired(t *testing.T) {
	t.Parallel()
	keyed := "encryption: {keys: ['a:" + keyValue + "']"
	for name, test := range map[string]struct {
		text      string
		environ   []string
		arguments []string
		want      bool
	}{
		"by default":  {least + keyed + "}\n", nil, nil, false},
		"in the file": {least + keyed + ", required: true}\n", nil, nil, true},
		"as a text":   {least + keyed + ", required: 'true'}\n", nil, nil, true},
		"variable":    {least + keyed + "}\n", []string{"ACCESSBRIDGE_ENCRYPTION_REQUIRED=true"}, nil, true},
		"flag":        {least + keyed + "}\n", nil, []string{"--encryption-required"}, true},
		"taken back":  {least + keyed + ", required: true}\n", nil, []string{"--encryption-required=false"}, false},
	} {
		if got := mustLoad(t, test.text, test.environ, test.arguments...).EncryptionRequired; got != test.want {
			t.Errorf("%s: it is %v", name, got)
		}
	}
	for name, test := range map[string]struct{ text, want string }{
		"without keys":  {least + "encryption: {required: true}\n", "encryption.required: is true, but there are no keys"},
		"another word":  {least + keyed + ", required: yes please}\n", "encryption.required: is no word for yes or no"},
		"not a boolean": {least + keyed + ", required: 1}\n", "encryption.required: is"},
	} {
		if _, err := load(t, test.text, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
}

package config_test

import (
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// openssl makes a random text as the messages say to; where there is no openssl, as it would.
func openssl(t *testing.T, form string, bytes int) string {
	t.Helper()
	made, err := exec.Command("openssl", "rand", "-"+form, strconv.Itoa(bytes)).Output()
	if errors.Is(err, exec.ErrNotFound) {
		random := make([]byte, bytes)
		_, _ = rand.Read(random) // never fails
		return map[string]string{"base64": base64.StdEncoding.EncodeToString(random), "hex": hex.EncodeToString(random)}[form]
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(made))
}

// pair writes a certificate and its private key into files.
func pair(t *testing.T) (certificate, key string) {
	t.Helper()
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	own := server.TLS.Certificates[0]
	private, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	file := func(name, kind string, content []byte) string {
		return write(t, name, string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content})))
	}
	return file("cert.pem", "CERTIFICATE", own.Certificate[0]), file("key.pem", "PRIVATE KEY", private)
}

// encryptionAdvice is about keys, which the worker, the codec server and the starter read alike.
func encryptionAdvice(t *testing.T) []advised {
	key := openssl(t, "base64", 32)
	keys := func(list string) settings { return inFile("encryption: {keys: [" + list + "]}\n") }
	file := func(content string) settings { return byFlags("--encryption-key-files", write(t, "keys", content)) }
	return []advised{
		{advice: "it must be ID:BASE64, such as 2026-11: and what `openssl rand -base64 32` prints", wrong: keys(key), ways: []settings{keys("'2026-11:" + key + "'")}},
		{
			advice: "must be letters, digits, dots, hyphens and underscores, at most 64",
			wrong:  keys("'my key:" + key + "'"), ways: []settings{keys("'my-key_1.0:" + key + "'"), keys("'" + strings.Repeat("k", 64) + ":" + key + "'")},
		},
		{advice: "make one with: openssl rand -base64 32", wrong: keys("'a:secret'"), ways: []settings{keys("'a:" + key + "'")}},
		{advice: "make one with: openssl rand -base64 32", wrong: keys("'a:c2hvcnQ='"), ways: []settings{keys("'a:" + key + "'")}},
		{advice: "write a line ID:BASE64 into it", wrong: file("# none yet\n"), ways: []settings{file("# none yet\na:" + key + "\n")}},
		{
			advice: "an ID names one key for ever: give the newer key another",
			wrong:  keys("'a:" + key + "', 'a:" + keyValue + "'"), ways: []settings{keys("'b:" + key + "', 'a:" + keyValue + "'")},
		},
		{
			advice: "leave one of them out", wrong: inFile("encryption: {keys: ['a:" + key + "'], key_files: " + write(t, "keys", "b:"+key+"\n") + "}\n"),
			ways: []settings{keys("'a:" + key + "'"), file("b:" + key + "\n")},
		},
		{advice: "it must be a text", wrong: keys("5"), ways: []settings{keys("'a:" + key + "'")}},
		{
			advice: "it must be true or false", wrong: inFile("encryption: {keys: ['a:" + key + "'], required: maybe}\n"),
			ways: []settings{inFile("encryption: {keys: ['a:" + key + "'], required: true}\n"), inFile("encryption: {required: false}\n")},
		},
		{
			advice: "set encryption.key_files, or leave encryption.required out", wrong: inFile("encryption: {required: true}\n"),
			ways: []settings{inFile("encryption: {required: true, key_files: " + write(t, "keys", "a:"+key+"\n") + "}\n"), inFile("")},
		},
	}
}

// codecServerAdvice is about the codec server.
func codecServerAdvice(t *testing.T) []advised {
	environ := []string{"ACCESSBRIDGE_ENCRYPTION_KEYS=a:" + keyValue}
	started := func(arguments ...string) settings { return settings{environ: environ, arguments: arguments} }
	token := write(t, "token", openssl(t, "hex", 24))
	certificate, key := pair(t)
	secured := []string{"--token-file", token, "--tls-cert-file", certificate, "--tls-key-file", key}
	beyond := started(append(secured, "--listen", ":8081")...)
	return []advised{
		{advice: "set it: without keys there is nothing to decrypt with", codecServer: true, ways: []settings{started()}},
		{
			advice: "set codec_server.token_file, or listen on this machine alone", codecServer: true,
			wrong: started("--listen", ":8081", "--tls-cert-file", certificate, "--tls-key-file", key), ways: []settings{beyond, started("--listen", "127.0.0.1:8081")},
		},
		{
			advice: "set it and codec_server.tls_key_file, or listen on this machine alone", codecServer: true,
			wrong: started("--listen", ":8081", "--token-file", token), ways: []settings{beyond, started("--listen", "localhost:8081", "--token-file", token)},
		},
		{advice: "set it too: codec_server.tls_key_file needs its certificate", codecServer: true, wrong: started("--tls-key-file", key), ways: []settings{started(secured...)}},
		{advice: "set it too: codec_server.tls_cert_file needs its private key", codecServer: true, wrong: started("--tls-cert-file", certificate), ways: []settings{started(secured...)}},
		{
			advice: "make one with: openssl rand -hex 24", codecServer: true,
			wrong: started("--token-file", write(t, "short", "t0ken")), ways: []settings{started("--token-file", token)},
		},
		{
			advice: "an origin is scheme, host and port and nothing else, such as https://temporal.example.com", codecServer: true,
			wrong: started("--ui-origins", "temporal.example.com"), ways: []settings{started("--ui-origins", "https://temporal.example.com")},
		},
		{
			advice: "beyond this machine it must be https", codecServer: true,
			wrong: started("--ui-origins", "http://temporal.example.com"), ways: []settings{started("--ui-origins", "https://temporal.example.com")},
		},
	}
}

// TestAdvice_OfExposedFiles_IsDone runs the command that each warning names.
func TestAdvice_OfExposedFiles_IsDone(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		advice string
		mode   os.FileMode
	}{
		{advice: "run: chmod g-r ", mode: 0o640},
		{advice: "run: chmod go-r ", mode: 0o644},
		{advice: "run: chmod o-r ", mode: 0o604},
	} {
		file := write(t, "keys", "a:"+keyValue+"\n")
		if err := os.Chmod(file, row.mode); err != nil {
			t.Fatal(err)
		}
		warnings := mustLoad(t, least, nil, "--encryption-key-files", file).Warnings
		_, command, found := strings.Cut(strings.Join(warnings, "\n"), row.advice)
		if len(warnings) != 1 || !found {
			t.Fatalf("with mode %o the warnings are %q", row.mode, warnings)
		}
		words := strings.Fields(strings.TrimPrefix(row.advice, "run: ") + command)
		if output, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v", output, err)
		}
		if warnings := mustLoad(t, least, nil, "--encryption-key-files", file).Warnings; len(warnings) != 0 {
			t.Errorf("what the advice says was done, and yet: %q", warnings)
		}
	}
}

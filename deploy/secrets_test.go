package deploy_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// makeSecrets runs the script in a directory that is like the repository, and returns what it says.
func makeSecrets(t *testing.T, directory, input string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(directory, "deploy"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(directory, "docker-compose.yml"), read(t, "../docker-compose.yml"))
	script := filepath.Join(directory, "deploy/secrets.sh")
	write(t, script, read(t, "secrets.sh"))
	command := exec.CommandContext(t.Context(), "sh", script)
	command.Stdin = strings.NewReader(input)
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return string(said)
}

func TestSecrets_AreMadeOnceAndReadableByTheirUsersOnly(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	said := makeSecrets(t, directory, "okta-token\ncloudflare-token\n")
	if strings.Contains(said, "okta-token") || strings.Contains(said, "cloudflare-token") {
		t.Errorf("a token is shown: %s", said)
	}
	made := map[string]string{}
	for name, mode := range map[string]fs.FileMode{"": 0o700, "postgres_password": 0o444, "okta_acme_token": 0o400, "cloudflare_acme_token": 0o400} {
		file := filepath.Join(directory, "deploy/secrets", name)
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != mode {
			t.Fatalf("%s: %v, %v", file, info, err)
		}
		if name != "" {
			made[name] = read(t, file)
		}
	}
	if made["okta_acme_token"] != "okta-token\n" || made["cloudflare_acme_token"] != "cloudflare-token\n" || len(made["postgres_password"]) < 32 {
		t.Errorf("the secrets are %q", made)
	}
	makeSecrets(t, directory, "another\nanother\n")
	for name, was := range made {
		if is := read(t, filepath.Join(directory, "deploy/secrets", name)); is != was {
			t.Errorf("%s was %q and is %q", name, was, is)
		}
	}
	variables, err := os.ReadFile(filepath.Join(directory, ".env"))
	if count := strings.Count(string(variables), "ACCESSBRIDGE_UID="); (os.Getuid() == 0) != (err != nil) || (err == nil && count != 1) {
		t.Errorf("the variables are %q, %v", variables, err)
	}
}

func TestSecrets_OfTheSandboxNeedNoToken(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	said := makeSecrets(t, directory, "")
	for _, token := range []string{"okta_acme_token", "cloudflare_acme_token"} {
		if _, err := os.Stat(filepath.Join(directory, "deploy/secrets", token)); err == nil || !strings.Contains(said, "left out deploy/secrets/"+token) {
			t.Errorf("%s was made: %s", token, said)
		}
	}
	if read(t, filepath.Join(directory, "deploy/secrets/postgres_password")) == "" {
		t.Error("there is no password of the database")
	}
}

// TestSecrets_AreAllMade holds the script against what the containers need.
func TestSecrets_AreAllMade(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	makeSecrets(t, directory, strings.Repeat("token\n", 9))
	for name := range project(t, "*").Secrets {
		if _, err := os.Stat(filepath.Join(directory, "deploy/secrets", name)); err != nil {
			t.Errorf("%s isn't made: %v", name, err)
		}
	}
}

package deploy_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/accessbridge/accessbridge/internal/config"
)

// loadConfig loads a configuration as the worker does, with the flags of its command line and its variables. The directory where
// the deployment puts the secrets is replaced by one that has them.
func loadConfig(t *testing.T, file, directory string, arguments, environ []string) config.Config {
	t.Helper()
	return loadText(t, read(t, file), directory, arguments, environ)
}

func loadText(t *testing.T, text, directory string, arguments, environ []string) config.Config {
	t.Helper()
	secrets := t.TempDir()
	for _, name := range []string{"okta_acme_token", "cloudflare_acme_token"} {
		write(t, filepath.Join(secrets, name), "token\n")
	}
	copied := filepath.Join(secrets, "worker.yaml")
	write(t, copied, strings.ReplaceAll(text, directory, secrets+"/"))
	flags := pflag.NewFlagSet("worker", pflag.ContinueOnError)
	config.AddFlags(flags)
	if err := flags.Parse(append(arguments, "--config", copied)); err != nil {
		t.Fatalf("the worker has no such flags: %v", err)
	}
	loaded, err := config.Load(flags, environ)
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

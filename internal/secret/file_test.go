package secret_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/secret"
)

// TestExposed_CredentialOfAService is not warned of: systemd keeps it from others, whatever its mode says.
func TestExposed_CredentialOfAService(t *testing.T) {
	credentials, elsewhere := t.TempDir(), t.TempDir()
	t.Setenv("CREDENTIALS_DIRECTORY", credentials)
	for directory, want := range map[string]string{credentials: "", elsewhere: "the group of "} {
		file := filepath.Join(directory, "token")
		if err := os.WriteFile(file, []byte("t"), 0o440); err != nil {
			t.Fatal(err)
		}
		if got := secret.Exposed(file, "which holds a token"); !strings.HasPrefix(got, want) || (want == "") != (got == "") {
			t.Errorf("%s: the warning is %q", file, got)
		}
	}
}

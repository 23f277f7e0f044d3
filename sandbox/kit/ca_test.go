package kit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCA_WritesItsCertificateAndOnlyThat(t *testing.T) {
	t.Parallel()
	ca, err := NewCA()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "folder", "ca.pem")
	if err := ca.WritePEM(path); err != nil {
		t.Fatal(err)
	}
	written, _ := os.ReadFile(path)
	if !ca.Pool().Equal(ca.Pool()) || strings.Contains(string(written), "PRIVATE") || string(written) != string(ca.PEM()) {
		t.Errorf("got %s", written)
	}
}

package secret_test

import (
	"strings"
	"testing"

	"github.com/accessbridge/accessbridge/internal/secret"
)

func TestFingerprint(t *testing.T) {
	t.Parallel()
	one := secret.New("00group-lookup-token").Fingerprint()
	if len(one) != 12 || one != secret.New("00group-lookup-token").Fingerprint() || one == secret.New("00group-lookup-tokeN").Fingerprint() {
		t.Errorf("the fingerprint is %q", one)
	}
	if none := (secret.Secret{}).Fingerprint(); none != "" || strings.Contains(one, "00gr") {
		t.Errorf("the fingerprint of nothing is %q", none)
	}
}

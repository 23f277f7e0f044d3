package secret_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/internal/secret"
)

func TestShownPath_ShowsWhatLooksLikeAPath(t *testing.T) {
	t.Parallel()
	for path, shown := range map[string]bool{
		"/run/secrets/token": true, "token.txt": true, "../token": true, "./token": true,
		"00aSecretTokenOfAnOktaOrganisation_x-y1234": false, "2026-11:ZCxJte5C/9Kj3w+abcdefghijklmnopqrstuvwxyz0=": false, "token": false,
	} {
		if got := secret.ShownPath(path) == path; got != shown {
			t.Errorf("%q is shown: %v, want %v", path, got, shown)
		}
	}
}

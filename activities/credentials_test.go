package activities

import (
	"testing"
	"time"

	"github.com/accessbridge/accessbridge/internal/okta"
)

// TestRecentSecrets_Forget what is old, and what Okta didn't accept: it may have been replaced.
func TestRecentSecrets_Forget(t *testing.T) {
	t.Parallel()
	var secrets recentSecrets
	keep := func(appID string, age time.Duration) {
		secrets.keep(appID, okta.ClientSecret{ID: "of " + appID})
		secrets.read[appID] = readSecret{secrets.read[appID].ClientSecret, time.Now().Add(-age)}
	}
	keep("fresh", recent/2)
	keep("old", 2*recent)
	if found, kept := secrets.of("fresh"); !kept || found.ID != "of fresh" {
		t.Errorf("the fresh one is %v %v", found.ID, kept)
	}
	if _, kept := secrets.of("old"); kept {
		t.Error("an old one is used again")
	}
	secrets.keep("another", okta.ClientSecret{})
	if _, held := secrets.read["old"]; held {
		t.Error("an old one is held in memory")
	}
	if secrets.forget("fresh"); len(secrets.read) != 1 {
		t.Errorf("%d are held", len(secrets.read))
	}
	if _, kept := secrets.of("never read"); kept {
		t.Error("there is one that was never read")
	}
}

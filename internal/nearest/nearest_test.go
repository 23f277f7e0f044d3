package nearest_test

import (
	"testing"

	"github.com/accessbridge/accessbridge/internal/nearest"
)

func TestName(t *testing.T) {
	t.Parallel()
	known := []string{"name", "okta", "org", "app_label", "assign_groups"}
	for word, want := range map[string]string{
		"assign_group": "assign_groups", "assignGroups": "assign_groups", "aplabel": "app_label", "nmae": "", "nam": "name", "namee": "name",
		"Okta": "okta", "zebra": "", "": "", "or": "",
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			if got := nearest.Name(word, known); got != want {
				t.Errorf("Name(%q) = %q, want %q", word, got, want)
			}
		})
	}
}

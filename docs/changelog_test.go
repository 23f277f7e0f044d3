package docs_test

import (
	"regexp"
	"slices"
	"testing"
)

func TestChangelog_HasTheFormOfKeepAChangelog(t *testing.T) {
	t.Parallel()
	text := read(t, "CHANGELOG.md")
	versions := regexp.MustCompile(`(?m)^## (.*)$`).FindAllStringSubmatch(text, -1)
	if len(versions) == 0 || versions[0][1] != "[Unreleased]" {
		t.Fatalf("the first section isn't [Unreleased]: %q", versions)
	}
	for _, version := range versions[1:] {
		if !regexp.MustCompile(`^\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}$`).MatchString(version[1]) {
			t.Errorf("the section %q is no version with its date", version[1])
		}
	}
	kinds := []string{"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
	for _, kind := range regexp.MustCompile(`(?m)^### (.*)$`).FindAllStringSubmatch(text, -1) {
		if !slices.Contains(kinds, kind[1]) {
			t.Errorf("%q is no kind of change: they are %v", kind[1], kinds)
		}
	}
}

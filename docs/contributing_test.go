package docs_test

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mapped are the first columns of the table under a heading of CONTRIBUTING.md.
func mapped(t *testing.T, heading string) []string {
	t.Helper()
	_, section, found := strings.Cut(read(t, "CONTRIBUTING.md"), "\n### "+heading+"\n")
	if !found {
		t.Fatalf("CONTRIBUTING.md has no section %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n#")
	var all []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| \\S.* \\|$").FindAllStringSubmatch(section, -1) {
		all = append(all, row[1])
	}
	return all
}

func TestContributing_MapsEveryFolderAndNoOther(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, entry := range entries {
		if entry.IsDir() && !slices.Contains(ignoredFolders(t), entry.Name()) {
			folders = append(folders, entry.Name())
		}
	}
	compare(t, "Folders", folders)
}

func TestContributing_MapsEveryPackageAndNoOther(t *testing.T) {
	t.Parallel()
	var packages []string
	walk(t, func(file string) {
		folder := path.Dir(file)
		if path.Ext(file) == ".go" && !strings.Contains(file, "/testdata/") && !slices.Contains(packages, folder) {
			packages = append(packages, folder)
		}
	})
	compare(t, "Packages", packages)
}

// compare holds a table of CONTRIBUTING.md against what there is.
func compare(t *testing.T, heading string, exist []string) {
	t.Helper()
	slices.Sort(exist)
	got := mapped(t, heading)
	if !slices.IsSorted(got) {
		t.Errorf("%s: the lines are not in the order of names", heading)
	}
	for _, name := range exist {
		if !slices.Contains(got, name) {
			t.Errorf("%s: add a line for %s to CONTRIBUTING.md", heading, name)
		}
	}
	for _, name := range got {
		if !slices.Contains(exist, name) {
			t.Errorf("%s: CONTRIBUTING.md has a line for %s, which isn't there", heading, name)
		}
	}
}

func TestCodeowners_NameWhatExists(t *testing.T) {
	t.Parallel()
	rules := regexp.MustCompile(`(?m)^/(\S+)\s+@\S+$`).FindAllStringSubmatch(read(t, ".github/CODEOWNERS"), -1)
	if len(rules) == 0 {
		t.Error("there is no rule for a path")
	}
	for _, rule := range rules {
		if _, err := os.Stat(path.Join(root, rule[1])); err != nil {
			t.Errorf("CODEOWNERS names %s, which isn't there", rule[1])
		}
	}
}

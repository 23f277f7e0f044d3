// Package docs has no code: its tests read what people read.
package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the repository, seen from this package.
const root = ".."

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// walk visits the repository's files, without those that are made or downloaded.
func walk(t *testing.T, visit func(file string)) {
	t.Helper()
	ignored := ignoredFolders(t)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		file, _ := filepath.Rel(root, path)
		switch {
		case entry.IsDir() && (slices.Contains(ignored, file) || entry.Name() == "node_modules"):
			return fs.SkipDir
		case !entry.IsDir():
			visit(filepath.ToSlash(file))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// ignoredFolders are the folders at the top that git doesn't keep.
func ignoredFolders(t *testing.T) []string {
	t.Helper()
	folders := []string{".git"}
	for _, match := range regexp.MustCompile(`(?m)^/(.+)/$`).FindAllStringSubmatch(read(t, ".gitignore"), -1) {
		folders = append(folders, match[1])
	}
	return folders
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	fenced  = regexp.MustCompile("(?ms)^ *```.*?^ *```")
)

func TestPages_LinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	checked := 0
	walk(t, func(file string) {
		if filepath.Ext(file) != ".md" {
			return
		}
		for _, match := range link.FindAllStringSubmatch(fenced.ReplaceAllString(read(t, file), ""), -1) {
			if !strings.Contains(match[1], "://") {
				checked++
				checkLink(t, file, match[1])
			}
		}
	})
	if checked == 0 {
		t.Error("no link was found")
	}
}

// checkLink checks that the target is a file, and has the heading that is named behind #.
func checkLink(t *testing.T, file, target string) {
	t.Helper()
	path, anchor, _ := strings.Cut(target, "#")
	page := file
	if path != "" {
		page = filepath.Join(filepath.Dir(file), path)
	}
	if _, err := os.Stat(filepath.Join(root, page)); err != nil {
		t.Errorf("%s links to %s, which isn't there", file, target)
		return
	}
	if anchor != "" && !slices.Contains(anchors(read(t, page)), anchor) {
		t.Errorf("%s links to %s, but %s has no such heading", file, target, page)
	}
}

// anchors are the names that GitHub gives the headings of a page.
func anchors(page string) []string {
	var all []string
	for _, match := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(page, ""), -1) {
		name := regexp.MustCompile(`[^\p{L}\p{N}_\- ]`).ReplaceAllString(strings.ToLower(match[1]), "")
		all = append(all, strings.ReplaceAll(name, " ", "-"))
	}
	return all
}

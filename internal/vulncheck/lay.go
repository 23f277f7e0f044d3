package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// entry is what the index needs of an entry of the database, in the OSV format.
type entry struct {
	ID       string    `json:"id"`
	Modified time.Time `json:"modified"`
	Aliases  []string  `json:"aliases"`
	Affected []struct {
		Package struct {
			Name string `json:"name"`
		} `json:"package"`
		Ranges []struct {
			Events []struct {
				Fixed string `json:"fixed"`
			} `json:"events"`
		} `json:"ranges"`
	} `json:"affected"`
}

// indexed is an entry in the index of all.
type indexed struct {
	ID       string    `json:"id"`
	Modified time.Time `json:"modified"`
	Aliases  []string  `json:"aliases,omitempty"`
}

// module is a module in the index of modules.
type module struct {
	Path            string          `json:"path"`
	Vulnerabilities []vulnerability `json:"vulns"`
}

type vulnerability struct {
	ID       string    `json:"id"`
	Modified time.Time `json:"modified"`
	// Fixed is the latest version in which it is fixed; "" where it is in none.
	Fixed string `json:"fixed,omitempty"`
}

// lay lays the entries of the database out as govulncheck reads them: https://go.dev/doc/security/vuln/database
func lay(entries fs.FS, folder string) error {
	names, err := fs.Glob(entries, "GO-*.json")
	if err != nil || len(names) == 0 {
		return fmt.Errorf("the vulnerability database has no entries (%v)", err)
	}
	for _, part := range []string{"ID", "index"} {
		if err := os.MkdirAll(filepath.Join(folder, part), 0o755); err != nil {
			return fmt.Errorf("lay out the vulnerability database: %w", err)
		}
	}
	var all []indexed
	modules := map[string]*module{}
	for _, name := range names {
		text, err := fs.ReadFile(entries, name)
		if err != nil {
			return fmt.Errorf("read %s of the vulnerability database: %w", name, err)
		}
		var read entry
		if err := json.Unmarshal(text, &read); err != nil {
			return fmt.Errorf("read %s of the vulnerability database: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, "ID", name), text, 0o644); err != nil {
			return fmt.Errorf("lay out the vulnerability database: %w", err)
		}
		all = append(all, indexed{read.ID, read.Modified, read.Aliases})
		read.addTo(modules)
	}
	sorted := slices.SortedFunc(maps.Values(modules), func(a, b *module) int { return cmp.Compare(a.Path, b.Path) })
	for name, index := range map[string]any{"db": map[string]any{"modified": time.Now().UTC()}, "vulns": all, "modules": sorted} {
		text, err := json.Marshal(index)
		if err != nil {
			return fmt.Errorf("write the index %s of the vulnerability database: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, "index", name+".json"), text, 0o644); err != nil {
			return fmt.Errorf("lay out the vulnerability database: %w", err)
		}
	}
	return nil
}

// addTo notes the entry at each module that it is about, once.
func (e entry) addTo(modules map[string]*module) {
	for _, affected := range e.Affected {
		path, fixed := affected.Package.Name, ""
		for _, each := range affected.Ranges {
			for _, event := range each.Events {
				fixed = cmp.Or(event.Fixed, fixed)
			}
		}
		if modules[path] == nil {
			modules[path] = &module{Path: path}
		}
		if all := modules[path].Vulnerabilities; len(all) == 0 || all[len(all)-1].ID != e.ID {
			modules[path].Vulnerabilities = append(all, vulnerability{e.ID, e.Modified, fixed})
		}
	}
}
